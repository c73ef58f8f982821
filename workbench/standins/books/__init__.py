"""Acumulus, played on this machine."""

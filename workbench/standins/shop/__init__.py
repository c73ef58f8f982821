"""Mijnwebwinkel, played on this machine."""

"""Measurements: they report, tests judge."""

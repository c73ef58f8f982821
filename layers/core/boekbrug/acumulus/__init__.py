"""The right edge: the Acumulus API."""

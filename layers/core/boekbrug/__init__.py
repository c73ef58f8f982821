"""Books the orders of Mijnwebwinkel shops into Acumulus: once, to the cent, and explained."""

VERSION = "0.1.0"
CONVERTER = VERSION
"""Which conversion made a booking; kept with it in the ledger."""

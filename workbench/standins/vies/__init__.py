"""The stand-in for VIES."""

"""VIES, the EU's service that knows which VAT numbers exist."""

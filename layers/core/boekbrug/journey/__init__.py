"""The journey of an order: the use cases, and the ports they need."""

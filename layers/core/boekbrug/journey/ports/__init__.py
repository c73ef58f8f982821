"""What the journey needs from outside; every port has a real adapter and an in-memory fake.

Fake and adapter pass the same suite in tests/contract. All times are aware UTC datetimes unless
said otherwise. Money is ``Decimal`` euro.
"""

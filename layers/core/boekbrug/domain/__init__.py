"""Pure values and rules: no clock, no network, no cloud."""

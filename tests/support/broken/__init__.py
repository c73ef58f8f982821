"""The whole journey on ports that fail as a plan says: killed, cut off, repeated, interleaved."""

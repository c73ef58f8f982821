"""What signed calls from outside need: the master secret, and what was done before."""

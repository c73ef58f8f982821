"""What a person who uses a stand-in did wrong, in one sentence."""


class StandInError(Exception):
    """When a stand-in cannot do what was asked: wrong file, port, switch, fault or change."""

"""Who may come into the portal now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A link that was mailed: for whom, where it leads, until when, and whether it was used."""

    email: str
    language: str
    leads_to: str
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in; ``until`` moves on while it is used."""

    email: str
    account_id: str
    started: datetime
    until: datetime


class Access(Protocol):
    """Who may come in now. Links and sessions are known by the hash of their token only.

    What is past its ``until`` may still be found: the caller compares. Raises ``RetryLater``.
    """

    def put_link(self, hashed: str, link: SignInLink) -> None: ...
    def link(self, hashed: str) -> SignInLink | None: ...

    def use_link(self, hashed: str) -> bool:
        """Once: false when it was used before, or is gone."""

    def put_session(self, hashed: str, session: Session) -> None:
        """Begin it, or go on with it in this form."""

    def session(self, hashed: str) -> Session | None: ...
    def end_session(self, hashed: str) -> None: ...

    def count(self, what: str, until: datetime) -> int:
        """One more of ``what`` (a limit and its time); returns how many there are now."""

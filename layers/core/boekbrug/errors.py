"""Every failure, named by what happens next.

BoekbrugError
├── RetryLater      not now, nothing was sent: the message goes back to the queue
├── NeedsOwner      the shop owner must choose or mend something: the order is held
├── NeedsOperator   the operator must mend something: alarm, the order is held
├── StopShop        credentials refused: the shop or administration pauses, one mail goes out
└── Unclear         sent, but the answer is unknown: never sent again by itself
"""

from pathlib import PurePath
from traceback import extract_tb
from typing import ClassVar


class BoekbrugError(Exception):
    """Base of all; ``code`` is stable and has an entry in docs/runbook.md.

    The text of an error never holds a token, a password, a URL with a query or customer data.
    """

    code: ClassVar[str] = "error"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code  # type: ignore[misc]  # narrowed per instance, e.g. by a remote answer


class RetryLater(BoekbrugError):
    """When it failed before anything was sent, or a read failed: safe to do again.

    ``after`` is the wait in seconds that the other side asked for, if it did.
    """

    code = "retry_later"

    def __init__(
        self, detail: str = "", *, code: str | None = None, after: int | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.after = after


class NeedsOwner(BoekbrugError):
    """When data or a choice of the owner was refused: held until something changes."""

    code = "needs_owner"


class NeedsOperator(BoekbrugError):
    """When our own set-up or code is wrong: held, and the operator is alarmed."""

    code = "needs_operator"


class StopShop(BoekbrugError):
    """When a shop token or a contract is refused: stop at once, nothing is retried."""

    code = "credentials_refused"


class Unclear(BoekbrugError):
    """When a post was sent and its answer is unknown: look it up, never post again blindly.

    ``busy`` when the other side may still be working on it.
    """

    code = "unclear"

    def __init__(self, detail: str = "", *, code: str | None = None, busy: bool = False) -> None:
        super().__init__(detail, code=code)
        self.busy = busy


def where(fault: BaseException) -> str:
    """Kind and place of an unexpected fault, without its text: that may hold customer data."""
    frames = extract_tb(fault.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"

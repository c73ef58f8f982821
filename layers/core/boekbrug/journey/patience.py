"""A read that fails for a moment -> tried again, for as long as somebody will wait for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from boekbrug.errors import RetryLater

NO_CONNECTION = frozenset({"shop_no_connection", "books_unreachable"})
"""Nobody answers at that address: waiting for it hardly ever helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one read may take, in ``seconds``, its waits and further tries included.

    A wait that the other side asked for comes before our own ``waits``. ``tell`` hears why there
    is a wait, and its seconds. Without ``seconds`` there is no second try.
    """

    seconds: float = 0.0
    waits: tuple[float, ...] = (1.0, 3.0, 10.0, 20.0)
    tell: Callable[[RetryLater, float], None] = lambda _why, _seconds: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def read[T](self, once: Callable[[], T]) -> T:
        """What ``once`` gives; raises what it raises when patience has an end."""
        until = self.clock() + self.seconds
        for pause in self.waits:
            try:
                return once()
            except RetryLater as later:
                wait = pause if later.after is None else float(later.after)
                if later.code in NO_CONNECTION or self.clock() + wait > until:
                    raise
                self.tell(later, wait)
            self.sleep(wait)
        return once()


AT_ONCE = Patience()

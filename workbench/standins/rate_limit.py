"""Requests in, whether they come too fast out."""

import time
from collections import deque


class RateLimit:
    """Counts requests per key over the last second."""

    def __init__(self) -> None:
        self._recent: dict[str, deque[float]] = {}

    def exceeded(self, key: str, per_second: int) -> bool:
        """Whether this request is one too many; 0 per second is no limit."""
        if per_second <= 0:
            return False
        recent = self._recent.setdefault(key, deque())
        now = time.monotonic()
        while recent and recent[0] < now - 1:
            recent.popleft()
        if len(recent) >= per_second:
            return True
        recent.append(now)
        return False

"""Requests in, the faults that strike them out: by call, reference, count or seeded chance."""

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from random import Random
from typing import Any

from workbench.standins.errors import StandInError

CHANGE = "change"


@dataclass(slots=True)
class Fault:
    """One rule. Every condition that is given must hold; without any it strikes every request.

    ``nth`` and ``every`` count the requests that the other conditions let through, from 1.
    ``kind`` "change" answers normally and does ``change`` (a stand-in's change, see its docs)
    ``when`` "before" or "after" that request: an order that vanishes between two pages.
    """

    kind: str
    call: str = "*"
    reference: str | None = None  # an order number or description part, compared as a whole word
    scope: str | None = None  # store id of a shop, code of a contract
    nth: list[int] = field(default_factory=list)
    every: int = 0
    probability: float = 1.0
    seed: int = 0
    times: int | None = None
    seconds: float = 0.0
    retry_after: str | None = None  # a number of seconds, or "date" for an HTTP date in 1 s
    when: str = "after"
    change: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0
    _random: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 -- chance that repeats, not a secret
        if self.when not in {"before", "after"}:
            raise StandInError(f"a fault strikes 'before' or 'after', not {self.when!r}")
        if self.kind == CHANGE and not self.change:
            raise StandInError("a fault of kind 'change' needs the change to do")

    def strikes(self, call: str, references: str, scope: str) -> bool:
        """Whether it strikes this request; counts it."""
        if not self._meant_for(call, references, scope):
            return False
        self.seen += 1
        if self.times is not None and self.fired >= self.times:
            return False
        if not self._due():
            return False
        self.fired += 1
        return True

    def _meant_for(self, call: str, references: str, scope: str) -> bool:
        if self.call not in {"*", call} or self.scope not in {None, scope}:
            return False
        return self.reference is None or _has_word(references, self.reference)

    def _due(self) -> bool:
        if self.nth and self.seen not in self.nth:
            return False
        if self.every and self.seen % self.every:
            return False
        return self.probability >= 1 or self._random.random() < self.probability

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "_random"}


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


class Faults:
    """The faults of one stand-in; ``kinds`` are those it knows how to play."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = dict(kinds)
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, kind: str, **conditions: Any) -> Fault:
        """Add a rule, for example ``add("429", call="orders", times=1, retry_after="7")``."""
        if kind not in self.kinds:
            raise StandInError(f"unknown fault {kind!r}; there are: {', '.join(self.kinds)}")
        allowed = {each.name for each in fields(Fault)} - {"kind", "seen", "fired", "_random"}
        if unknown := sorted(set(conditions) - allowed):
            raise StandInError(f"unknown part of a fault: {', '.join(unknown)}")
        rule = Fault(kind, **conditions)
        with self._lock:
            self._rules.append(rule)
        return rule

    def striking(self, call: str, references: str, scope: str) -> list[Fault]:
        """The rules that strike this request, in the order in which they were added."""
        with self._lock:
            return [rule for rule in self._rules if rule.strikes(call, references, scope)]

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def as_list(self) -> list[dict[str, Any]]:
        with self._lock:
            return [rule.as_dict() for rule in self._rules]

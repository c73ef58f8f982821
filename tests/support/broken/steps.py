"""Ports whose every call is a step of the plan; pools of threads that need only one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, Self


class Killed(BaseException):
    """The process is gone: nothing it does after this has any effect."""


class Violated(AssertionError):
    """The promise is broken."""


@dataclass(frozen=True)
class Plan:
    """``strikes``: what happens at which call of a name; ``turns``: who goes on at each choice."""

    strikes: Mapping[tuple[str, int], str] = field(default_factory=dict)
    turns: Sequence[int] = ()


class Calls(Protocol):
    """Whoever decides what becomes of a call."""

    def call(self, name: str, real: Callable[..., Any], *args: Any, **options: Any) -> Any: ...


class Stepping:
    """A port whose every call is a step of the plan."""

    def __init__(self, machine: Calls, inner: Any) -> None:
        self._machine = machine
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return partial(self._machine.call, name, found) if callable(found) else found


@dataclass(frozen=True)
class Opening:
    """``Shops`` or ``Administrations``: what it opens is stepped through."""

    machine: Calls
    inner: Any

    def open(self, secret: Any, **options: Any) -> Any:
        return Stepping(self.machine, self.inner.open(secret, **options))

    def __getattr__(self, name: str) -> Any:
        return getattr(Stepping(self.machine, self.inner), name)


class Inline:
    """A pool of threads without threads: a greenlet cannot leave its thread."""

    def __init__(self, **_: object) -> None:
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was started."""

    def submit(self, work: Callable[..., Any], *args: Any) -> "Done":
        try:
            return Done(work(*args))
        except Exception as error:  # noqa: BLE001  # raised where the result is asked for
            return Done(error=error)

    def map(self, work: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
        return iter([work(value) for value in values])


@dataclass(frozen=True)
class Done:
    """What a future tells when it is done."""

    value: Any = None
    error: Exception | None = None

    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value

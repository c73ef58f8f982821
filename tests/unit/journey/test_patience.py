"""A read that fails for a moment is tried again, within a time that somebody will wait."""

from collections.abc import Callable

import pytest

from boekbrug.errors import BoekbrugError, RetryLater, StopShop
from boekbrug.journey.patience import AT_ONCE, Patience

BUSY = RetryLater("busy", code="shop_throttled")


class Line:
    """Someone who waits, and a server that gives these answers one after the other."""

    def __init__(self, *answers: BoekbrugError | str, seconds: float = 60, took: float = 0) -> None:
        self.answers = list(answers)
        self.took = took
        self.time = 0.0
        self.told: list[tuple[str, float]] = []
        self.patience = Patience(
            seconds=seconds,
            tell=lambda why, wait: self.told.append((why.detail, wait)),
            sleep=self._sleep,
            clock=lambda: self.time,
        )

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def once(self) -> str:
        self.time += self.took
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BoekbrugError):
            raise answer
        return answer


def test_a_moment_is_waited_for() -> None:
    """The waits grow, each is told, and the answer comes."""
    line = Line(BUSY, BUSY, "answer")

    assert line.patience.read(line.once) == "answer"
    assert line.told == [("busy", 1.0), ("busy", 3.0)]


def test_a_wait_that_is_asked_for_is_kept() -> None:
    """Retry-After comes before our own waits."""
    line = Line(RetryLater("busy", code="books_throttled", after=17), "answer")

    assert line.patience.read(line.once) == "answer"
    assert line.time == 17


@pytest.mark.parametrize(
    ("answer", "took", "longest"),
    [
        (BUSY, 0, 60),  # as often as there are waits
        (BUSY, 25, 85),  # a server that is slow as well: the last try began in time
        (RetryLater("busy", after=3600), 0, 0),
        (RetryLater("nobody there", code="shop_no_connection"), 0, 0),
        (RetryLater("nobody there", code="books_unreachable"), 0, 0),
        (StopShop("refused"), 0, 0),
    ],
)
def test_patience_has_an_end(answer: BoekbrugError, took: float, longest: float) -> None:
    """What lasts, what asks for too long, and what no waiting helps comes through as it is."""
    line = Line(answer, took=took)

    with pytest.raises(type(answer)) as caught:
        line.patience.read(line.once)
    assert caught.value is answer
    assert line.time <= longest


def test_without_patience_there_is_one_try() -> None:
    """A page that an owner looks at does not hang."""
    tries: list[Callable[[], str]] = []
    line = Line(BUSY, "answer")

    def once() -> str:
        tries.append(line.once)
        return line.once()

    with pytest.raises(RetryLater):
        AT_ONCE.read(once)
    assert len(tries) == 1

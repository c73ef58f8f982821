"""Order numbers -> the gaps between them. Pure."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

WIDEST_HOLE = 100


def gaps(numbers: Iterable[str]) -> Iterator[range]:
    """The numbers between those that are known, the highest gap first."""
    known = sorted({int(number) for number in numbers if number.isdecimal()}, reverse=True)
    for above, below in pairwise(known):
        if above - below > 1:
            yield range(below + 1, above)


def is_jump(gap: range) -> bool:
    """Whether a gap is too wide for orders that are missing: the next number was set anew."""
    return len(gap) >= WIDEST_HOLE

"""Open points of the real systems as named choices, set in Python or over HTTP, never guessed."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from workbench.standins.errors import StandInError


class Switches:
    """Base of a dataclass whose fields are the switches; a wrong name or value is refused."""

    def __setattr__(self, name: str, value: Any) -> None:
        kinds = get_type_hints(type(self))
        if name not in kinds:
            raise StandInError(f"unknown switch {name!r}; there are: {', '.join(sorted(kinds))}")
        object.__setattr__(self, name, _checked(name, kinds[name], value))

    def set(self, changes: Mapping[str, Any]) -> Self:
        """Set several switches at once, or none when one of them is wrong."""
        before = self.as_dict()
        try:
            for name, value in changes.items():
                setattr(self, name, value)
        except StandInError:
            self._put(before)
            raise
        return self

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # every subclass is a dataclass

    def reset(self) -> None:
        self._put(type(self)().as_dict())

    def _put(self, values: Mapping[str, Any]) -> None:
        for name in (each.name for each in fields(self)):  # type: ignore[arg-type]  # as above
            setattr(self, name, values[name])


def _checked(name: str, kind: Any, value: Any) -> Any:
    if get_origin(kind) is Literal:
        choices = {str(choice): choice for choice in get_args(kind)}
        if str(value) not in choices:
            raise StandInError(
                f"switch {name!r} cannot be {value!r}; choose from: {', '.join(choices)}"
            )
        return choices[str(value)]
    wanted = get_origin(kind) or kind
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise StandInError(f"switch {name!r} must be of type {wanted.__name__}, not {value!r}")
    return value

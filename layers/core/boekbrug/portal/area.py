"""Pages by their addresses: one ``Area`` per module of pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from boekbrug.portal.visit import Answer

type PageFunction = Callable[..., Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and method.

    ``public``: without signing in. ``owner``: readers may not. ``nav`` is the lit menu item.
    """

    method: str
    path: str
    page: PageFunction
    public: bool = False
    owner: bool = False
    nav: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """The pages of one module. Values in ``<angle brackets>`` are handed to the function."""

    routes: list[Route] = field(default_factory=list)

    def get[Function: PageFunction](
        self, path: str, *, nav: str = "", owner: bool = False, public: bool = False
    ) -> Callable[[Function], Function]:
        """A page to look at: it changes nothing."""
        return self._adding(method="GET", path=path, nav=nav, owner=owner, public=public)

    def post[Function: PageFunction](
        self, path: str, *, nav: str = "", reader: bool = False, public: bool = False
    ) -> Callable[[Function], Function]:
        """A form that was sent: for owners, unless readers may too."""
        owner = not reader and not public
        return self._adding(method="POST", path=path, nav=nav, owner=owner, public=public)

    def _adding[Function: PageFunction](self, **parts: Any) -> Callable[[Function], Function]:
        def add(page: Function) -> Function:
            self.routes.append(Route(page=page, **parts))
            return page

        return add

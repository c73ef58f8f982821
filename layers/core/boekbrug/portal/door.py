"""A browser's request -> the page function for its address -> an answer with the right headers."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response

from boekbrug.errors import BoekbrugError, RetryLater, where
from boekbrug.journey.sign_in import signed_in
from boekbrug.portal import csrf
from boekbrug.portal.answers import error_page, html, response, static_answer
from boekbrug.portal.area import Route
from boekbrug.portal.pages import AREAS
from boekbrug.portal.request import (
    FLASH,
    GUEST,
    LANGUAGE,
    SESSION,
    Request,
    path_values,
    read_flash,
    read_request,
)
from boekbrug.portal.services import PortalServices
from boekbrug.portal.visit import (
    DUTCH,
    LANGUAGES,
    Answer,
    Flash,
    Guest,
    NoShopYet,
    NotAllowed,
    NotFound,
    Redirect,
    Visit,
)

log = logging.getLogger(__name__)

ROUTES = tuple(route for area in AREAS for route in area.routes)
SIGN_IN, NEXT = "/inloggen", "verder"


class Portal:
    """Answers the events of a Function URL."""

    def __init__(self, services: PortalServices) -> None:
        self._services = services
        self._resolver = LambdaFunctionUrlResolver()
        for route in ROUTES:
            methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
            self._resolver.route(route.path, methods)(self._page_of(route))
        self._resolver.get("/static/<name>")(static_answer)
        self._resolver.not_found(self._nowhere)

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The answer to one request."""
        return self._resolver.resolve(event, context)

    def _page_of(self, route: Route) -> Any:
        def answer(**values: str) -> Response[str | bytes]:
            return self._answered(self._request, route, path_values(values))

        return answer

    @property
    def _request(self) -> Request:
        return read_request(self._resolver.current_event.raw_event)

    def _nowhere(self, _: Exception) -> Response[str | bytes]:
        """Neither an address of ours, or only with another method."""
        request = self._request
        methods = {route.method for route in ROUTES if _matches(route, request.path)}
        guest = self._guest(request)
        if not methods:
            return html(request, error_page(guest, "not_found", 404), guest)
        answer = html(request, error_page(guest, "method", 405), guest)
        answer.headers["Allow"] = ", ".join(sorted(methods))
        return answer

    # ----------------------------------------------------------------- one request

    def _answered(
        self, request: Request, route: Route, values: Mapping[str, str]
    ) -> Response[str | bytes]:
        """Whatever happens, the visitor gets a page; of faults the log gets kind and place."""
        guest = self._guest(request)
        try:
            visitor = self._visit(request, guest) or guest
            return self._page(request, route, visitor, values)
        except RetryLater as busy:
            log.warning("page not now", extra={"path": route.path, "why": busy.detail})
            return html(request, error_page(guest, "later", 503), guest)
        except Exception as fault:  # noqa: BLE001  # its text may hold customer data
            why = fault.detail if isinstance(fault, BoekbrugError) else where(fault)
            log.error("page failed", extra={"path": route.path, "why": why})  # noqa: TRY400  # as above
            reference = str(getattr(self._resolver.lambda_context, "aws_request_id", ""))
            sentence = guest.say("errors.fault_why", reference=reference)
            return html(request, error_page(guest, "fault", 500, why=sentence), guest)

    def _page(
        self, request: Request, route: Route, visitor: Guest, values: Mapping[str, str]
    ) -> Response[str | bytes]:
        try:
            answer = self._checked(request, route, visitor) or route.page(visitor, **values)
            return response(request, answer, visitor, route.nav)
        except NoShopYet:
            return response(request, Redirect("/koppelen"), visitor)
        except NotFound:
            return html(request, error_page(visitor, "not_found", 404), visitor)
        except NotAllowed as refused:
            why = visitor.say(refused.why)
            return html(request, error_page(visitor, "forbidden", 403, why=why), visitor)

    def _guest(self, request: Request) -> Guest:
        guest_token = request.cookies.get(GUEST) or secrets.token_urlsafe(24)
        wished = request.cookies.get(LANGUAGE, "")
        return Guest(
            services=self._services,
            path=request.path,
            query=request.query,
            form=request.form,
            language=wished if wished in LANGUAGES else DUTCH,
            browser=guest_token,
            portal_url=self._services.portal_url.rstrip("/") or f"https://{request.host}",
            leads_to=_leads_to(request),
            source=request.source,
            flash=read_flash(request.cookies.get(FLASH, "")),
        )

    def _visit(self, request: Request, guest: Guest) -> Visit | None:
        token = request.cookies.get(SESSION, "")
        known = signed_in(self._services.signing_in, token) if token else None
        if known is None:
            return None
        chosen = request.cookies.get(LANGUAGE, "") in LANGUAGES
        language = guest.language if chosen else known.account.language
        return Visit(
            **vars(guest) | {"browser": token, "language": language},
            account=known.account,
            email=known.session.email,
            role=known.role,
        )

    def _checked(self, request: Request, route: Route, guest: Guest) -> Answer | None:
        """Something else than the page, when the visitor may not have it (now)."""
        if not route.public and not isinstance(guest, Visit):
            return _to_sign_in(request, guest)
        if route.method == "POST":
            token = request.form.text(csrf.FIELD)
            if not request.is_ours or not csrf.is_token_for(guest.browser, token):
                raise NotAllowed("errors.stale")
        if route.owner and isinstance(guest, Visit) and not guest.is_owner:
            raise NotAllowed
        return None


def _to_sign_in(request: Request, guest: Guest) -> Redirect:
    """A form that was sent too late is not sent again by itself: the visitor begins anew."""
    leads_to = request.target if request.method != "POST" else "/"
    to = SIGN_IN if leads_to == "/" else f"{SIGN_IN}?{NEXT}={quote(leads_to)}"
    seen_before = SESSION in request.cookies
    return Redirect(to, flash=Flash.info(guest.say("sign_in.needed")) if seen_before else None)


def _leads_to(request: Request) -> str:
    """Where signing in leads: a page of ours that was asked for, and nowhere else."""
    wanted = request.form.text(NEXT) or request.query.text(NEXT)
    return wanted if is_page_of_ours(wanted) else "/"


def is_page_of_ours(address: str) -> bool:
    """A path (perhaps with a query) that a page answers to somebody who signed in."""
    if not re.fullmatch(r"/[!-\[\]-~]*", address) or address.startswith("//"):
        return False
    path = urlsplit(address).path
    return any(
        route.method == "GET" and not route.public and _matches(route, path) for route in ROUTES
    )


def _matches(route: Route, path: str) -> bool:
    return re.fullmatch(re.sub(r"<\w+>", "[^/]+", route.path), path) is not None

"""A browser's request -> the page function for its address -> an answer with the right headers."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie

from boekbrug.errors import BoekbrugError, RetryLater, where
from boekbrug.journey.sign_in import signed_in
from boekbrug.portal import csrf
from boekbrug.portal.area import Route
from boekbrug.portal.pages import AREAS
from boekbrug.portal.render import render
from boekbrug.portal.request import (
    FLASH,
    GUEST,
    LANGUAGE,
    SESSION,
    Request,
    cookie,
    flash_cookie,
    gone,
    path_values,
    read_flash,
    read_request,
)
from boekbrug.portal.services import PortalServices
from boekbrug.portal.static_files import static_file
from boekbrug.portal.visit import (
    DUTCH,
    LANGUAGES,
    Answer,
    Download,
    Flash,
    Guest,
    NoShopYet,
    NotAllowed,
    NotFound,
    Page,
    Redirect,
    Visit,
)

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
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
        self._resolver.get("/static/<name>")(_static)
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
            return _html(request, _error(guest, "not_found", 404), guest)
        answer = _html(request, _error(guest, "method", 405), guest)
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
            return _html(request, _error(guest, "later", 503), guest)
        except Exception as fault:  # noqa: BLE001  # its text may hold customer data
            why = fault.detail if isinstance(fault, BoekbrugError) else where(fault)
            log.error("page failed", extra={"path": route.path, "why": why})  # noqa: TRY400  # as above
            reference = str(getattr(self._resolver.lambda_context, "aws_request_id", ""))
            sentence = guest.say("errors.fault_why", reference=reference)
            return _html(request, _error(guest, "fault", 500, why=sentence), guest)

    def _page(
        self, request: Request, route: Route, visitor: Guest, values: Mapping[str, str]
    ) -> Response[str | bytes]:
        try:
            answer = self._checked(request, route, visitor) or route.page(visitor, **values)
            return _response(request, answer, visitor, route.nav)
        except NoShopYet:
            return _response(request, Redirect("/koppelen"), visitor)
        except NotFound:
            return _html(request, _error(visitor, "not_found", 404), visitor)
        except NotAllowed as refused:
            why = visitor.say(refused.why)
            return _html(request, _error(visitor, "forbidden", 403, why=why), visitor)

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


# --------------------------------------------------------------------------- answers


def _response(
    request: Request, answer: Answer, guest: Guest, nav: str = ""
) -> Response[str | bytes]:
    match answer:
        case Page():
            return _html(request, answer, guest, nav=nav)
        case Redirect():
            cookies = [*answer.cookies, *([flash_cookie(answer.flash)] if answer.flash else [])]
            return _plain(303, HTML, "", cookies, Location=answer.to)
        case Download():
            named = f'attachment; filename="{answer.name}"'
            return _plain(
                200, answer.content_type, answer.body, [], **{"Content-Disposition": named}
            )


def _html(request: Request, page: Page, guest: Guest, *, nav: str = "") -> Response[str | bytes]:
    body = render(page, guest, nav=nav)
    cookies = [gone(FLASH)] if guest.flash else []
    if not isinstance(guest, Visit) and request.cookies.get(GUEST) != guest.browser:
        cookies.append(cookie(GUEST, guest.browser))
    status = 422 if page.errors and page.status == 200 else page.status
    return _plain(status, HTML, "" if request.method == "HEAD" else body, cookies)


def _error(guest: Guest, name: str, status: int, *, why: str = "") -> Page:
    told = {"title": guest.say(f"errors.{name}"), "why": why or guest.say(f"errors.{name}_why")}
    return Page("error.html.j2", told, status=status)


def _static(name: str) -> Response[str | bytes]:
    found = static_file(name)
    if found is None:
        return _plain(404, "text/plain; charset=utf-8", "", [])
    kept = {"Cache-Control": FOR_EVER} if found.for_ever else {}
    return _plain(200, found.content_type, found.body, [], **kept)


def _plain(
    status: int, content_type: str, body: str | bytes, cookies: list[Cookie], **more: str
) -> Response[str | bytes]:
    return Response(
        status_code=status,
        content_type=content_type,
        body=body,
        headers=HEADERS | more,
        cookies=cookies,
        compress=bool(body),
    )

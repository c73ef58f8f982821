"""What a page answered -> the answer of the function: status, headers, cookies, body."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie

from boekbrug.portal.render import render
from boekbrug.portal.request import FLASH, GUEST, Request, cookie, flash_cookie, gone
from boekbrug.portal.static_files import static_file
from boekbrug.portal.visit import Answer, Download, Guest, Page, Redirect, Visit

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


def response(
    request: Request, answer: Answer, guest: Guest, nav: str = ""
) -> Response[str | bytes]:
    match answer:
        case Page():
            return html(request, answer, guest, nav=nav)
        case Redirect():
            cookies = [*answer.cookies, *([flash_cookie(answer.flash)] if answer.flash else [])]
            return _answer(303, HTML, "", cookies, Location=answer.to)
        case Download():
            named = f'attachment; filename="{answer.name}"'
            # As text: of bytes that are called JSON the resolver would make JSON once more.
            body = answer.body.decode() if "json" in answer.content_type else answer.body
            return _answer(200, answer.content_type, body, [], **{"Content-Disposition": named})


def html(request: Request, page: Page, guest: Guest, *, nav: str = "") -> Response[str | bytes]:
    body = render(page, guest, nav=nav)
    cookies = [gone(FLASH)] if guest.flash else []
    if not isinstance(guest, Visit) and request.cookies.get(GUEST) != guest.browser:
        cookies.append(cookie(GUEST, guest.browser))
    status = 422 if page.errors and page.status == 200 else page.status
    return _answer(status, HTML, "" if request.method == "HEAD" else body, cookies)


def error_page(guest: Guest, name: str, status: int, *, why: str = "") -> Page:
    told = {"title": guest.say(f"errors.{name}"), "why": why or guest.say(f"errors.{name}_why")}
    return Page("error.html.j2", told, status=status)


def static_answer(name: str) -> Response[str | bytes]:
    found = static_file(name)
    if found is None:
        return _answer(404, "text/plain; charset=utf-8", "", [])
    kept = {"Cache-Control": FOR_EVER} if found.for_ever else {}
    return _answer(200, found.content_type, found.body, [], **kept)


def _answer(
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

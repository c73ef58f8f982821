"""A Function URL event (payload 2.0) -> the parts of a request; and cookies of ours."""

import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from boekbrug.portal.visit import Flash, Form

SESSION, GUEST, FLASH, LANGUAGE = (
    "__Host-session",
    "__Host-guest",
    "__Host-flash",
    "__Host-language",
)
"""The prefix makes a browser insist: HTTPS, this host, every path; no other host can set them."""

MOST_FIELDS = 2000
A_YEAR = 365 * 24 * 3600
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a browser asked; ``target`` is the path with its query."""

    method: str
    path: str
    target: str
    host: str
    source: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    query: Form
    form: Form

    @property
    def is_ours(self) -> bool:
        """False when the browser says that a page of somebody else made it ask."""
        return self.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def read_request(event: Mapping[str, Any]) -> Request:
    """Of an event as Lambda hands it over; what is missing is empty."""
    context = event.get("requestContext") or {}
    http = context.get("http") or {}
    path, query = str(event.get("rawPath") or "/"), str(event.get("rawQueryString") or "")
    headers = {
        str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()
    }
    return Request(
        method=str(http.get("method", "GET")).upper(),
        path=path,
        target=f"{path}?{query}" if query else path,
        host=str(context.get("domainName") or ""),
        source=str(http.get("sourceIp") or ""),
        headers=headers,
        cookies=_cookies(event.get("cookies") or headers.get("cookie", "").split(";")),
        query=_fields(query),
        form=_fields(_body(event)) if _is_form(headers) else Form(),
    )


def path_values(values: Mapping[str, str]) -> dict[str, str]:
    """The values of a path as a person reads them."""
    return {name: unquote(value) for name, value in values.items()}


def _is_form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == FORM_TYPE


def _body(event: Mapping[str, Any]) -> str:
    body = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return body
    try:
        return b64decode(body, validate=True).decode(errors="replace")
    except NotBase64:
        return ""


def _fields(encoded: str) -> Form:
    try:
        return Form(parse_qs(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:  # more fields than any form of ours has
        return Form()


def _cookies(pairs: Any) -> dict[str, str]:
    found = (str(pair).strip().partition("=") for pair in pairs)
    return {name: value for name, _, value in found if name}


# --------------------------------------------------------------------------- cookies


def cookie(name: str, value: str, *, seconds: int | None = None) -> Cookie:
    """One that scripts cannot read; without ``seconds`` it ends with the browser."""
    return Cookie(
        name,
        value,
        path="/",
        secure=True,
        http_only=True,
        max_age=seconds,
        same_site=SameSite.LAX_MODE,
    )


def gone(name: str) -> Cookie:
    """Takes a cookie away."""
    return cookie(name, "", seconds=0)


def flash_cookie(flash: Flash) -> Cookie:
    """The sentence travels in the browser: it is for the next page only."""
    text = json.dumps([flash.kind, flash.text]).encode()
    return cookie(FLASH, urlsafe_b64encode(text).decode().rstrip("="), seconds=60)


def read_flash(value: str) -> Flash | None:
    """What ``flash_cookie`` wrote; anything else is no flash."""
    try:
        kind, text = map(str, json.loads(urlsafe_b64decode(value + "=" * (-len(value) % 4))))
    except (ValueError, TypeError, RecursionError):
        return None
    return Flash(kind, text) if kind in {"good", "info", "attention", "bad"} else None

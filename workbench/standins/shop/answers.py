"""What is wrong in, an error answer out, in the forms that the API is known or assumed to use."""

from workbench.standins import raw_json
from workbench.standins.http_server import Answer, html

_PROBLEM_TYPE = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"
_TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_BAD_TOKEN = "The given token is unknown, expired or not active."  # noqa: S105 -- a message


def error(
    status: int, message: str, description: str, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """The ``Error`` form: code, message, description."""
    body = {"code": status, "message": message, "description": description}
    return Answer(status, raw_json.dumps(body), headers=headers)


def problem(status: int, title: str, detail: str) -> Answer:
    """The ``ApiProblem`` form: type, title, detail, status."""
    body = {"type": _PROBLEM_TYPE, "title": title, "detail": detail, "status": status}
    return Answer(status, raw_json.dumps(body))


def not_found(detail: str) -> Answer:
    return problem(404, "Not Found", detail)


def token_refused(form: str) -> Answer:
    """The answer to a bad token in one of the forms of the token switches, such as 401_error."""
    number, kind = form.split("_")
    status = int(number)
    if kind == "html":
        return html(status, f"{status} {_TITLES[status]}")
    if kind == "problem":
        return problem(status, _TITLES[status], _BAD_TOKEN)
    if status == 200:
        body = {"code": 401, "message": "Unauthorized", "description": _BAD_TOKEN}
        return Answer(200, raw_json.dumps(body))
    return error(status, _TITLES[status], _BAD_TOKEN)


def rate_limited(retry_after: str) -> Answer:
    """Too many requests for this partner and store; an empty ``retry_after`` leaves it out."""
    headers = (("Retry-After", retry_after),) if retry_after else ()
    text = "The number of requests for this partner and store is exceeded."
    return error(429, "Too Many Requests", text, headers)

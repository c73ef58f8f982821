"""A Function URL event -> a call, and what became of it -> an HTTP answer."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.receive_hook import HookCall, HookNotSigned, HookRefused, Triggered
from boekbrug.lambda_io import Answer, Event, logs

SENTENCES = {
    "hook_not_signed": "Signature, time or address are not right.",
    "hook_repeated": "This call was handled before; sign a new one with the time of now.",
    "hook_shop_stopped": "This shop is stopped; nothing is fetched until it goes on.",
}


def hooked(event: Event, use_case: Callable[[HookCall], Triggered]) -> Answer:
    """202 and what is fetched; 401 to whoever has not signed, without a hint at what was wrong."""
    logs()  # before anything is logged
    try:
        http = event["requestContext"]["http"]
        method, path = str(http["method"]), str(event["rawPath"])
    except (KeyError, TypeError):
        raise NeedsOperator("not an event of a function URL", code="foreign_event") from None
    if method != "POST":
        return _answer(405, {"error": "method", "message": "Use POST."}, Allow="POST")
    try:
        done = use_case(_call(event, path))
    except HookRefused as refused:
        logs().info("call refused", extra={"code": refused.code})
        told = SENTENCES.get(refused.code, f"Not understood: {refused.detail}.")
        return _answer(refused.status, {"error": refused.code, "message": told})
    except RetryLater:
        busy = {"error": "busy", "message": "Not now; try again in a minute."}
        return _answer(503, busy, **{"Retry-After": "60"})
    logs().info("fetch asked for", extra={"shop": done.shop_id, "order": done.number})
    return _answer(202, {"fetching": done.number or "everything new"})


def _call(event: Event, path: str) -> HookCall:
    """The last two parts of the path are shop and version."""
    parts = [part for part in path.split("/") if part]
    headers = {str(name).lower(): str(value) for name, value in event.get("headers", {}).items()}
    if len(parts) < 2:
        raise HookNotSigned
    return HookCall(
        shop_id=parts[-2],
        version=parts[-1],
        timestamp=headers.get("x-boekbrug-timestamp", ""),
        signature=headers.get("x-boekbrug-signature", ""),
        body=_body(event),
    )


def _body(event: Event) -> bytes:
    body = str(event.get("body") or "")
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise HookNotSigned from None


def _answer(status: int, document: dict[str, Any], **headers: str) -> Answer:
    kind = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": kind | headers, "body": json.dumps(document)}

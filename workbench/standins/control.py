"""/_standin/: a person or a test looks into a running stand-in and steers it, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workbench.standins import raw_json
from workbench.standins.errors import StandInError
from workbench.standins.http_server import Answer, Request

if TYPE_CHECKING:
    from workbench.standins.base import StandIn

PREFIX = "/_standin/"


def respond(standin: StandIn, request: Request) -> Answer:
    """Answer one control request; what is wrong with it is told in one sentence with a 400."""
    name = request.path.removeprefix("/_standin").strip("/")
    action = _ACTIONS.get((request.method, name))
    if action is None:
        there_are = "; ".join(f"{method} {PREFIX}{path}" for method, path in _ACTIONS)
        return _json({"error": f"no such control call; there are: {there_are}"}, 404)
    try:
        return _json(action(standin, request))
    except StandInError as failure:
        return _json({"error": str(failure)}, 400)


def _overview(standin: StandIn, _: Request) -> dict[str, Any]:
    return {
        "standin": standin.name,
        "control_calls": [f"{method} {PREFIX}{path}" for method, path in _ACTIONS],
        "fault_kinds": standin.faults.kinds,
        "switches": standin.switches.as_dict(),
    }


def _requests(standin: StandIn, request: Request) -> list[dict[str, Any]]:
    call = request.query.get("call")
    return [each.as_dict() for each in standin.requests if call in {None, each.call}]


def _state(standin: StandIn, _: Request) -> dict[str, Any]:
    with standin.lock:
        return standin.state()


def _statistics(standin: StandIn, _: Request) -> dict[str, Any]:
    with standin.lock:
        return standin.statistics()


def _switches(standin: StandIn, _: Request) -> dict[str, Any]:
    return standin.switches.as_dict()


def _set_switches(standin: StandIn, request: Request) -> dict[str, Any]:
    return standin.switches.set(_body(request)).as_dict()


def _faults(standin: StandIn, _: Request) -> list[dict[str, Any]]:
    return standin.faults.as_list()


def _add_fault(standin: StandIn, request: Request) -> dict[str, Any]:
    body = _body(request)
    if "kind" not in body:
        raise StandInError("a fault needs a 'kind'")
    return standin.faults.add(**body).as_dict()


def _clear_faults(standin: StandIn, _: Request) -> list[dict[str, Any]]:
    standin.faults.clear()
    return []


def _change(standin: StandIn, request: Request) -> Any:
    return {"changed": standin.change(**_body(request))}


def _reset(standin: StandIn, request: Request) -> dict[str, Any]:
    what = _body(request).get("what", [])
    if not isinstance(what, list):
        raise StandInError("'what' must be a list of names")
    standin.reset(*map(str, what))
    return {"reset": what}


_ACTIONS: dict[tuple[str, str], Callable[[StandIn, Request], Any]] = {
    ("GET", ""): _overview,
    ("GET", "requests"): _requests,
    ("GET", "state"): _state,
    ("GET", "statistics"): _statistics,
    ("GET", "switches"): _switches,
    ("PATCH", "switches"): _set_switches,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "changes"): _change,
    ("POST", "reset"): _reset,
}


def _body(request: Request) -> dict[str, Any]:
    try:
        value = raw_json.loads(request.body or b"{}")
    except ValueError:
        raise StandInError("the body is not JSON") from None
    if not isinstance(value, dict):
        raise StandInError("the body must be a JSON object")
    return value


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, raw_json.dumps(value, indent=1))

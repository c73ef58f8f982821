"""Sign-in links, sessions and limits <-> the settings table, or memory.

Items carry ``expires`` (seconds), after which DynamoDB takes them away by itself.
"""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any

from boekbrug.aws.table import ConditionFailed, Item, Table
from boekbrug.journey.ports.access import Session, SignInLink
from boekbrug.settings.items import key, moment

LINK, SESSION, LIMIT = "LINK", "SESSION", "LIMIT"
KEPT_AFTER = timedelta(hours=1)
"""A link is kept a little after its end, so that its owner is told what is the matter with it."""


class MemoryAccess:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._links: dict[str, SignInLink] = {}
        self._sessions: dict[str, Session] = {}
        self._counts: Counter[tuple[str, datetime]] = Counter()

    def put_link(self, hashed: str, link: SignInLink) -> None:
        self._links[hashed] = link

    def link(self, hashed: str) -> SignInLink | None:
        return self._links.get(hashed)

    def use_link(self, hashed: str) -> bool:
        with self._lock:
            link = self._links.get(hashed)
            if link is None or link.used:
                return False
            self._links[hashed] = replace(link, used=True)
            return True

    def put_session(self, hashed: str, session: Session) -> None:
        self._sessions[hashed] = session

    def session(self, hashed: str) -> Session | None:
        return self._sessions.get(hashed)

    def end_session(self, hashed: str) -> None:
        self._sessions.pop(hashed, None)

    def count(self, what: str, until: datetime) -> int:
        with self._lock:
            self._counts[what, until] += 1
            return self._counts[what, until]


class DynamoAccess:
    """In the settings table; no token itself, and no address or limit in a key."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "access", client)

    def put_link(self, hashed: str, link: SignInLink) -> None:
        self._table.put(
            _key(LINK, hashed)
            | {
                "email": {"S": link.email},
                "language": {"S": link.language},
                "leads_to": {"S": link.leads_to},
                "until": {"S": moment(link.until)},
                "expires": _seconds(link.until + KEPT_AFTER),
            }
        )

    def link(self, hashed: str) -> SignInLink | None:
        item = self._table.get(_key(LINK, hashed))
        return _read_link(item) if item else None

    def use_link(self, hashed: str) -> bool:
        """Our own use whose answer was lost counts: it is known by its mark."""
        mark = {"S": secrets.token_hex(8)}
        try:
            self._table.update(
                _key(LINK, hashed),
                UpdateExpression="SET #used = :mark",
                ConditionExpression="attribute_exists(#pk) AND attribute_not_exists(#used)",
                ExpressionAttributeValues={":mark": mark},
            )
        except ConditionFailed as failed:
            return (failed.stored or {}).get("used") == mark
        return True

    def put_session(self, hashed: str, session: Session) -> None:
        self._table.put(
            _key(SESSION, hashed)
            | {
                "email": {"S": session.email},
                "account": {"S": session.account_id},
                "started": {"S": moment(session.started)},
                "until": {"S": moment(session.until)},
                "expires": _seconds(session.until),
            }
        )

    def session(self, hashed: str) -> Session | None:
        item = self._table.get(_key(SESSION, hashed))
        return _read_session(item) if item else None

    def end_session(self, hashed: str) -> None:
        self._table.transact({"Delete": {"Key": _key(SESSION, hashed)}})

    def count(self, what: str, until: datetime) -> int:
        answer = self._table.update(
            _key(LIMIT, sha256(f"{what} {moment(until)}".encode()).hexdigest()),
            UpdateExpression="SET #expires = :expires ADD #count :one",
            ExpressionAttributeValues={":expires": _seconds(until), ":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["count"]["N"])


def _key(kind: str, hashed: str) -> Item:
    return key(f"{kind}#{hashed}", kind)


def _seconds(at: datetime) -> dict[str, str]:
    return {"N": str(int(at.timestamp()))}


def _read_link(item: Item) -> SignInLink:
    return SignInLink(
        email=item["email"]["S"],
        language=item["language"]["S"],
        leads_to=item["leads_to"]["S"],
        until=_moment(item, "until"),
        used="used" in item,
    )


def _read_session(item: Item) -> Session:
    return Session(
        email=item["email"]["S"],
        account_id=item["account"]["S"],
        started=_moment(item, "started"),
        until=_moment(item, "until"),
    )


def _moment(item: Item, name: str) -> datetime:
    return datetime.fromisoformat(item[name]["S"]).astimezone(UTC)

"""Mails that our functions sent through the embedded AWS -> files a mail program can open."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx

from workbench.embedded_aws import EmbeddedAws


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail, and the file that holds it; ``link`` is the sign-in link in it, if it is one."""

    subject: str
    to: tuple[str, ...]
    file: Path
    link: str = ""


def new_mails(aws: EmbeddedAws, folder: Path) -> list[SentMail]:
    """Write every mail that has no file yet; returns those, oldest first."""
    answer = httpx.get(f"{aws.endpoint}/_ministack/ses/messages", timeout=10).raise_for_status()
    sent = [mail for mails in answer.json()["messages"].values() for mail in mails]
    return [
        mail
        for record in sorted(sent, key=lambda record: record["Timestamp"])
        if (mail := _written(record, folder)) is not None
    ]


def _written(record: dict[str, Any], folder: Path) -> SentMail | None:
    at = datetime.fromtimestamp(record["Timestamp"], UTC)
    words = re.sub(r"[^a-z0-9]+", "-", record["Subject"].lower()).strip("-")[:50]
    mark = hashlib.sha256(record["MessageId"].encode()).hexdigest()[:6]
    file = folder / f"{at:%Y%m%d-%H%M%S}-{words}-{mark}.eml"
    if file.exists():
        return None
    message = EmailMessage()
    message["Date"] = format_datetime(at)
    message["From"] = record["Source"]
    message["To"] = ", ".join(record["To"])
    message["Subject"] = record["Subject"]
    message.set_content(record["BodyText"] or "")
    if record["BodyHtml"]:
        message.add_alternative(record["BodyHtml"], subtype="html")
    folder.mkdir(mode=0o700, exist_ok=True)
    file.write_bytes(message.as_bytes())
    link = re.search(r"https?://\S+/inloggen/\S+", record["BodyText"] or "")
    return SentMail(record["Subject"], tuple(record["To"]), file, link[0] if link else "")

"""A mail -> Amazon SES (API version 2)."""

import logging
from typing import Any

from boekbrug import aws
from boekbrug.errors import BoekbrugError, RetryLater
from boekbrug.notices.mail import Mail
from boekbrug.notices.owner import OwnerNotices

log = logging.getLogger(__name__)


class SesNotices(OwnerNotices):
    """Sends from one verified address; one mail to all owners of an account.

    ``client`` is for tests; else the client of the process is used.
    """

    def __init__(self, mail_from: str, *, portal_url: str = "", client: Any = None) -> None:
        super().__init__(portal_url)
        self._from = mail_from
        self._given = client

    def deliver(self, mail: Mail) -> None:
        """Send; whatever SES refuses stays owed, so every failure is ``RetryLater``.

        The timeouts and tries of one call are those of all AWS clients.
        """
        try:
            with aws.faults("mail"):
                (self._given or aws.client("sesv2")).send_email(
                    FromEmailAddress=self._from,
                    Destination={"ToAddresses": list(mail.to)},
                    Content={
                        "Simple": {
                            "Subject": _text(mail.subject),
                            "Body": {"Text": _text(mail.text), "Html": _text(mail.html)},
                        }
                    },
                )
        except BoekbrugError as failed:
            # Neither the addresses nor the words: the mail stays owed on its row.
            log.error("mail not sent", extra={"cause": failed.detail})  # noqa: TRY400  # the cause is all there is to know
            raise RetryLater(failed.detail, code="mail_failed") from None


def _text(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}

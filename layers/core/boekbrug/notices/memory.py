"""Mails kept in memory instead of sent: for tests; same contract as through SES."""

from boekbrug.errors import RetryLater
from boekbrug.notices.mail import Mail
from boekbrug.notices.owner import OwnerNotices


class MemoryNotices(OwnerNotices):
    """``sent`` holds every mail, oldest first; while ``unreachable`` none goes out."""

    def __init__(self, portal_url: str = "") -> None:
        super().__init__(portal_url)
        self.sent: list[Mail] = []
        self.unreachable = False

    def deliver(self, mail: Mail) -> None:
        """Keep the mail."""
        if self.unreachable:
            raise RetryLater("mail: unreachable", code="mail_failed")
        self.sent.append(mail)

"""What the owner must hear -> the mail about it, however it is delivered."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from boekbrug.journey.account_care import Receipt
from boekbrug.journey.digests import Digest, Section
from boekbrug.journey.ports.tenants import Account, Administration, ConnectedShop
from boekbrug.journey.trials import TRIAL_LIMIT
from boekbrug.notices import words
from boekbrug.notices.closing import closing_mail
from boekbrug.notices.digest import crash_mail, digest_mail, solved_mail
from boekbrug.notices.mail import Mail, about_administration, about_shop
from boekbrug.notices.sign_in import sign_in_mail

_BY_REASON = {
    "role_refused": words.ADMINISTRATION_ROLE,
    TRIAL_LIMIT: words.ADMINISTRATION_TRIAL,
}
"""Where the reason of a stop changes what the owner must do."""


class OwnerNotices(ABC):
    """The port ``Notices``; a subclass only delivers."""

    def __init__(self, portal_url: str = "") -> None:
        self._portal_url = portal_url

    @abstractmethod
    def deliver(self, mail: Mail) -> None:
        """Send one mail; raises ``RetryLater`` when it did not go out."""

    def shop_paused(self, account: Account, shop: ConnectedShop, reason: str) -> None:  # noqa: ARG002  # a refused token asks the same of its owner, whatever the reason
        """The token was refused: what to do."""
        self._about_shop(words.SHOP_PAUSED, account, shop)

    def shop_resumed(self, account: Account, shop: ConnectedShop) -> None:
        """The token works again: nothing to do."""
        self._about_shop(words.SHOP_RESUMED, account, shop)

    def administration_paused(
        self,
        account: Account,
        administration: Administration,
        reason: str,
        shops: Sequence[ConnectedShop] = (),
    ) -> None:
        """The contract was refused: what to do, and which shops wait for it."""
        name = _BY_REASON.get(reason, words.ADMINISTRATION_PAUSED)
        self._about_administration(name, account, administration, shops)

    def administration_resumed(
        self,
        account: Account,
        administration: Administration,
        shops: Sequence[ConnectedShop] = (),
    ) -> None:
        """The contract works again: nothing to do."""
        self._about_administration(words.ADMINISTRATION_RESUMED, account, administration, shops)

    def digest(self, account: Account, digest: Digest) -> None:
        """What waits, what was remarked, a summary."""
        self.deliver(digest_mail(account, digest, portal_url=self._portal_url))

    def solved(
        self, account: Account, sections: Sequence[Section], shops: Mapping[str, str]
    ) -> None:
        """What is over."""
        self.deliver(solved_mail(account, sections, shops, portal_url=self._portal_url))

    def crashed(self, operator: str, section: Section) -> None:
        """A fault of ours."""
        self.deliver(crash_mail(operator, section))

    def sign_in(self, email: str, link: str, *, language: str) -> None:
        """The one-time link."""
        self.deliver(sign_in_mail(email, link, language=language))

    def no_account(self, email: str, *, language: str) -> None:
        """The same mail without a link, and why."""
        self.deliver(sign_in_mail(email, "", language=language))

    def account_closed(self, account: Account, receipt: Receipt) -> None:
        """The receipt."""
        self.deliver(closing_mail(account, receipt))

    def _about_shop(self, name: str, account: Account, shop: ConnectedShop) -> None:
        self.deliver(about_shop(name, account, shop, portal_url=self._portal_url))

    def _about_administration(
        self,
        name: str,
        account: Account,
        administration: Administration,
        shops: Sequence[ConnectedShop],
    ) -> None:
        mail = about_administration(
            name, account, administration, shops, portal_url=self._portal_url
        )
        self.deliver(mail)

"""The VAT number that an order leans on -> what VIES says of it, for its administration (R26).

Whose administration it is, VIES is told: only then its answer has a consultation number, the proof
that it was asked. Acumulus knows that number; it is read once in the life of a process, and only
when a shop has its numbers checked at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boekbrug.domain.facts import VatCheck
from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.books import Books, Vies


@dataclass(frozen=True, slots=True)
class ViesChecks:
    """VIES, and the VAT numbers of those on whose behalf it is asked, by administration."""

    vies: Vies
    own: dict[str, str] = field(default_factory=dict)

    def of(
        self, number: str, administration_id: str, books: Books | None
    ) -> Mapping[str, VatCheck]:
        """The answer by number; empty when there is nothing to ask, or no answer."""
        if not number:
            return {}
        check = self.vies.check(number, requester=self._requester(administration_id, books))
        return {} if check is None else {number: check}

    def _requester(self, administration_id: str, books: Books | None) -> str:
        """Without it the answer is as good, only less well proven: nothing fails for it."""
        if administration_id not in self.own and books is not None:
            try:
                self.own[administration_id] = books.contract().vat_number
            except BoekbrugError:
                return ""
        return self.own.get(administration_id, "")

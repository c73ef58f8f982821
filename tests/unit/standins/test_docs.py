"""docs/standins.md names everything that can be set."""

from pathlib import Path

import pytest

from workbench.standins import BooksStandIn, ShopStandIn, StandInError, ViesStandIn
from workbench.standins.books.calls import CALLS as BOOKS_CALLS
from workbench.standins.shop.calls import CALLS as SHOP_CALLS

PAGE = (Path(__file__).parents[3] / "docs" / "standins.md").read_text("utf-8")


@pytest.mark.parametrize("kind", [ShopStandIn, BooksStandIn, ViesStandIn])
def test_the_page_names_every_switch_fault_and_change(
    kind: type[ShopStandIn | BooksStandIn | ViesStandIn],
) -> None:
    """A switch that nobody can find does not exist."""
    standin = kind()
    with pytest.raises(StandInError) as refusal:
        standin.change(do="nothing")
    changes = str(refusal.value).partition("there are: ")[2].split(", ")
    names = [*standin.switches.as_dict(), *standin.faults.kinds]

    assert [name for name in names if f"`{name}`" not in PAGE] == []
    assert [name for name in changes if f"`{name}(" not in PAGE] == []


def test_the_page_names_every_call() -> None:
    """The calls that are played, by the names that faults use."""
    books = [name.rpartition("/")[2] for name in BOOKS_CALLS]
    played = PAGE.partition("## What they do not do")[2]
    grouped = {"picklist": "picklists", "invoice_paymentstatus_set": "_set"}

    assert [name for name in SHOP_CALLS if name not in PAGE] == []
    for name in books:
        shown = grouped.get(name, "picklists" if name.startswith("picklist") else name)
        assert shown in played, name

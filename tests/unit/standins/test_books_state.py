"""Bookings that survive a restart of the books stand-in, also when it was killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.unit.standins.clients import LOGIN, books_client, invoice, tags
from workbench.standins import BooksStandIn, StandInError


def _standin(file: Path) -> BooksStandIn:
    standin = BooksStandIn(state=file)
    standin.add_contract()
    return standin


def test_a_second_start_knows_what_was_booked(tmp_path: Path) -> None:
    """Entries, contacts, concepts, payments, mails and number series go on where they were."""
    file = tmp_path / "deep" / "books.state"
    with _standin(file) as first, books_client(first) as client:
        booked = client.book("Bestelling WA1")["invoice"]
        concept = client.book("Bestelling WA2", concept="1")["invoice"]
        first.make_definitive(concept["conceptid"])
        first.set_payment(booked["entryid"], "2", "2026-03-12")
        client.ask("invoices/invoice_mail", tags({"token": booked["token"]}))
    with _standin(file) as second, books_client(second) as client:
        entry = second.entries()[0]
        again = client.book("Bestelling WA3")["invoice"]
        matched = second.contract()

        assert second.entries_per_description() == {
            "Bestelling WA1": 1,
            "Bestelling WA2": 1,
            "Bestelling WA3": 1,
        }
        assert (entry.token, entry.paymentstatus) == (booked["token"], "2")
        assert again["invoicenumber"] == "20260003"
        assert again["contactid"] == booked["contactid"]
        assert again["entryid"] not in {booked["entryid"], second.entries()[1].entryid}
        assert len(matched.concepts[concept["conceptid"]].entryids) == 1
        assert len(matched.mails) == 1


def test_a_stopped_standin_starts_again(tmp_path: Path) -> None:
    """Stop and start of the same object, with and without something booked in between."""
    standin = _standin(tmp_path / "books.state")
    for count in (1, 2):
        with standin, books_client(standin) as client:
            client.book()
            assert len(standin.entries()) == count


@pytest.mark.slow
def test_a_killed_process_loses_no_booking(tmp_path: Path) -> None:
    """What was answered is in the file before the answer is sent."""
    file = tmp_path / "books.state"
    command = [sys.executable, "-m", "workbench.standins", "books", "--port", "0"]
    with subprocess.Popen([*command, "--state", file], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        url = child.stdout.readline().split(" at ")[1].split(": ")[0]
        xml = f"<x><contract>{tags(LOGIN)}</contract>{invoice('Bestelling WA7')}</x>"
        answer = httpx.post(
            f"{url}/acumulus/stable/invoices/invoice_add.php", data={"xmlstring": xml}
        )
        os.kill(child.pid, signal.SIGKILL)

    assert "<status>0</status>" in answer.text
    assert _standin(file).entries_per_description() == {"Bestelling WA7": 1}


def test_half_a_line_at_the_end_is_left_out(tmp_path: Path) -> None:
    """A process killed while it wrote had not answered yet."""
    file = tmp_path / "books.state"
    with _standin(file) as standin, books_client(standin) as client:
        client.book("Bestelling WA1")
    file.write_bytes(file.read_bytes() + b'["123456", "entry", "61')

    assert _standin(file).entries_per_description() == {"Bestelling WA1": 1}


def test_changes_do_not_make_the_file_grow_for_ever(tmp_path: Path) -> None:
    """At the stop every record is written once, as it is now."""
    file = tmp_path / "books.state"
    with _standin(file) as standin, books_client(standin) as client:
        entryid = client.book()["invoice"]["entryid"]
        for status in ("2", "1", "2"):
            standin.set_payment(entryid, status)
        while_running = len(file.read_text().splitlines())
    lines = [json.loads(line) for line in file.read_text().splitlines()]

    assert while_running == 5
    assert sorted(kind for _, kind, _, _ in lines) == ["contact", "entry"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_records_of_a_contract_that_is_not_added_stay(tmp_path: Path) -> None:
    """Starting once without a contract does not lose its bookings."""
    file = tmp_path / "books.state"
    with _standin(file) as standin, books_client(standin) as client:
        client.book("Bestelling WA1")
    with BooksStandIn(state=file) as other:
        other.add_contract("654321", "other", "secret")

        assert other.entries() == []
    assert _standin(file).entries_per_description() == {"Bestelling WA1": 1}


def test_reset_forgets_the_file_too(tmp_path: Path) -> None:
    """After a reset of the data a new start is empty."""
    file = tmp_path / "books.state"
    with _standin(file) as standin, books_client(standin) as client:
        client.book()
        standin.reset("data")

        assert standin.entries() == []
    assert _standin(file).entries() == []


def test_an_unusable_file_is_one_sentence(tmp_path: Path) -> None:
    """It names the file, and the line that is wrong; the file stays as it was."""
    wrong = tmp_path / "wrong.state"
    wrong.write_text("no state\n")

    with pytest.raises(StandInError, match=r"wrong.state line 1 is no state"):
        BooksStandIn(state=wrong)
    assert wrong.read_text() == "no state\n"
    with pytest.raises(StandInError, match="cannot use"):
        BooksStandIn(state=tmp_path)

"""`boekbrug local` from shop to books: exactly once, to the cent, whatever happens to it."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boekbrug.journey.ports.tenants import Secret
from tests.support.local_run import (
    Outside,
    against,
    children,
    free_port,
    numbered,
    outside,
    run,
    sample,
    start,
    until,
    wait,
)
from workbench import world as servers
from workbench.state_folder import state_folder
from workbench.world import open_world

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("local_run")]

FINE, FAILED, WRONG_USE = 0, 1, 2
A_CONTRACT, ANOTHER_CONTRACT = "700001", "700002"


def _orders(first: int, count: int) -> list[dict[str, Any]]:
    """Ordinary orders that are all booked: 21%, mixed rates, a discount, a business."""
    kinds = [sample(name) for name in ("01", "02", "04", "05")]
    return [numbered(kinds[n % len(kinds)], first + n) for n in range(count)]


def _left_behind(state: Path) -> str:
    """Every file of a run but our own code: logs, tables, queues, parameters, mails."""
    files = [file for file in state.rglob("*") if file.is_file() and "layers" not in file.parts]
    assert {"aws.log", "items.journal", "lambda.json", "sqs.json"} <= {file.name for file in files}
    return "".join(file.read_text(errors="replace") for file in files)


def _customers() -> set[str]:
    """What names a customer of the orders above."""
    orders = [sample(name) for name in ("01", "02", "04", "05", "16", "20")]
    people = [order["debtor"] for order in orders]
    found = {str(person[part]) for person in people for part in ("name", "email") if person[part]}
    assert len(found) >= 10
    return found


@pytest.fixture(scope="session")
def warm_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with our template deployed and nothing connected."""
    folder = tmp_path_factory.mktemp("warm") / "state"
    nobody = servers.Outside(
        shop_url="http://127.0.0.1:9",
        books_url="http://127.0.0.1:9",
        vies_url="http://127.0.0.1:9",
        partner_token=Secret("none"),
    )
    with state_folder(folder) as held, open_world(held, nobody, tell=lambda _: None):
        return folder


@pytest.fixture
def place(warm_state: Path, tmp_path: Path) -> Path:
    """Where a run of a test keeps its state: deployed already, which saves seconds."""
    shutil.copytree(warm_state, tmp_path / "state", ignore=shutil.ignore_patterns("layers"))
    (tmp_path / "state/layers").symlink_to(warm_state / "layers")
    return tmp_path


@pytest.fixture
def world() -> Iterator[Outside]:
    """Two shops on one administration, one on another, and orders that are not to be booked."""
    with outside() as both:
        unfit = [numbered(sample("16"), 1900), numbered(sample("20"), 1901)]
        both.add_shop(1, A_CONTRACT, [*_orders(1001, 30), *unfit])
        both.add_shop(2, A_CONTRACT, _orders(2001, 20))
        both.add_shop(3, ANOTHER_CONTRACT, _orders(3001, 20))
        yield both


@pytest.fixture
def slow_books() -> Iterator[Outside]:
    """One shop whose books take their time, so that something can happen meanwhile."""
    with outside() as both:
        both.add_shop(1, A_CONTRACT, _orders(1001, 25))
        both.books.latency = 0.15
        yield both


def test_every_eligible_order_is_booked_exactly_once(world: Outside, place: Path) -> None:
    """Three shops, two administrations: booked once, to the cent, and a reason for the rest.

    A second run knows all of that, and books only the order that came in meanwhile.
    """
    arguments = against(world, place)
    ran = run("--once", "--json", *arguments, cwd=place)

    assert (ran.status, ran.stderr.count("Traceback")) == (FINE, 0), ran.stderr
    summary = ran.summary
    counted = {name: summary[name] for name in ("shops", "seen", "booked", "held", "skipped")}
    assert counted == {"shops": 3, "seen": 72, "booked": 70, "held": 1, "skipped": 1}
    assert set(world.booked().values()) == {1}
    assert len(world.booked()) == 70
    totals = {entry.description: entry.total for entry in world.books.entries()}
    for order in summary["orders"]:
        if order["state"] == "booked":
            prefix = next(s.prefix for s in world.shops if s.store_id == order["shop"])
            assert totals[f"Bestelling {prefix}{order['number']}"] == Decimal(order["total"])
        else:
            assert order["reason"]
    assert set(world.books.most_posts_in_flight.values()) == {1}
    assert world.shop.violations == []
    left = ran.stdout + ran.stderr + _left_behind(place / "state")
    assert not [secret for secret in world.secrets if secret in left]
    assert not [words for words in _customers() if words.lower() in left.lower()]

    world.shop.add_order(numbered(sample("01"), 1500), shop=world.shops[0].store_id)
    again = run("--once", "--json", *arguments, cwd=place)

    assert (again.status, again.summary["booked"]) == (FINE, 71), again.stderr
    assert set(world.booked().values()) == {1}
    assert len(world.booked()) == 71


@pytest.mark.parametrize("victim", ["run", "aws"])
def test_a_killed_run_never_books_an_order_twice(
    slow_books: Outside, place: Path, victim: str
) -> None:
    """Kill the run, or the embedded AWS, while it posts: the next run finishes the work."""
    arguments = against(slow_books, place)
    process = start("--once", "--json", *arguments, cwd=place)
    until(lambda: len(slow_books.books.entries()) >= 5, process)
    os.kill(process.pid if victim == "run" else children(process.pid)[0], signal.SIGKILL)
    killed = wait(process)
    assert killed.status == (FAILED if victim == "aws" else -signal.SIGKILL)
    assert "Traceback" not in killed.stderr

    ran = run("--once", "--json", *arguments, cwd=place)

    # Killed between the claim and the post, an order is unclear although nothing was sent.
    unclear = list(ran.states.values()).count("unclear")
    assert max(slow_books.booked().values()) == 1
    assert 25 - unclear <= len(slow_books.booked()) <= 25
    assert set(ran.states.values()) <= {"booked", "unclear"}
    assert ran.status == (FAILED if "unclear" in ran.states.values() else FINE), ran.stderr


def test_a_signal_stops_everything_and_loses_nothing(slow_books: Outside, place: Path) -> None:
    """What is being posted is written down, no process is left, the next run goes on.

    Orders that still wait in the queue are kept sealed.
    """
    arguments = against(slow_books, place)
    process = start("--once", "--json", *arguments, cwd=place)
    until(lambda: len(slow_books.books.entries()) >= 5, process)
    started = children(process.pid)
    os.kill(process.pid, signal.SIGTERM)
    stopped = wait(process)

    assert stopped.status == 130
    assert "Traceback" not in stopped.stderr
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    left = stopped.stdout + stopped.stderr + _left_behind(place / "state")
    assert not [secret for secret in slow_books.secrets if secret in left]
    assert not [words for words in _customers() if words.lower() in left.lower()]
    ran = run("--once", "--json", *arguments, cwd=place)
    assert (ran.status, set(ran.states.values())) == (FINE, {"booked"}), ran.stderr
    assert set(slow_books.booked().values()) == {1}


def test_a_run_stays_up_and_books_what_comes_in(slow_books: Outside, place: Path) -> None:
    """Without --once the run goes on until it is stopped, and a second one is kept out."""
    arguments = against(slow_books, place)
    process = start("--port", free_port(), *arguments, cwd=place)
    until((place / "state/endpoint").exists, process)
    until(lambda: len(slow_books.books.entries()) == 25, process)
    other = run("--once", *arguments, cwd=place)
    os.kill(process.pid, signal.SIGINT)
    stopped = wait(process)

    assert other.status == FAILED
    assert other.stderr.startswith("Another run uses the folder")
    assert stopped.status in {FINE, 130}
    assert not (place / "state/endpoint").exists()


def test_refused_credentials_stop_one_administration_and_write_one_mail(
    world: Outside, place: Path
) -> None:
    """The owner reads what is wrong and that nothing is lost; the others are booked."""
    world.books.faults.add("refuse_credentials", call="invoice_add", scope=ANOTHER_CONTRACT)

    ran = run("--once", "--json", *against(world, place), cwd=place)

    assert ran.status == FAILED
    assert "is stopped" in ran.stderr
    waiting = [one["number"] for one in ran.summary["orders"] if one["state"] == "waiting"]
    assert waiting == [str(number) for number in range(3001, 3021)]
    assert len(world.booked()) == 50
    mails = list((place / "state/mails").glob("*.eml"))
    assert len([mail for mail in mails if "weigert-de-toegang" in mail.name]) == 1
    texts = "".join(mail.read_text() for mail in mails)
    assert not [secret for secret in world.secrets if secret in texts]
    world.books.faults.clear()
    again = run("--once", "--json", *against(world, place), cwd=place)
    assert (again.status, again.summary["booked"]) == (FINE, 70), again.stderr
    assert set(world.booked().values()) == {1}


def test_throttling_and_half_answers_cost_time_only(slow_books: Outside, place: Path) -> None:
    """Both systems refuse or garble some requests, also while connecting: nothing is lost."""
    slow_books.shop.faults.add("503", call="store", nth=[1, 2, 3], retry_after="1")
    slow_books.books.faults.add("429", call="general_about", nth=[1])
    slow_books.shop.faults.add("truncated_json", call="orders", nth=[1])
    slow_books.books.faults.add("429", call="invoice_add", nth=[3, 9], retry_after="1")

    ran = run("--once", "--json", *against(slow_books, place), cwd=place)

    assert (ran.status, set(ran.states.values())) == (FINE, {"booked"}), ran.stderr
    assert set(slow_books.booked().values()) == {1}
    assert len(slow_books.booked()) == 25


def test_a_lost_answer_is_looked_up_and_not_posted_again(slow_books: Outside, place: Path) -> None:
    """Booked there, but the connection dropped: unclear until --follow-up finds its invoice.

    The credit order that waits for it is booked in the same run.
    """
    credit = numbered(sample("12"), 1900) | {"credited_order_number": "1004"}
    slow_books.shop.edit_order("1004", {"credit_order_numbers": ["1900"]})
    slow_books.shop.add_order(credit)
    slow_books.books.faults.add("commit_then_drop", call="invoice_add", nth=[4])
    arguments = against(slow_books, place)

    first = run("--once", "--json", *arguments, cwd=place)
    second = run("--once", "--json", *arguments, cwd=place)

    third = run("--once", "--follow-up", "--json", *arguments, cwd=place)

    for ran in (first, second):
        assert (ran.status, ran.summary["unclear"], ran.summary["booked"]) == (FAILED, 1, 24)
        assert ran.states["1900"] == "waiting"
    assert (third.status, third.summary["waiting"]) == (FINE, 0), third.stderr
    assert set(slow_books.booked().values()) == {1}
    assert len(slow_books.booked()) == 26


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"token": "shop-token-of-somebody-else"}, "refuses the shop token"),
        ({"partner_token": "of-another-application"}, "refuses the partner token"),
        ({"password": "not-the-password"}, "refuses this combination of contract code"),
        ({"settings": {"trigger_statuses": [77]}}, "no order status 77"),
    ],
    ids=["token", "partner token", "contract", "settings"],
)
def test_what_cannot_be_connected_is_named_and_nothing_is_stored(
    slow_books: Outside, place: Path, wrong: dict[str, Any], named: str
) -> None:
    """One sentence says which of the three is wrong; no secret in it, nothing booked, no trace."""
    document = slow_books.document()
    administration = document["administrations"][0]
    for entry in (document, administration, administration["shops"][0]):
        entry.update({name: value for name, value in wrong.items() if name in entry})
    arguments = against(slow_books, place)
    (place / "connect.json").write_text(json.dumps(document))

    ran = run("--once", "--json", *arguments, cwd=place)

    assert ran.status == WRONG_USE
    assert named in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""
    assert not [secret for secret in slow_books.secrets if secret in ran.stderr]
    assert slow_books.booked() == {}


def test_a_server_that_nobody_runs_is_named(slow_books: Outside, place: Path) -> None:
    """Which of the two systems, and where it was looked for; that is not the user's wrong use."""
    arguments = against(slow_books, place)
    books = arguments.index("--books-url") + 1
    arguments[books] = "http://127.0.0.1:9"

    ran = run("--once", "--json", *arguments, cwd=place)

    assert ran.status == FAILED
    assert "Acumulus at 127.0.0.1:9 gives no usable answer" in ran.stderr.splitlines()[-1]
    assert ran.stdout == ""


def test_the_sample_shop_ends_as_the_readme_shows(tmp_path: Path) -> None:
    """Without options: the sample orders, a table, and the same world at a second start."""
    first = run("--once", cwd=tmp_path)
    second = run("--once", cwd=tmp_path)

    for ran in (first, second):
        assert ran.status == FINE, ran.stderr
        assert "seen 26: booked 21, concepts 2, held 1, skipped 2" in ran.stdout
        assert ran.stdout.count(" booked ") >= 21
    assert "21 bookings from earlier runs" in second.stdout

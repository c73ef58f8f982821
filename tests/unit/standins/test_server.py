"""The HTTP side that both stand-ins share: kept connections, many clients, odd requests."""

import socket
import subprocess
import sys
import threading

import httpx
import pytest

from tests.unit.standins.clients import BooksClient, ShopClient, books_client, invoice, line
from workbench.standins import BooksStandIn, ShopStandIn, StandInError
from workbench.standins.http_server import LARGEST_BODY


def test_only_this_machine_can_reach_it(shop: ShopStandIn) -> None:
    """It listens on 127.0.0.1 on a free port of its own."""
    assert shop.url == f"http://127.0.0.1:{shop.port}"
    assert shop.port > 0


def test_a_connection_is_kept(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Many requests travel over one connection, refusals and faults included."""
    shop.faults.add("503", nth=[2])
    ports = set()
    for path in ("/v1/store", "/v1/store", "/v1/nothing", "/v1/orders"):
        stream = shopper.get(path).extensions["network_stream"]
        ports.add(stream.get_extra_info("client_addr"))

    assert len(ports) == 1


def test_clients_at_the_same_time_lose_nothing(books: BooksStandIn) -> None:
    """Eight clients book at once: every invoice once, every number once."""

    def book(client_number: int) -> None:
        with books_client(books) as client:
            for number in range(20):
                client.book(f"Bestelling {client_number}-{number}")

    threads = [threading.Thread(target=book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = books.entries()

    assert set(books.entries_per_description().values()) == {1}
    assert len(entries) == len({entry.invoicenumber for entry in entries}) == 160
    assert len(books.contract().contacts) == 1


def test_a_request_that_is_too_large(books: BooksStandIn, booker: BooksClient) -> None:
    """More than 16 MB is refused before it is read."""
    with socket.create_connection(("127.0.0.1", books.port), timeout=10) as connection:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n"
        connection.sendall(head.encode())
        answer = connection.recv(1000)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert booker.book(lines=line() * 1000)["status"] == "0"


@pytest.mark.parametrize("length", ["-1", "many"])
def test_an_unreadable_length(books: BooksStandIn, length: str) -> None:
    """A 400, and the server goes on."""
    with socket.create_connection(("127.0.0.1", books.port), timeout=10) as connection:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())

        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    assert httpx.get(f"{books.url}/_standin/statistics", verify=False).status_code == 200


def test_stop_closes_kept_connections_and_can_be_repeated(shop: ShopStandIn) -> None:
    """A client with an open connection does not keep the stand-in alive."""
    with httpx.Client(verify=False) as client:
        client.get(f"{shop.url}/_standin/statistics")
        url = shop.url
        shop.stop()
        shop.stop()

        with pytest.raises(httpx.TransportError):
            client.get(f"{url}/_standin/statistics")


def test_it_starts_once(shop: ShopStandIn) -> None:
    """A second start of a running stand-in is a mistake."""
    with pytest.raises(StandInError, match="runs already"):
        shop.start()


def test_it_needs_nothing_of_the_product() -> None:
    """The stand-ins run where the package boekbrug cannot even be imported."""
    code = (
        "import sys; sys.modules['boekbrug'] = None; import workbench.standins.__main__;"
        "print(sorted(name for name in sys.modules if name.startswith('boekbrug.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_journal_can_be_limited() -> None:
    """A stand-in that runs for days forgets old requests, not its counts."""
    with BooksStandIn(remember=3) as books, books_client(books) as client:
        books.add_contract()
        for number in range(5):
            client.post("invoices/invoice_add", invoice(f"Bestelling {number}"))

        assert [seen.number for seen in books.requests] == [3, 4, 5]
        assert books.statistics()["requests"] == 5

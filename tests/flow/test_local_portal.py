"""`boekbrug local` serves the portal: from the printed link to the pages, with roles enforced."""

import os
import re
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.support.local_run import (
    against,
    free_port,
    numbered,
    outside,
    run,
    sample,
    start,
    until,
    wait,
)

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("local_run")]


def test_the_printed_link_leads_to_the_pages(tmp_path: Path) -> None:
    """Mailed, printed and working, with roles enforced; only by our own name."""
    port = free_port()
    portal = f"http://127.0.0.1:{port}"
    with outside() as world, httpx.Client(base_url=portal, timeout=30) as browser:
        world.add_shop(1, "700001", [numbered(sample("01"), 1001)])
        options = ["--enforce-roles", "--port", port, *against(world, tmp_path)]
        process = start(*options, cwd=tmp_path)
        mails = tmp_path / "state/mails"
        until(lambda: list(mails.glob("*-inloggen-*.eml")), process)
        foreign = browser.get("/", headers={"Host": f"evil.example:{port}"})
        (mail,) = mails.glob("*-inloggen-*.eml")
        link = _link(mail)
        shown = browser.get(link)
        confirmed = browser.post(link, data={"csrf": _proof(shown.text)}, headers=_cookies(shown))
        page = browser.get(confirmed.headers["Location"], headers=_cookies(confirmed))
        page = browser.get(page.headers["Location"], headers=_cookies(confirmed))
        os.kill(process.pid, signal.SIGINT)
        stopped = wait(process)

    assert foreign.status_code == 421
    assert "eigenaar@boekbrug.example" in shown.text
    assert (page.status_code, "Winkel 1" in page.text) == (200, True)
    assert f"{portal}{link}" in stopped.stdout
    assert "AccessDenied" not in (tmp_path / "state/aws.log").read_text()


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path) -> None:
    """One sentence, exit status 2, and no state folder."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = run("--port", port, "--state", tmp_path / "state", cwd=tmp_path)

    assert ran.status == 2
    assert ran.stderr == (
        f"Port {port} cannot be used (Address already in use): choose another with --port.\n"
    )
    assert not (tmp_path / "state").exists()


def _link(mail: Path) -> str:
    """The path of the sign-in link, which quoted-printable may have broken over lines."""
    found = re.search(r"https?://[^/]+(/inloggen/[\w-]+)", mail.read_text().replace("=\n", ""))
    assert found
    return found[1]


def _proof(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def _cookies(answer: httpx.Response) -> dict[str, str]:
    """By hand: Python's own cookie jar keeps secure cookies for HTTPS."""
    pairs = [one.partition(";")[0] for one in answer.headers.get_list("set-cookie")]
    return {"Cookie": "; ".join(pair for pair in pairs if not pair.endswith("="))}

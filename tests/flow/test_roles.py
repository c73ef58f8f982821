"""The whole journey with the functions' own roles enforced: what they need, they may."""

from pathlib import Path

import pytest

from tests.support.local_run import against, numbered, outside, run, sample

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("local_run")]


def test_the_roles_of_the_template_are_enough_for_the_journey(tmp_path: Path) -> None:
    """With every call checked against the function's role: fetched, booked and followed up."""
    with outside() as world:
        world.add_shop(1, "700001", [numbered(sample("01"), 1001), numbered(sample("20"), 1002)])
        enforced = ["--once", "--follow-up", "--json", "--enforce-roles"]
        ran = run(*enforced, *against(world, tmp_path), cwd=tmp_path)

        assert ran.states == {"1001": "booked", "1002": "held"}, ran.stderr
        assert ran.status == 0
        assert world.booked() == {"Bestelling W1-1001": 1}
    # A refused batch of new rows would have fallen back to writing them one by one.
    log = (tmp_path / "state/aws.log").read_text()
    assert "one by one" not in log
    assert "AccessDenied" not in log

"""What a role means (general_about)."""

import pytest

from boekbrug.acumulus.roles import role


def test_the_api_user_is_fine() -> None:
    """Role 5 is the one to ask for, so there is nothing to say."""
    assert role(5).usable
    assert role(5).advice == ""


@pytest.mark.parametrize(
    ("role_id", "usable"), [(1, True), (2, True), (4, True), (3, False), (6, False)]
)
def test_other_roles_get_advice(role_id: int, usable: bool) -> None:
    """Too little cannot look anything up; too much and old roles work, but are better replaced."""
    assert role(role_id).usable is usable
    assert "API-gebruiker" in role(role_id).advice


@pytest.mark.parametrize("role_id", [None, 0, 7])
def test_an_unknown_role_is_not_refused(role_id: int | None) -> None:
    """Acumulus itself decides per call; we only say that we do not know it."""
    assert role(role_id).usable
    assert role(role_id).name == "onbekend"

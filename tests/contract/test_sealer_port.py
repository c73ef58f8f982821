"""One suite for every sealer: in memory, under a key of moto, under a key of the embedded AWS."""

from collections.abc import Iterator

import pytest

from boekbrug.errors import NeedsOperator
from boekbrug.journey.ports.tenants import Sealer, Secret
from boekbrug.settings.envelope import SealBroken
from boekbrug.settings.memory import MemorySealer
from boekbrug.settings.sealing import DynamoDataKeys, KmsSealer
from tests.support.embedded import EMBEDDED, MOTO, Aws, an_aws
from tests.support.stores import make_key, make_table

SECRET = Secret("shop-token-5f1c-é-wachtwoord")
TENANT = "account-1"
FIELD = "shop:1:token"


def kms_sealer(aws: Aws) -> KmsSealer:
    shelf = DynamoDataKeys(make_table(aws, "SettingsTable"), aws.client("dynamodb"))
    return KmsSealer(make_key(aws), shelf, aws.client("kms"))


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def sealer(request: pytest.FixtureRequest) -> Iterator[Sealer]:
    if request.param == "memory":
        yield MemorySealer()
        return
    with an_aws(request, request.param) as aws:
        yield kms_sealer(aws)


def test_a_secret_comes_back(sealer: Sealer) -> None:
    """Whatever is in it, an empty one too."""
    for secret in (SECRET, Secret(""), Secret("x" * 4000), Secret("'\"\\\n\0€")):
        sealed = sealer.seal(secret, tenant=TENANT, field=FIELD)

        assert sealer.open(sealed, tenant=TENANT, field=FIELD) == secret


def test_sealed_text_tells_nothing(sealer: Sealer) -> None:
    """Neither the secret nor a part of it; the same secret twice looks different."""
    first = sealer.seal(SECRET, tenant=TENANT, field=FIELD)
    second = sealer.seal(SECRET, tenant=TENANT, field=FIELD)

    assert "token" not in first
    assert first != second
    assert first.isascii()
    assert first.startswith("b1.")


@pytest.mark.parametrize(
    ("tenant", "field"),
    [
        ("account-2", FIELD),
        (TENANT, "shop:2:token"),
        ("", ""),
        ("account-1|12", "shop:1:token"),
        (FIELD, TENANT),
    ],
)
def test_sealed_text_of_another_place_does_not_open(
    sealer: Sealer, tenant: str, field: str
) -> None:
    """A row that was copied to another tenant or field gives nothing away."""
    sealed = sealer.seal(SECRET, tenant=TENANT, field=FIELD)

    with pytest.raises(SealBroken) as refused:
        sealer.open(sealed, tenant=tenant, field=field)

    assert refused.value.code == "seal_broken"
    assert SECRET.text not in str(refused.value)


def test_no_two_places_look_alike(sealer: Sealer) -> None:
    """Names with separators in them are not mistaken for others."""
    sealed = sealer.seal(SECRET, tenant="t", field="x|1|y")

    with pytest.raises(SealBroken):
        sealer.open(sealed, tenant="t|5|x", field="y")


def test_every_changed_character_is_noticed(sealer: Sealer) -> None:
    """In the form, the wrapped key, the nonce, the text or the tag."""
    sealed = sealer.seal(SECRET, tenant=TENANT, field=FIELD)
    body = sealed.rindex(".") + 1
    places = {*range(4), *range(4, body, 40), *range(body, len(sealed) - 1, 7), len(sealed) - 3}
    for place in sorted(places):
        changed = "A" if sealed[place] != "A" else "B"
        broken = sealed[:place] + changed + sealed[place + 1 :]

        with pytest.raises(NeedsOperator) as refused:  # a key may be unknown, or not ours
            sealer.open(broken, tenant=TENANT, field=FIELD)

        assert refused.value.code in ("seal_broken", "storage_refused")


@pytest.mark.parametrize("text", ["", "b1", "b1..", "b1.AAAA", "b2.AAAA.AAAA", "plain", "b1.é.é"])
def test_other_text_is_refused(sealer: Sealer, text: str) -> None:
    """A plain token in the table, half a value, a later form: one typed error."""
    with pytest.raises(SealBroken):
        sealer.open(text, tenant=TENANT, field=FIELD)


def test_a_cut_text_is_refused(sealer: Sealer) -> None:
    """However much of it is left."""
    sealed = sealer.seal(SECRET, tenant=TENANT, field=FIELD)
    for length in range(0, len(sealed) - 1, 13):
        with pytest.raises(SealBroken):
            sealer.open(sealed[:length], tenant=TENANT, field=FIELD)


def test_another_key_opens_nothing(sealer: Sealer) -> None:
    """Sealed text is worth nothing without the key it was sealed under."""
    sealed = MemorySealer().seal(SECRET, tenant=TENANT, field=FIELD)

    with pytest.raises(SealBroken):
        sealer.open(sealed, tenant=TENANT, field=FIELD)


@pytest.mark.embedded
def test_a_key_that_is_switched_off_is_told(embedded: Aws) -> None:
    """That is the operator's to mend, and no broken seal; what is kept in memory goes on."""
    shelf = DynamoDataKeys(make_table(embedded, "SettingsTable"), embedded.client("dynamodb"))
    key_id, kms = make_key(embedded), embedded.client("kms")
    warm, cold = KmsSealer(key_id, shelf, kms), KmsSealer(key_id, shelf, kms)
    sealed = warm.seal(SECRET, tenant=TENANT, field=FIELD)

    kms.disable_key(KeyId=key_id)

    assert warm.open(sealed, tenant=TENANT, field=FIELD) == SECRET
    with pytest.raises(NeedsOperator) as refused:
        cold.open(sealed, tenant=TENANT, field=FIELD)
    assert refused.value.code == "storage_refused"

"""What sealing costs, how its keys come and go, and that nothing of a secret is stored."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.ports.tenants import Secret
from boekbrug.settings.sealing import KEPT_SECONDS, DynamoDataKeys, KmsSealer, quarter
from tests.support.embedded import MOTO, Aws, an_aws
from tests.support.faults import counted_calls, refusing
from tests.support.stores import everything_in, make_key, make_table

SECRET = Secret("shop-token-5f1c")


class Desk:
    """Makes sealers of different processes, on a clock that the test moves."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.table = make_table(aws, "SettingsTable")
        self.key_id = make_key(aws)
        self.kms = aws.client("kms")
        self.seconds = 0.0
        self.day = date(2026, 3, 31)

    def sealer(self) -> KmsSealer:
        shelf = DynamoDataKeys(self.table, self.aws.client("dynamodb"))
        return KmsSealer(
            self.key_id, shelf, self.kms, timer=lambda: self.seconds, today=lambda: self.day
        )


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    with an_aws(request, MOTO) as aws:
        yield Desk(aws)


def sealed_by(sealer: KmsSealer, shop: int) -> str:
    return sealer.seal(SECRET, tenant=f"account-{shop}", field=f"shop:{shop}:token")


def test_shops_that_connect_one_by_one_share_a_data_key(desk: Desk) -> None:
    """Each from a process of its own: one key for all, so that opening all is one KMS call."""
    sealed = [sealed_by(desk.sealer(), shop) for shop in range(30)]
    fetching = desk.sealer()
    with counted_calls(desk.kms) as calls:
        for shop, text in enumerate(sealed):
            tenant, field = f"account-{shop}", f"shop:{shop}:token"
            assert fetching.open(text, tenant=tenant, field=field) == SECRET

    assert calls == {"Decrypt": 1}


def test_a_key_is_forgotten_after_a_while(desk: Desk) -> None:
    """A right to the key that is taken away takes effect."""
    sealer = desk.sealer()
    text = sealed_by(sealer, 1)
    with counted_calls(desk.kms) as calls:
        desk.seconds = KEPT_SECONDS - 1
        sealer.open(text, tenant="account-1", field="shop:1:token")
        assert not calls
        desk.seconds = KEPT_SECONDS
        sealer.open(text, tenant="account-1", field="shop:1:token")

    assert calls == {"Decrypt": 1}


def test_a_quarter_later_there_is_another_key(desk: Desk) -> None:
    """What was sealed before still opens."""
    sealer = desk.sealer()
    before = sealed_by(sealer, 1)
    desk.day = date(2026, 4, 1)
    after = sealed_by(sealer, 1)

    assert before.split(".")[1] != after.split(".")[1]
    for text in (before, after):
        assert sealer.open(text, tenant="account-1", field="shop:1:token") == SECRET


def test_a_page_of_shops_at_once_is_one_call(desk: Desk) -> None:
    """Eight shops in flight on a cold start ask for the same key at the same moment."""
    text = sealed_by(desk.sealer(), 1)
    sealer = desk.sealer()
    with counted_calls(desk.kms) as calls, ThreadPoolExecutor(8) as pool:
        opened = [
            pool.submit(sealer.open, text, tenant="account-1", field="shop:1:token")
            for _ in range(16)
        ]

    assert {one.result() for one in opened} == {SECRET}
    assert calls == {"Decrypt": 1}


def test_two_processes_that_make_a_key_agree_on_one(desk: Desk) -> None:
    """The first on the shelf counts for both."""
    shelf = DynamoDataKeys(desk.table, desk.aws.client("dynamodb"))

    assert shelf.offer("2026Q1", b"first") == b"first"
    assert shelf.offer("2026Q1", b"second") == b"first"
    assert shelf.wrapped("2026Q1") == b"first"
    assert shelf.wrapped("2026Q2") is None


def test_nothing_of_a_secret_or_a_key_is_stored(desk: Desk) -> None:
    """The table holds wrapped keys only."""
    sealer = desk.sealer()
    sealed_by(sealer, 1)
    stored = repr(everything_in(desk.aws, desk.table))
    kept = [plain for plain, _ in sealer._kept.values()]

    assert SECRET.text not in stored
    assert len(kept) == 1
    assert repr(kept[0])[2:-1] not in stored


def test_sealing_without_a_shelf_is_refused(desk: Desk) -> None:
    """It would work, and cost a KMS call per shop and hour ever after."""
    with pytest.raises(NeedsOperator) as refused:
        sealed_by(KmsSealer(desk.key_id, client=desk.kms), 1)

    assert refused.value.code == "set_up"


def test_opening_needs_no_shelf(desk: Desk) -> None:
    """The functions have no right to make data keys."""
    text = sealed_by(desk.sealer(), 1)
    opener = KmsSealer(desk.key_id, client=desk.kms)

    assert opener.open(text, tenant="account-1", field="shop:1:token") == SECRET


@pytest.mark.embedded
def test_a_busy_kms_is_not_now(embedded: Aws) -> None:
    """A throttled key is no broken seal: nothing pauses."""
    desk = Desk(embedded)
    text = sealed_by(desk.sealer(), 1)
    with refusing(desk.kms, "Decrypt", 400, "ThrottlingException"), pytest.raises(RetryLater):
        desk.sealer().open(text, tenant="account-1", field="shop:1:token")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2026, 9, 30), "2026Q3"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_quarters(day: date, name: str) -> None:
    """As the calendar has them."""
    assert quarter(day) == name


def test_keys_and_secrets_show_in_no_repr(desk: Desk) -> None:
    """A traceback with locals tells nothing."""
    sealer = desk.sealer()
    sealed_by(sealer, 1)
    key = sealer._sealing_key()

    assert repr(key) == "DataKey()"
    assert SECRET.text not in repr(SECRET)

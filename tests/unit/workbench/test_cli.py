"""The command line: what it stores, what it shows, and one sentence for what goes wrong."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from boekbrug.domain.order import Store
from boekbrug.errors import RetryLater
from boekbrug.journey.pauses import stop_administration, stop_shop
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import NOT_STARTED
from boekbrug.journey.send_notices import NoticeServices
from boekbrug.ledger.findings import MemoryFindings
from boekbrug.ledger.memory import MemoryLedger
from boekbrug.queues.memory import MemoryShopsQueue
from boekbrug.settings.mail_memories import MemoryMailMemories
from tests.support.connecting import EMAILS, PASSWORD, TOKEN, ListsAway, World, a_shop, contract
from tests.support.fake_shop import unreachable
from tests.support.orders import order_json
from workbench.cli import make_app
from workbench.plain import FAILED, FINE, WRONG_USE, Reach
from workbench.stack import Stack

SECRETS = (TOKEN, PASSWORD, "nieuwe-token-0123456", "nieuw-wachtwoord-2")


@dataclass
class Desk(World):
    """A person at the command line, with or without a terminal."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    queue: MemoryShopsQueue = field(default_factory=MemoryShopsQueue)

    def __call__(self, *arguments: str, typed: str | None = None, **environment: str) -> Result:
        """Run a command; ``typed`` is what a person answers, line by line."""
        telling = NoticeServices(
            tenants=self.tenants,
            ledger=self.ledger,
            findings=MemoryFindings(),
            notices=self.notices,
            memories=MemoryMailMemories(),
            clock=self.clock,
        )
        stack = Stack(
            connecting=self.services,
            ledger=self.ledger,
            shops_queue=self.queue,
            telling=telling,
        )
        asked = Reach(stack=stack, interactive=typed is not None)
        result = CliRunner().invoke(
            make_app(arguments), arguments, input=typed, env=environment, obj=asked
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        for secret in SECRETS:
            assert secret not in result.output, "a secret was printed"
        return result

    def row(self, number: str, **parts: Any) -> None:
        """A row of the ledger."""
        values: dict[str, Any] = {
            "key": OrderKey("shop-1", number, "u"),
            "order_date": date(2026, 3, 1),
            "total": Decimal("38.50"),
            "fingerprint": "f",
            "changed_at": self.clock.now(),
        }
        self.ledger.record([(LedgerRow(**values | parts), None)])


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def connected(desk: Desk) -> Desk:
    desk.connect(contract(a_shop(trigger_statuses=[3])))
    return desk


def failed(result: Result, status: int) -> str:
    """The one sentence of a command that did not succeed."""
    assert result.exit_code == status
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    return sentence


CONTRACT = ("--contractcode", "123456", "--username", "api")
SECRET = {"BOEKBRUG_TOKEN": TOKEN, "BOEKBRUG_PASSWORD": PASSWORD}

# --------------------------------------------------------------------------- connect


def test_a_shop_is_connected_without_questions(desk: Desk) -> None:
    """Options, settings, and secrets from the environment: company and shop are shown."""
    result = desk(
        *("connect", *CONTRACT, "--email", "a@example.nl", "--email", "b@example.nl"),
        *("--set", "trigger_statuses=2,3", "--set", "order_prefix=WA"),
        **SECRET,
    )

    assert result.exit_code == FINE
    assert "Acumulus: Voorbeeld BV (API-gebruiker)" in result.stdout
    assert "Mijnwebwinkel: Winkel Aap (shop-1.example.nl)" in result.stdout
    assert "Connected: Winkel Aap, shop id shop-1" in result.stdout
    assert desk.settings.trigger_statuses == (2, 3)
    account = desk.tenants.account(desk.shop.account_id)
    assert account is not None
    assert account.emails == ("a@example.nl", "b@example.nl")


def test_a_person_is_asked_step_by_step(desk: Desk) -> None:
    """Contract, mails, token, "is this the shop?", and choices from the lists that are shown."""
    answers = [
        *("123456", "api", PASSWORD, "a@example.nl", TOKEN, "y"),
        *("2, 3", "3", "2026-01-01", "70001", "", "WA"),
    ]

    result = desk("connect", typed="\n".join(answers) + "\n")

    assert result.exit_code == FINE, result.output
    for shown in ("Betaald", "mollie:ideal", "70001", "48001", "39001"):
        assert shown in result.stdout
    assert desk.settings.trigger_statuses == (2, 3)
    assert desk.settings.paid_statuses == (3,)
    assert desk.settings.start_date == date(2026, 1, 1)
    assert (desk.settings.account, desk.settings.cost_center) == (70001, None)


def test_choices_are_asked_without_their_lists(desk: Desk) -> None:
    """Lists that do not come are said; the questions are asked all the same."""
    desk.shops.by_token[TOKEN] = ListsAway(desk.shops.by_token[TOKEN].shop)
    answers = ["123456", "api", PASSWORD, "a@example.nl", TOKEN, "y", "3", "", "", "", "", ""]

    result = desk("connect", typed="\n".join(answers) + "\n")

    assert result.exit_code == FINE
    assert "The lists to choose from cannot be read now." in result.stderr
    assert desk.settings.start_date == date(2026, 3, 2)


def test_a_wrong_answer_is_asked_again(desk: Desk) -> None:
    """Each of the three says what is wrong with it, and waits for a better answer."""
    answers = [
        *("123456", "api", "fout", "123456", "api", PASSWORD, "a@example.nl"),
        *("verkeerd", TOKEN, "y"),
        *("77", "", "2026-01-01", "", "", ""),
        *("3", "", "2026-01-01", "", "", ""),
    ]

    result = desk("connect", typed="\n".join(answers) + "\n")

    assert result.exit_code == FINE, result.output
    assert "Acumulus refuses this combination" in result.stderr
    assert "Mijnwebwinkel refuses the shop token" in result.stderr
    assert "no order status 77" in result.stderr
    assert desk.settings.trigger_statuses == (3,)


def test_a_wrong_secret_that_nobody_was_asked_for_is_the_end(desk: Desk) -> None:
    """With a person there, but the token from the environment: asking again would never end."""
    typed = f"123456\napi\n{PASSWORD}\na@example.nl\n"

    result = desk("connect", typed=typed, BOEKBRUG_TOKEN="verkeerd")

    assert result.exit_code == WRONG_USE
    assert "refuses the shop token" in result.stderr


def test_a_shop_that_is_not_the_right_one_is_not_connected(desk: Desk) -> None:
    """The answer "no" stores nothing."""
    typed = f"123456\napi\n{PASSWORD}\na@example.nl\n{TOKEN}\nn\n"

    result = desk("connect", typed=typed)

    assert result.exit_code == WRONG_USE
    assert desk.tenants.all_shops() == []


def test_a_file_is_connected_whole(desk: Desk, tmp_path: Path) -> None:
    """The document of a local run works for a deployed stack too."""
    file = tmp_path / "connect.json"
    file.write_text(json.dumps({"partner_token": "p", "administrations": [contract()]}))

    result = desk("connect", "--file", str(file), "--email", EMAILS[0])

    assert result.exit_code == FINE
    assert desk.shop.shop_id == "shop-1"


def test_secrets_come_from_files(desk: Desk, tmp_path: Path) -> None:
    """A file beats the environment; white space around a secret does not count."""
    token, password = tmp_path / "token", tmp_path / "password"
    token.write_text(f"{TOKEN}\n")
    password.write_text(f" {PASSWORD} ")

    result = desk(
        *("connect", *CONTRACT, "--email", "a@example.nl"),
        *("--token-file", str(token), "--password-file", str(password)),
        BOEKBRUG_TOKEN="verkeerd",
    )

    assert result.exit_code == FINE


@pytest.mark.parametrize(
    ("arguments", "environment", "says"),
    [
        (CONTRACT[:2], SECRET, "user name of the API user is missing: give it with --username"),
        (CONTRACT, {}, "password of the API user is missing: give it with --password-file"),
        ((*CONTRACT, "--password-file", "nergens"), {}, "nergens cannot be read: No such file"),
        ((*CONTRACT, "--language", "de"), SECRET, "--language is nl or en, not de"),
        ((*CONTRACT,), SECRET, "Give it with --email"),
        ((*CONTRACT, "--email", "a@b.nl", "--set", "x"), SECRET, "write name=value"),
        (
            (*CONTRACT, "--email", "a@b.nl", "--set", "exchange_rates=1.17"),
            SECRET,
            "exchange_rates",
        ),
        (("--file", "nergens.json"), {}, "nergens.json cannot be read"),
    ],
)
def test_wrong_use_is_one_sentence(
    desk: Desk, arguments: tuple[str, ...], environment: dict[str, str], says: str
) -> None:
    """It names what is missing or wrong, and nothing is stored."""
    result = desk("connect", *arguments, **environment)

    assert result.exit_code == WRONG_USE
    assert says in result.stderr
    assert desk.tenants.all_shops() == []


def test_what_is_refused_is_wrong_use_and_what_does_not_answer_a_failure(desk: Desk) -> None:
    """The exit status tells a script whether trying again helps."""
    whole = ("connect", *CONTRACT, "--email", "a@b.nl", "--set", "trigger_statuses=3")

    assert desk(*whole, **SECRET | {"BOEKBRUG_TOKEN": "verkeerd"}).exit_code == WRONG_USE
    desk.shops.by_token[TOKEN].failing = unreachable()
    assert desk(*whole, **SECRET).exit_code == FAILED


# --------------------------------------------------------------------------- shops


def test_a_second_shop_joins_the_administration(connected: Desk) -> None:
    """It needs no contract: that of the shop beside it is used, and its references differ."""
    connected.add_shop("nieuwe-token-0123456", "shop-2", "Winkel Noot")

    result = connected(
        *("shop", "add", "--beside", "Winkel Aap", "--set", "trigger_statuses=3"),
        BOEKBRUG_TOKEN="nieuwe-token-0123456",
    )

    assert result.exit_code == FINE
    assert "WN" in result.stderr
    assert {shop.administration_id for shop in connected.tenants.all_shops()} == {
        connected.shop.administration_id
    }


@pytest.mark.parametrize("named", ["shop-1", "winkel aap", "WWW.shop-1.example.nl", "shop"])
def test_a_shop_goes_by_id_name_or_domain(connected: Desk, named: str) -> None:
    """Whatever is nearest at hand; the beginning of an id is enough."""
    connected.shops.by_token[TOKEN].shop = Store("shop-1", "Winkel Aap", "www.shop-1.example.nl")
    connected.connect()

    assert "Winkel Aap" in connected("shop", "show", named).stdout


def test_a_name_of_two_shops_is_not_guessed(connected: Desk) -> None:
    """The sentence lists the ids to choose from."""
    connected.add_shop("nieuwe-token-0123456", "shop-2", "Winkel Aap")
    connected.connect(contract(a_shop("nieuwe-token-0123456")))

    sentence = failed(connected("shop", "show", "winkel aap"), WRONG_USE)

    assert "shop-1" in sentence
    assert "shop-2" in sentence


def test_an_unknown_shop_is_named(connected: Desk) -> None:
    """Exit status 2, one sentence."""
    assert failed(connected("orders", "niemand"), WRONG_USE) == (
        "There is no connected shop niemand."
    )


def test_a_shop_is_shown_without_its_secrets(connected: Desk) -> None:
    """State, settings that differ from the default, orders per state, the token's last four."""
    connected.row("1042", state="booked")
    stop_administration(connected.pausing, connected.administration, "credentials_refused")

    shown = connected("shop", "show", "shop-1").stdout

    assert "booking stopped (credentials_refused)" in shown
    assert "ends in 6789" in shown
    assert "booked 1" in shown
    assert "trigger_statuses" in shown
    assert "order_prefix" not in shown


def test_a_shop_is_shown_as_json(connected: Desk) -> None:
    """Everything, also what has its default."""
    shown = json.loads(connected("shop", "show", "shop-1", "--json").stdout)

    assert shown["shop id"] == "shop-1"
    assert shown["mails"] == list(EMAILS)
    assert shown["settings"]["home_country"] == "NL"


def test_all_shops_are_listed(connected: Desk) -> None:
    """With the state of each; a name with brackets in it is shown as it is."""
    connected.add_shop("nieuwe-token-0123456", "shop-2", "[red]Noot[/]")
    connected.connect(contract(a_shop("nieuwe-token-0123456")))
    stop_shop(connected.pausing, connected.shop, "token_refused")

    listed = connected("shop", "list").stdout

    assert "[red]Noot[/]" in listed
    assert "stopped (token_refused)" in listed


def test_no_shops_is_said(desk: Desk) -> None:
    """An empty stack is not an empty answer."""
    assert "No shop is connected yet." in desk("shop", "list").stdout


def test_there_is_something_to_choose_from(connected: Desk) -> None:
    """Statuses, payment methods, accounts, cost centres and templates, with their ids."""
    shown = connected("shop", "choices", "shop-1").stdout

    for one in ("3", "Betaald", "mollie:ideal", "70001", "48001", "39001"):
        assert one in shown


def test_a_shop_that_is_away_is_one_sentence(connected: Desk) -> None:
    """Whoever asks for choices reads what is wrong, not which path had no answer."""
    connected.shops.by_token[TOKEN].failing = unreachable()
    result = connected("shop", "choices", "shop-1")

    assert result.exit_code == FAILED
    assert "try again in a few minutes" in result.stderr
    assert "/v1/" not in result.stderr


def test_settings_change_from_the_command_line(connected: Desk) -> None:
    """Numbers, lists, tables and texts, each as it is typed most easily."""
    result = connected(
        *("shop", "set", "shop-1", "trigger_statuses=2, 3", "account=70001", "concept=always"),
        'accounts_by_payment={"mollie:ideal": 70002}',
    )

    assert "version 2 decides from now on" in result.stdout
    assert connected.settings.trigger_statuses == (2, 3)
    assert connected.settings.accounts_by_payment == {"mollie:ideal": 70002}
    assert connected.settings.concept == "always"


def test_settings_change_from_a_file(connected: Desk, tmp_path: Path) -> None:
    """A file first, then what is typed over it."""
    file = tmp_path / "settings.json"
    file.write_text('{"concept": "never", "account": 70001}')

    connected("shop", "set", "shop-1", "concept=always", "--file", str(file))

    assert (connected.settings.concept, connected.settings.account) == ("always", 70001)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((), "Nothing to change"),
        (("concpt=auto",), "concpt is not known (did you mean concept?)"),
        (("cost_center=1",), "no cost centre 1"),
    ],
)
def test_wrong_settings_are_refused(connected: Desk, changes: tuple[str, ...], says: str) -> None:
    """The version that decides stays."""
    assert says in failed(connected("shop", "set", "shop-1", *changes), WRONG_USE)
    assert connected.shop.settings_version == 1


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_settings_file_that_is_none_is_refused(
    connected: Desk, tmp_path: Path, text: str
) -> None:
    """The sentence names the file."""
    file = tmp_path / "settings.json"
    file.write_text(text)

    assert str(file) in failed(connected("shop", "set", "shop-1", "--file", str(file)), WRONG_USE)


def test_equal_settings_change_nothing(connected: Desk) -> None:
    """That is said as well."""
    assert "nothing changed" in connected("shop", "set", "shop-1", "trigger_statuses=3").stdout


def test_a_new_token_sets_a_stopped_shop_going(connected: Desk) -> None:
    """Asked for hidden, tried, kept; only its last four are shown."""
    stop_shop(connected.pausing, connected.shop, "token_refused")
    connected.shops.by_token["nieuwe-token-0123456"] = connected.shops.by_token[TOKEN]

    result = connected("shop", "token", "shop-1", typed="nieuwe-token-0123456\n")

    assert "the token ending in 3456 works and is kept." in result.stdout
    assert "goes on again" in result.stderr
    assert connected.shop.paused == ""


def test_a_new_password_sets_a_stopped_administration_going(connected: Desk) -> None:
    """The contract code and the user stay."""
    stop_administration(connected.pausing, connected.administration, "credentials_refused")
    connected.add_contract("123456", password="nieuw-wachtwoord-2")

    result = connected("shop", "contract", "shop-1", BOEKBRUG_PASSWORD="nieuw-wachtwoord-2")

    assert "Voorbeeld BV: the credentials work and are kept." in result.stdout
    assert connected.administration.paused == ""


def test_a_shop_that_is_not_switched_on_is_shown_as_such(connected: Desk) -> None:
    """It is not stopped by anything: its owner has not pressed the button yet."""
    connected.tenants.pause_shop(
        "shop-1", NOT_STARTED, token_version=None, at=connected.clock.now()
    )

    assert "not switched on yet" in connected("shop", "show", "shop-1").stdout
    assert "is switched on" in connected("shop", "resume", "shop-1").stderr


def test_a_shop_is_paused_and_goes_on(connected: Desk) -> None:
    """Twice is said, and harms nothing."""
    assert "is paused." in connected("shop", "pause", "shop-1").stdout
    assert "was stopped already (by_hand)" in connected("shop", "pause", "shop-1").stdout
    assert "is active." in connected("shop", "resume", "shop-1").stdout
    assert connected.shop.paused == ""


@pytest.mark.parametrize(
    ("arguments", "typed", "gone"),
    [(("--yes",), None, True), ((), None, False), ((), "y\n", True), ((), "n\n", False)],
)
def test_a_shop_is_removed_only_when_sure(
    connected: Desk, arguments: tuple[str, ...], typed: str | None, gone: bool
) -> None:
    """A script says --yes, a person answers."""
    result = connected("shop", "remove", "shop-1", *arguments, typed=typed)

    assert (connected.tenants.shop("shop-1") is None) == gone
    assert (result.exit_code == FINE) == gone


# --------------------------------------------------------------------------- orders


def test_orders_are_shown_with_what_became_of_them(connected: Desk) -> None:
    """Invoice number, or the Dutch sentence why not, and the counts."""
    connected.row("1042", state="booked", invoicenumber="20260031", entryid="61")
    connected.row("1043", state="skipped", reason="test_order")

    shown = connected("orders", "shop-1").stdout

    assert "20260031" in shown
    assert "38,50" in shown
    assert "Dit is een testbestelling." in shown
    assert "seen 2: booked 1, skipped 1" in shown


def test_orders_of_one_state_are_shown(connected: Desk) -> None:
    """The newest of them, as many as asked."""
    connected.row("1042", state="booked", entryid="61")
    for number in ("1043", "1044", "1045"):
        connected.row(number, state="held", reason="no_lines")

    document = json.loads(
        connected("orders", "shop-1", "--state", "held", "--last", "2", "--json").stdout
    )

    assert [row["number"] for row in document] == ["1044", "1045"]
    assert document[0] == {
        "number": "1044",
        "state": "held",
        "reason": "no_lines",
        "total": "38.50",
        "currency": "EUR",
        "date": "2026-03-01",
        "invoicenumber": None,
        "entryid": None,
        "conceptid": None,
    }


def test_more_orders_than_shown_are_told(connected: Desk) -> None:
    """Nothing is left out silently."""
    for number in ("1042", "1043"):
        connected.row(number, state="queued")

    shown = connected("orders", "shop-1", "--last", "1").stdout

    assert "1042" not in shown
    assert "--last shows more" in shown


def test_an_unknown_state_is_refused(connected: Desk) -> None:
    """The sentence lists those that exist."""
    assert "not sent" in failed(connected("orders", "shop-1", "--state", "sent"), WRONG_USE)


def test_an_order_is_explained(connected: Desk) -> None:
    """State and sentence first, then amount and timeline."""
    connected.row("1042", state="held", reason="no_lines")

    shown = connected("explain", "shop-1", "#1042").stdout

    assert shown.startswith("1042: held (no_lines)\n")
    assert "38,50 of 2026-03-01" in shown
    assert "2026-03-02 09:00 UTC  held" in shown


def test_an_order_never_fetched_is_explained(connected: Desk) -> None:
    """The shop is asked, and the stop of its booking is told."""
    connected.shops.by_token[TOKEN].add(order_json("1042", status=1))
    stop_administration(connected.pausing, connected.administration, "credentials_refused")

    answer = json.loads(connected("explain", "shop-1", "1042", "--json").stdout)

    assert (answer["state"], answer["reason"]) == ("unseen", "status")
    assert "Bestelling in behandeling" in answer["text"]
    assert len(answer["remarks"]) == 1
    assert answer["order"] is None


def test_a_shop_is_fetched_now(connected: Desk) -> None:
    """Its id goes onto the queue of the hourly job."""
    assert "is fetched now" in connected("run", "shop-1").stdout
    (message,) = connected.queue.take()
    assert list(message.page.shop_ids) == ["shop-1"]


def test_a_stopped_shop_is_not_fetched(connected: Desk) -> None:
    """The sentence says what to do first."""
    connected("shop", "pause", "shop-1")

    assert "shop resume" in failed(connected("run", "shop-1"), WRONG_USE)


def test_owed_mails_are_sent(connected: Desk) -> None:
    """And only once."""
    connected.notices.unreachable = True
    stop_shop(connected.pausing, connected.shop, "token_refused")
    connected.notices.unreachable = False
    connected.clock.forward(hours=1)

    assert "Mails that went out: 1." in connected("notices").stdout
    assert "Nobody has to hear anything." in connected("notices").stdout


def test_storage_that_does_not_answer_is_a_failure(connected: Desk) -> None:
    """One sentence with its code, no traceback."""

    class Away:
        def shop(self, _shop_id: str) -> None:
            raise RetryLater("settings: no answer", code="storage_unreachable")

    connected.tenants = Away()  # type: ignore[assignment]  # a store that only fails

    assert failed(connected("orders", "shop-1"), FAILED) == (
        "settings: no answer (storage_unreachable)"
    )


# --------------------------------------------------------------------------- the whole line


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_lists_every_command(desk: Desk, arguments: tuple[str, ...]) -> None:
    """Also those that load only when they are asked."""
    shown = desk(*arguments).output

    for command in ("connect", "shop", "orders", "explain", "run", "preview", "local"):
        assert f"\n  {command} " in shown


def test_a_mistyped_command_is_wrong_use(desk: Desk) -> None:
    """The nearest one is suggested, without a box and without a traceback."""
    result = desk("explian", "shop-1", "1042")

    assert result.exit_code == WRONG_USE
    assert "No such command 'explian'. Did you mean 'explain'?" in result.stderr


@pytest.mark.parametrize("command", ["preview", "local"])
def test_commands_of_their_own_are_there(desk: Desk, command: str) -> None:
    """They need no stack."""
    assert desk(command, "--help").exit_code == FINE


def test_without_a_stack_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line as it is installed, with nothing to work with."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")
    arguments = ("shop", "list")

    result = CliRunner().invoke(make_app(arguments), arguments)

    assert "AWS cannot be used" in failed(result, FAILED)

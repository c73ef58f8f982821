"""`boekbrug connect`: a contract and a shop, tried, chosen for, and stored; asked step by step."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect import connect, connect_file
from boekbrug.journey.connect_checks import (
    Choices,
    contract_advice,
    read_choices,
    title,
    try_contract,
    try_token,
)
from boekbrug.journey.connect_document import (
    AdministrationToConnect,
    ShopToConnect,
    read_settings,
)
from boekbrug.journey.ports.books import Books, Contract, Credentials
from boekbrug.journey.ports.shops import Shop
from boekbrug.journey.ports.tenants import ConnectedShop
from workbench.plain import (
    Reach,
    WrongUseError,
    again,
    ask,
    ask_secret,
    question,
    reach,
    read_text,
    rows_table,
    say,
    screen,
    tell_remark,
)
from workbench.settings_input import settings_from

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TOKEN_VARIABLE, PASSWORD_VARIABLE = "BOEKBRUG_TOKEN", "BOEKBRUG_PASSWORD"  # names

TokenFile = Annotated[
    Path | None,
    typer.Option(help=f"File with the shop token; else ${TOKEN_VARIABLE}, else asked."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(help=f"File with the API user's password; else ${PASSWORD_VARIABLE}, else asked."),
]
SettingsFile = Annotated[
    Path | None, typer.Option(help="Settings as a JSON object; - reads standard input.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", help="One setting, as name=value; may be repeated.")
]
Emails = Annotated[
    list[str] | None, typer.Option("--email", help="Who is mailed; may be repeated.")
]


def register(app: typer.Typer) -> None:
    """Add the command `connect` to the command line."""

    @app.command("connect")
    def command(
        ctx: typer.Context,
        *,
        file: Annotated[
            Path | None,
            typer.Option(help="Connect everything in this file (JSON), asking nothing."),
        ] = None,
        contractcode: Annotated[str, typer.Option(help="Contract code of Acumulus.")] = "",
        username: Annotated[str, typer.Option(help="User name of the API user.")] = "",
        password_file: PasswordFile = None,
        token_file: TokenFile = None,
        settings: SettingsFile = None,
        one_setting: Settings = None,
        email: Emails = None,
        language: Annotated[str, typer.Option(help="Language of the mails: nl or en.")] = "nl",
        account: Annotated[str, typer.Option(help="An account that is there already.")] = "",
    ) -> None:
        """Connect an Acumulus contract and a shop.

        Both are tried before anything is stored; what is not given is asked.
        """
        asked = reach(ctx)
        emails = tuple(email or ())
        if language not in {"nl", "en"}:
            raise WrongUseError(f"--language is nl or en, not {language}.")
        if file is not None:
            services = asked.open().connecting
            shops = connect_file(services, read_text(file), emails=emails, tell=tell_remark)
            tell_connected(shops)
            return
        owner = ask_contract(
            asked, contractcode=contractcode, username=username, password_file=password_file
        )
        emails = emails or _ask_emails(asked)
        add_shop(
            asked,
            replace(owner.asked, account_id=account, emails=emails, language=language),
            owner.books,
            token_file=token_file,
            given=settings_from(settings, one_setting),
        )


class Owner:
    """A contract that works: what to connect it with, and its opened books."""

    def __init__(self, credentials: Credentials, books: Books, contract: Contract) -> None:
        self.asked = AdministrationToConnect(credentials=credentials)
        self.books = books
        self.contract = contract


def ask_contract(
    asked: Reach, *, contractcode: str, username: str, password_file: Path | None
) -> Owner:
    """Ask for a contract until it works, and show whose it is."""

    def attempt() -> Owner:
        credentials = Credentials(
            ask(asked, contractcode, "contract code", option="--contractcode"),
            ask(asked, username, "user name of the API user", option="--username"),
            ask_secret(
                asked,
                "password of the API user",
                variable=PASSWORD_VARIABLE,
                file=password_file,
                option="--password-file",
            ),
        )
        services = asked.open().connecting
        return Owner(
            credentials,
            *try_contract(services.administrations, credentials, patience=services.patience),
        )

    owner: Owner = again(asked, attempt)
    contract = owner.contract
    say(
        f"Acumulus: {contract.company_name or 'a company without a name'}"
        f" ({contract.role or 'unknown role'})"
    )
    for remark in contract_advice(contract):
        tell_remark(remark)
    return owner


def add_shop(
    asked: Reach,
    owner: AdministrationToConnect,
    books: Books,
    *,
    token_file: Path | None,
    given: dict[str, Any],
) -> None:
    """Ask for a shop and its settings, then connect it to the administration."""
    services = asked.open().connecting

    def token() -> tuple[ShopToConnect, Shop, Store]:
        secret = ask_secret(
            asked, "shop token", variable=TOKEN_VARIABLE, file=token_file, option="--token-file"
        )
        found = try_token(services.shops, secret, patience=services.patience)
        return ShopToConnect(token=secret), *found

    shop, api, store = again(asked, token)
    say(f"Mijnwebwinkel: {title(store)} ({store.domain or store.id})")
    if asked.interactive and not typer.confirm("Is this the shop?", default=True):
        raise WrongUseError("Nothing is stored: use the token of the right shop.")

    def settings() -> list[ConnectedShop]:
        chosen = _choose(asked, api, books, given)
        whole = replace(owner, shops=(replace(shop, settings=chosen),))
        return connect(services, [whole], by="command line", tell=tell_remark)

    tell_connected(again(asked, settings))


def tell_connected(shops: list[ConnectedShop]) -> None:
    """What is connected now."""
    for shop in shops:
        stopped = f", stopped ({shop.paused})" if shop.paused else ""
        say(f"Connected: {title(shop.store)}, shop id {shop.shop_id}{stopped}")


def show_choices(choices: Choices) -> None:
    """Everything to choose from, each list under its own heading."""
    lists: dict[tuple[str, ...], list[tuple[str, ...]]] = {
        ("status", "name", ""): [
            (str(status.id), status.description, "credit" if status.credit_order else "")
            for status in choices.statuses
        ],
        ("payment method", "name"): [
            (f"{gateway}:{method}", name) for gateway, method, name in choices.payment_methods
        ],
    }
    for what, rows in (
        ("account", choices.accounts),
        ("cost centre", choices.cost_centers),
        ("template", choices.templates),
    ):
        lists[what, "name"] = [(str(row.id), row.name) for row in rows]
    for columns, shown in lists.items():
        screen().print(rows_table(columns, shown), "")


# --------------------------------------------------------------------------- choosing


def _choose(asked: Reach, api: Shop, books: Books, given: dict[str, Any]) -> ShopSettings:
    """The settings that were given, else those a person picks from the lists."""
    if given or not asked.interactive:
        return read_settings(given)
    try:
        show_choices(read_choices(api, books))
    except BoekbrugError:
        screen(to_stderr=True).print("The lists to choose from cannot be read now.", style="yellow")
    return read_settings(_picked(asked))


def _picked(asked: Reach) -> dict[str, Any]:
    """The choices almost every shop makes; the others have defaults and `shop set` changes them."""
    numbers = {
        "trigger_statuses": "Book orders in which statuses (ids, with commas)",
        "paid_statuses": "Which of those mean paid (ids, with commas; empty for none)",
    }
    today = asked.open().connecting.clock.now().astimezone(AMSTERDAM).date()
    picked: dict[str, Any] = {
        name: _parts(question(asked, text, default="")) for name, text in numbers.items()
    }
    picked["start_date"] = question(asked, "Orders from which date on", default=f"{today}")
    texts = {
        "account": "Account id (empty for the first)",
        "cost_center": "Cost centre id (empty for the first)",
        "order_prefix": "Prefix of order numbers (empty for none)",
    }
    return picked | {name: question(asked, text, default="") for name, text in texts.items()}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _ask_emails(asked: Reach) -> tuple[str, ...]:
    if not asked.interactive:
        raise WrongUseError("Who is mailed when something is wrong? Give it with --email.")
    answer = question(asked, "Who is mailed when something is wrong (addresses, with commas)")
    return _parts(answer)

"""`boekbrug shop ...`: what is connected, and everything that changes it afterwards."""

import json
from collections import Counter
from typing import Annotated, Any

import typer

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.connect_checks import read_choices, title, try_contract, try_token
from boekbrug.journey.connect_document import AdministrationToConnect
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.tenants import NOT_STARTED, Administration, ConnectedShop
from boekbrug.journey.upkeep import (
    change_settings,
    pause,
    remove,
    replace_credentials,
    replace_token,
    resume,
)
from workbench.connect_command import (
    TOKEN_VARIABLE,
    PasswordFile,
    Settings,
    SettingsFile,
    TokenFile,
    add_shop,
    ask_contract,
    show_choices,
)
from workbench.plain import (
    Reach,
    WrongUseError,
    ask_secret,
    find_shop,
    reach,
    rows_table,
    say,
    screen,
    site,
    tell_remark,
)
from workbench.settings_input import settings_from
from workbench.stack import Stack

ShopName = Annotated[str, typer.Argument(metavar="SHOP", help="Its id, name or domain.")]
AsJson = Annotated[bool, typer.Option("--json", help="As one JSON document.")]

shops = typer.Typer(no_args_is_help=True, help="The connected shops.")


def register(app: typer.Typer) -> None:
    """Add the commands under `shop` to the command line."""
    app.add_typer(shops, name="shop")


@shops.command("list")
def list_command(ctx: typer.Context) -> None:
    """All connected shops."""
    tenants = reach(ctx).open().connecting.tenants
    rows = []
    for shop in sorted(tenants.all_shops(), key=lambda one: title(one.store).casefold()):
        into = tenants.administration(shop.administration_id)
        state = _state(shop, into)
        rows.append((shop.shop_id, title(shop.store), site(shop), _company(into), state))
    columns = ("shop id", "shop", "domain", "administration", "state")
    screen().print(rows_table(columns, rows) if rows else "No shop is connected yet.")


@shops.command("add")
def add_command(
    ctx: typer.Context,
    *,
    beside: Annotated[
        str,
        typer.Option(metavar="SHOP", help="A shop that is on the same administration already."),
    ],
    token_file: TokenFile = None,
    settings: SettingsFile = None,
    one_setting: Settings = None,
) -> None:
    """Connect one more shop to an administration.

    The administration is that of a shop that is connected already.
    """
    asked = reach(ctx)
    services = asked.open().connecting
    administration = _administration(asked.open(), find_shop(asked.open(), beside))
    credentials = open_credentials(services.sealer, administration)
    add_shop(
        asked,
        AdministrationToConnect(credentials=credentials, account_id=administration.account_id),
        services.administrations.open(credentials),
        token_file=token_file,
        given=settings_from(settings, one_setting),
    )


@shops.command("show")
def show_command(ctx: typer.Context, shop: ShopName, *, as_json: AsJson = False) -> None:
    """Show a shop: state, settings, orders.

    Settings that have their default are left out; --json has them all.
    """
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    shown = _shown(stack, found)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for name in (
        "shop",
        "domain",
        "shop id",
        "administration",
        "state",
        "token",
        "mails",
        "orders",
    ):
        say(f"{name:<15} {_flat(shown[name])}")
    say(f"{'settings':<15} version {found.settings_version}")
    defaults = ShopSettings().model_dump(mode="json")
    for name, value in shown["settings"].items():
        if value != defaults[name]:
            say(f"  {name:<23} {_flat(value)}")


@shops.command("choices")
def choices_command(ctx: typer.Context, shop: ShopName) -> None:
    """What there is to choose from in the settings.

    Order statuses, payment methods, accounts, cost centres and invoice templates.
    """
    stack = reach(ctx).open()
    services, found = stack.connecting, find_shop(stack, shop)
    credentials = open_credentials(services.sealer, _administration(stack, found))
    token, patience = open_token(services.sealer, found), services.patience
    api, _ = try_token(services.shops, token, patience=patience)
    books, _ = try_contract(services.administrations, credentials, patience=patience)
    show_choices(read_choices(api, books))


@shops.command("set")
def set_command(
    ctx: typer.Context,
    shop: ShopName,
    settings: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="What changes.")
    ] = None,
    *,
    file: SettingsFile = None,
) -> None:
    """Change settings of a shop.

    What is not named keeps its value. They are checked before they are kept.
    """
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    changes = settings_from(file, settings)
    if not changes:
        raise WrongUseError("Nothing to change: write name=value, or give a file with --file.")
    version = change_settings(
        stack.connecting, found.shop_id, changes, by="command line", tell=tell_remark
    )
    same = version == found.settings_version
    say(
        f"{title(found.store)}: nothing changed, version {version} still decides."
        if same
        else f"{title(found.store)}: version {version} decides from now on."
    )


@shops.command("token")
def token_command(ctx: typer.Context, shop: ShopName, *, token_file: TokenFile = None) -> None:
    """Give a shop a new token.

    It must be one of the same shop. A shop whose token was refused goes on.
    """
    asked = reach(ctx)
    stack = asked.open()
    found = find_shop(stack, shop)
    token = ask_secret(
        asked, "new shop token", variable=TOKEN_VARIABLE, file=token_file, option="--token-file"
    )
    row = replace_token(stack.connecting, found.shop_id, token, tell=tell_remark)
    say(f"{title(row.store)}: the token ending in {token.last_four} works and is kept.")


@shops.command("contract")
def contract_command(
    ctx: typer.Context,
    shop: ShopName,
    *,
    username: Annotated[str, typer.Option(help="Another user name; default: the same.")] = "",
    password_file: PasswordFile = None,
) -> None:
    """Give a shop's administration a new password.

    Or another user of the same contract. Booking that was stopped goes on.
    """
    asked = reach(ctx)
    stack = asked.open()
    administration = _administration(stack, find_shop(stack, shop))
    owner = ask_contract(
        asked,
        contractcode=administration.contractcode,
        username=username or administration.username,
        password_file=password_file,
    )
    row = replace_credentials(
        stack.connecting,
        administration.administration_id,
        owner.asked.credentials,
        tell=lambda remark: tell_remark(remark) if remark.code == "resumed" else None,
    )
    say(f"{_company(row)}: the credentials work and are kept.")


@shops.command("pause")
def pause_command(ctx: typer.Context, shop: ShopName) -> None:
    """Stop fetching a shop.

    Until `shop resume`. Nothing is lost and nobody is mailed.
    """
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    won = pause(stack.connecting, found.shop_id)
    said = "is paused." if won else f"was stopped already ({found.paused})."
    say(f"{title(found.store)} {said}")


@shops.command("resume")
def resume_command(ctx: typer.Context, shop: ShopName) -> None:
    """Let a stopped shop go on.

    And its administration, once the access to both is proven to work.
    """
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    resume(stack.connecting, found.shop_id, tell=tell_remark)
    say(f"{title(found.store)} is active.")


@shops.command("remove")
def remove_command(
    ctx: typer.Context,
    shop: ShopName,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Disconnect a shop and forget its token.

    What was booked stays known in the ledger.
    """
    asked = reach(ctx)
    stack = asked.open()
    found = find_shop(stack, shop)
    _confirm(asked, f"Disconnect {title(found.store)}?", yes=yes)
    remove(stack.connecting, found.shop_id)
    say(f"{title(found.store)} is disconnected; its orders stay in the ledger.")


def _confirm(asked: Reach, question: str, *, yes: bool) -> None:
    if yes:
        return
    if not asked.interactive:
        raise WrongUseError(f"{question} Say so with --yes.")
    if not typer.confirm(question, default=False):
        raise WrongUseError("Nothing was changed.")


# --------------------------------------------------------------------------- showing


def _administration(stack: Stack, shop: ConnectedShop) -> Administration:
    found = stack.connecting.tenants.administration(shop.administration_id)
    if found is None:
        raise ConnectRefused("unknown_administration", administration=shop.administration_id)
    return found


def _company(administration: Administration | None) -> str:
    if administration is None:
        return "?"
    return administration.company_name or f"contract {administration.contractcode}"


def _state(shop: ConnectedShop, administration: Administration | None) -> str:
    if shop.paused == NOT_STARTED:
        return "not switched on yet"
    if shop.paused:
        return f"stopped ({shop.paused})"
    if administration is not None and administration.paused:
        return f"booking stopped ({administration.paused})"
    return "active"


def _shown(stack: Stack, shop: ConnectedShop) -> dict[str, Any]:
    services = stack.connecting
    administration = services.tenants.administration(shop.administration_id)
    account = services.tenants.account(shop.account_id)
    settings = services.tenants.settings(shop.shop_id, shop.settings_version)
    counted = Counter(row.state for row in stack.ledger.shop_rows(shop.shop_id))
    return {
        "shop": title(shop.store),
        "domain": site(shop),
        "shop id": shop.shop_id,
        "administration": _company(administration),
        "state": _state(shop, administration),
        "token": f"ends in {open_token(services.sealer, shop).last_four}",
        "mails": list(account.emails) if account else [],
        "orders": dict(sorted(counted.items())),
        "settings version": shop.settings_version,
        "settings": settings.model_dump(mode="json"),
    }


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {part}" for name, part in value.items()) or "-"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return str(value) or "-"

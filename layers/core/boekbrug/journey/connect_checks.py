"""A token, a contract, settings -> proof that they work and fit together, before any is stored."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from boekbrug.domain.order import OrderStatus, Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError, StopShop
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.patience import AT_ONCE, Patience
from boekbrug.journey.ports.books import Administrations, Books, Choice, Contract, Credentials
from boekbrug.journey.ports.shops import Shop, Shops
from boekbrug.journey.ports.tenants import Secret

MANAGER, USER, CREATOR, API_MANAGER, API_USER, API_CREATOR = range(1, 7)
"""Role ids of ``general_about`` (Acumulus API)."""
LONGEST_TOKEN = 500
"""Far above what Mijnwebwinkel gives; it travels in an address, so what is longer goes nowhere."""

_ROLE_ADVICE = {
    MANAGER: "role_deprecated",
    USER: "role_deprecated",
    CREATOR: "role_deprecated",
    API_MANAGER: "role_too_much",
    API_CREATOR: "role_too_little",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What an owner can choose from in the settings; payment methods are gateway, method, name."""

    statuses: tuple[OrderStatus, ...]
    payment_methods: tuple[tuple[str, str, str], ...]
    accounts: tuple[Choice, ...]
    cost_centers: tuple[Choice, ...]
    templates: tuple[Choice, ...]


def try_token(
    shops: Shops, token: Secret, *, where: str = "", patience: Patience = AT_ONCE
) -> tuple[Shop, Store]:
    """Open the shop and read whose it is; refused when the token does not name a store."""
    if len(token.text) > LONGEST_TOKEN:
        raise ConnectRefused("token_refused", where=where)
    try:
        shop = shops.open(token)
        store = patience.read(shop.store)
    except StopShop:
        if _partner_token_works(shops, patience):
            raise ConnectRefused("token_refused", where=where) from None
        raise ConnectRefused("partner_token_refused") from None
    except BoekbrugError:
        raise ConnectRefused("shop_unreachable", where=where, address=shops.address) from None
    if not store.id:
        raise ConnectRefused("store_without_id", where=where)
    return shop, store


def _partner_token_works(shops: Shops, patience: Patience) -> bool:
    """Every call carries both tokens, and a refusal does not say which of them is meant."""
    try:
        return patience.read(shops.partner_token_works)
    except BoekbrugError:
        return True  # not known: the shop's own token is what people mistype


def try_contract(
    administrations: Administrations,
    credentials: Credentials,
    *,
    where: str = "",
    patience: Patience = AT_ONCE,
) -> tuple[Books, Contract]:
    """Open the administration and read whose it is, in which role, with how much room left."""
    try:
        books = administrations.open(credentials)
        return books, patience.read(books.contract)
    except StopShop as refused:
        problem = "role_refused" if refused.code == "role_refused" else "contract_refused"
        raise ConnectRefused(problem, where=where) from None
    except BoekbrugError:
        raise ConnectRefused(
            "books_unreachable", where=where, address=administrations.address
        ) from None


def contract_advice(contract: Contract, *, where: str = "") -> Iterator[Remark]:
    """What the owner should know of a contract that works: its role, and a trial's room."""
    if contract.role_id != API_USER:
        yield Remark(_ROLE_ADVICE.get(contract.role_id or 0, "role_unknown"), where)
    if contract.max_entries is not None and contract.entries_left is not None:
        values = {"left": contract.entries_left, "most": contract.max_entries}
        yield Remark("entries_left", where, values)


def read_choices(shop: Shop, books: Books) -> Choices:
    """Everything to choose from, for a wizard or a settings page."""
    return Choices(
        statuses=shop.order_statuses(),
        payment_methods=shop.payment_methods(),
        accounts=books.accounts(),
        cost_centers=books.cost_centers(),
        templates=books.templates(),
    )


def check_settings(
    settings: ShopSettings,
    *,
    shop: Shop,
    store: Store,
    books: Books,
    where: str = "",
    patience: Patience = AT_ONCE,
) -> list[Remark]:
    """Compare every id in the settings with what the shop and the administration really have.

    Acumulus silently books on another account or cost centre when it does not know the id
    (Acumulus API, section 3), so an unknown one is refused here, by name. Lists are read only
    when a setting names something of theirs. Returns what could not be checked or looks odd.
    """
    _check_picked(settings, books, where, patience)
    remarks = _check_statuses(settings, shop, store, where, patience)
    return remarks + _check_payment_methods(settings, shop, store, where, patience)


def _check_statuses(
    settings: ShopSettings, shop: Shop, store: Store, where: str, patience: Patience
) -> list[Remark]:
    chosen = {
        name: ids
        for name in ("trigger_statuses", "credit_statuses", "paid_statuses")
        if (ids := getattr(settings, name))
    }
    if not chosen:
        return []
    try:
        statuses = patience.read(shop.order_statuses)
    except BoekbrugError:
        statuses = ()
    if not statuses:
        return [Remark("statuses_unchecked", where, {"shop": title(store)})]
    known = {status.id for status in statuses}
    for name, ids in chosen.items():
        for unknown in sorted(set(ids) - known):
            listed = ", ".join(f"{row.id} ({row.description})" for row in statuses)
            raise ConnectRefused(
                "unknown_status", where=where, setting=name, value=unknown, known=listed
            )
    return []


def _check_payment_methods(
    settings: ShopSettings, shop: Shop, store: Store, where: str, patience: Patience
) -> list[Remark]:
    """A method the shop no longer offers may still be on old orders: said, not refused."""
    chosen = [
        (name, key)
        for name in ("accounts_by_payment", "cost_centers_by_payment")
        for key in getattr(settings, name)
    ]
    if not chosen:
        return []
    try:
        offered = patience.read(shop.payment_methods)
    except BoekbrugError:
        return []
    known = {f"{gateway}:{method}".casefold() for gateway, method, _ in offered}
    known |= {method.casefold() for _, method, _ in offered}
    return [
        Remark(
            "unknown_payment_method", where, {"setting": name, "value": key, "shop": title(store)}
        )
        for name, key in chosen
        if known and key.casefold() not in known
    ]


def _check_picked(settings: ShopSettings, books: Books, where: str, patience: Patience) -> None:
    accounts = {"account": settings.account} | {
        f"accounts_by_payment.{key}": value for key, value in settings.accounts_by_payment.items()
    }
    centers = {"cost_center": settings.cost_center} | {
        f"cost_centers_by_payment.{key}": value
        for key, value in settings.cost_centers_by_payment.items()
    }
    templates = {"template_due": settings.template_due, "template_paid": settings.template_paid}
    for picked, read, kind in (
        (accounts, books.accounts, ("rekening", "account")),
        (centers, books.cost_centers, ("kostenplaats", "cost centre")),
        (templates, books.templates, ("factuursjabloon", "invoice template")),
    ):
        _check_list(picked, partial(patience.read, read), kind, where)


def _check_list(
    picked: dict[str, int | None],
    read: Callable[[], Sequence[Choice]],
    kind: tuple[str, str],
    where: str,
) -> None:
    wanted = {name: value for name, value in picked.items() if value}  # 0 is "the default" (R104)
    if not wanted:
        return
    try:
        choices = read()
    except BoekbrugError:
        raise ConnectRefused(
            "choices_unreadable", where=where, setting=next(iter(wanted))
        ) from None
    known = {choice.id for choice in choices}
    listed = ", ".join(f"{choice.id} ({choice.name})" for choice in choices) or "-"
    for name, value in wanted.items():
        if value not in known:
            raise ConnectRefused(
                "unknown_choice",
                where=where,
                setting=name,
                value=value,
                kind_nl=kind[0],
                kind_en=kind[1],
                known=listed,
            )


def title(store: Store) -> str:
    """What a person calls the shop."""
    return store.name or store.domain or store.id

"""The <contract> section in, the contract and its user out; refusals as the API words them."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

from workbench.standins.books.calls import SAME_RANK, USER, Call
from workbench.standins.books.contract import Contract, User
from workbench.standins.books.messages import Refused
from workbench.standins.books.switches import BooksSwitches
from workbench.standins.books.wire import text_of


def logged_in(
    root: ET.Element,
    contracts: dict[str, Contract],
    switches: BooksSwitches,
    create: Callable[[str, str, str], Contract],
) -> tuple[Contract, User]:
    """Who is calling; raises Refused. ``create`` makes a contract of a code, user and password."""
    section = root.find("contract")
    if section is None:
        raise Refused("AF1001MCS")
    code = text_of(section, "contractcode") or ""
    username, password = text_of(section, "username") or "", text_of(section, "password") or ""
    contract = contracts.get(code)
    if contract is None and switches.unknown_contract == "create" and code and password:
        contract = create(code, username, password)
    if contract is None:
        raise refused_login(switches)
    if 0 < switches.lock_out_after <= contract.refused_logins:
        raise Refused("SIMLOCKEDOUT")
    user = contract.user(username, password)
    if user is None:
        contract.refused_logins += 1
        raise refused_login(switches)
    return contract, user


def refused_login(switches: BooksSwitches) -> Refused:
    """The refusal of wrong credentials; its codetag is not known, its HTTP status a switch."""
    return Refused("SIMLOGIN", http=int(switches.bad_credentials))


def check_role(user: User, call: Call, name: str, switches: BooksSwitches) -> None:
    """Refuse a call that the user's role may not use."""
    role = SAME_RANK.get(user.role, user.role)
    outgoing = name.endswith("contact_invoices_outgoing")
    if outgoing and switches.outgoing_invoices_role == "creator":
        role = USER
    if role not in call.roles:
        raise Refused("A8N403GCN")

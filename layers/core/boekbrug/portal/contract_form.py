"""The fields of an Acumulus contract: what was typed, and which field a refusal is about."""

from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import Secret
from boekbrug.portal.visit import Visit

CODE, USER, PASSWORD = "contractcode", "gebruiker", "wachtwoord"
_PLACES = {
    "contract_refused": CODE,
    "contract_of_another_account": CODE,
    "contract_of_another_administration": CODE,
    "role_refused": USER,
}


def typed_contract(visit: Visit) -> tuple[Credentials, dict[str, str]]:
    """What was typed, and a sentence for each field that is empty."""
    form = visit.form
    typed = Credentials(form.text(CODE), form.text(USER), Secret(form.text(PASSWORD)))
    filled = {CODE: typed.contractcode, USER: typed.username, PASSWORD: typed.password.text}
    missing = {name: visit.say(f"connect.missing_{name}") for name in filled if not filled[name]}
    return typed, missing


def contract_error(visit: Visit, refused: ConnectRefused) -> dict[str, str]:
    """The sentence, at the field that the owner looks at first."""
    return {_PLACES.get(refused.remark.code, ""): refused.remark.told(visit.language)}

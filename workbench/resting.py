"""Shops of earlier runs in the same state that do not fit this one: they rest meanwhile.

Their servers may be gone, and a token may open another shop by now. A shop that a person paused
stays paused: a file says which of them rest because of us.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.connect_checks import try_contract, try_token
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.upkeep import pause


def wake(services: ConnectServices, remembered: Path) -> None:
    """Let the shops go on that an earlier run let rest; ``remembered`` is the file of them."""
    if remembered.exists():
        for shop_id in json.loads(remembered.read_text()):
            services.tenants.resume_shop(shop_id)
        remembered.unlink()


def let_others_rest(
    services: ConnectServices, connected: Iterable[ConnectedShop], remembered: Path
) -> list[ConnectedShop]:
    """Pause those beside the connected ones that do not fit; returns the shops that rest.

    The file is written first: a run that is killed in between leaves no shop behind.
    """
    known = {shop.shop_id for shop in connected}
    others = [shop for shop in services.tenants.all_shops() if shop.shop_id not in known]
    resting = [shop for shop in others if not shop.paused and not _fits(services, shop)]
    if resting:
        remembered.write_text(json.dumps([shop.shop_id for shop in resting]))
    for shop in resting:
        pause(services, shop.shop_id)
    return resting


def _fits(services: ConnectServices, shop: ConnectedShop) -> bool:
    """Whether its token still opens this very shop, and its contract is accepted."""
    administration = services.tenants.administration(shop.administration_id)
    if administration is None:
        return False
    try:
        token = open_token(services.sealer, shop)
        _, store = try_token(services.shops, token, patience=services.patience)
        credentials = open_credentials(services.sealer, administration)
        try_contract(services.administrations, credentials, patience=services.patience)
    except BoekbrugError:
        return False
    return store.id == shop.shop_id

"""The versions of a shop's settings: who chose what, when, and what that changed."""

from dataclasses import dataclass

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.tenants import ConnectedShop, SettingsVersion, Tenants

MOST = 50


@dataclass(frozen=True, slots=True)
class Revision:
    """One version and the names of the settings that differ from the one before.

    ``changed`` of the first version are those that differ from the defaults. ``current``: it
    decides now.
    """

    version: SettingsVersion
    changed: tuple[str, ...]
    current: bool


def history(tenants: Tenants, shop: ConnectedShop, most: int = MOST) -> list[Revision]:
    """The last versions, the newest first."""
    versions = tenants.settings_versions(shop.shop_id, most + 1)
    before = {one.version + 1: one.settings for one in versions}
    return [
        Revision(
            one,
            changed(before.get(one.version, ShopSettings()), one.settings),
            one.version == shop.settings_version,
        )
        for one in versions[:most]
    ]


def changed(before: ShopSettings, after: ShopSettings) -> tuple[str, ...]:
    """The names of the settings that differ, in the order of the model."""
    return tuple(
        name for name in ShopSettings.model_fields if getattr(before, name) != getattr(after, name)
    )

"""Service accounts and the keys that people made for them. When a key was last used the inventory does not hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import data, instant, on, text
from collectors.gcp.session import GcpSession
from collectors.resource import AccessKey, Identity

ACCOUNT, KEY = "iam.googleapis.com/ServiceAccount", "iam.googleapis.com/ServiceAccountKey"

SOMEBODYS = "USER_MANAGED"


@collector(
    "gcp.service_accounts",
    sees=Identity,
    kinds=("service account",),
    learns=("console", "keys"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class ServiceAccounts:
    """Every service account of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of service accounts, then those of which only a key is listed: either may come first."""
        listed = set()
        for asset in session.assets(ACCOUNT):
            listed.add(asset["name"])
            yield asset
        for key in session.loose(KEY):
            name = key["name"].partition("/keys/")[0]
            if name not in listed:
                listed.add(name)
                yield {"name": name, "assetType": ACCOUNT, "ancestors": key["ancestors"]}

    def describe(self, session: GcpSession, item: Item) -> Identity:
        """The asset and its keys."""
        account = data(item) if "resource" in item else {}
        keys = session.under(KEY, item["name"])
        return Identity(
            id=item["name"], provider="gcp", account=session.account, region="global", kind="service account",
            name=text(account, "email"), managed_by="customer", console=False,
            keys=None if keys is None else made_by_people(keys, usable=not on(account, "disabled")),
        )  # fmt: skip


def made_by_people(keys: tuple[Mapping[str, Any], ...], *, usable: bool) -> tuple[AccessKey, ...] | None:
    """User-managed keys; those that Google makes and rotates are no credentials of anybody.

    A key of no said type counts as somebody's; one of a type that is not known is not learned.
    """
    types = [text(key, "resource", "data", "keyType") or SOMEBODYS for key in keys]
    if not {SOMEBODYS, "SYSTEM_MANAGED"}.issuperset(types):
        return None
    return tuple(
        AccessKey(
            active=usable and not on(key, "resource", "data", "disabled"),
            created=instant(key, "resource", "data", "validAfterTime"),
        )
        for key, made in zip(keys, types, strict=True)
        if made == SOMEBODYS
    )

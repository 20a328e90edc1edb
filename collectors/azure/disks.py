"""Managed disks and their snapshots."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import header, inner, instant, properties, said, text
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

HOLDERS = {
    "encryptionatrestwithplatformkey": "provider",
    "encryptionatrestwithcustomerkey": "customer",
    "encryptionatrestwithplatformandcustomerkeys": "customer",
}
"""Every way in which a managed disk is encrypted, with whose key; there is none without."""
EXPORTED = {
    "activesas": True, "activesasfrozen": True, "unattached": False, "attached": False, "reserved": False, "frozen": False,
    "readytoupload": False, "activeupload": False,
}  # fmt: skip
"""State of a disk -> whoever has an address of it reads it."""


@collector(
    "azure.disks",
    sees=DataStore,
    kinds=("volume",),
    learns=("encrypted", "key_held_by"),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Compute/disks/read"),
    where="account",
)
class Disks:
    """Every managed disk of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Disks", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all."""
        known = properties(item)
        holder = key_held_by(known)
        return DataStore(
            **header(session, item), kind="volume", created=instant(known, "timeCreated"),
            encrypted=None if holder is None else True, key_held_by=holder,
        )  # fmt: skip


@collector(
    "azure.snapshots",
    sees=DataStore,
    kinds=("snapshot",),
    learns=("encrypted", "key_held_by", "public"),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Compute/snapshots/read"),
    where="account",
)
class Snapshots:
    """Every snapshot of a managed disk."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Snapshots", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all."""
        known = properties(item)
        holder = key_held_by(known)
        return DataStore(
            **header(session, item), kind="snapshot", created=instant(known, "timeCreated"),
            encrypted=None if holder is None else True, key_held_by=holder, public=public(known),
        )  # fmt: skip


def key_held_by(known: Mapping[str, Any] | None) -> Any:
    """Whose key encrypts a disk or snapshot."""
    kind = text(inner(known, "encryption"), "type")
    return HOLDERS.get(kind.lower()) if kind else None


def public(known: Mapping[str, Any] | None) -> bool | None:
    """An export is under way to whoever has its address, from any network. Azure shares no snapshot with everybody otherwise."""
    state = text(known, "diskState")
    networks = said(known, "networkAccessPolicy", {"allowall": True, "allowprivate": False, "denyall": False})
    closed = said(known, "publicNetworkAccess", {"disabled": True, "enabled": False})
    if networks is False or closed:
        return False
    if networks is None or state is None:
        return None
    return EXPORTED.get(state.lower())

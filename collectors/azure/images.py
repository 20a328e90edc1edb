"""Images that machines are made of: single ones, and the versions that galleries hold.

What lies in an image is encrypted by Azure always. An image is for whoever has rights to it, but for those of a gallery that is shared
with the community: from them everybody may make a machine.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from collectors.azure.elements import header, inner, instant, listed, properties, said, text
from collectors.azure.machines import own_id
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

Holder = Literal["provider", "customer"] | None
SHARED = {"private": False, "groups": False, "community": True}
"""How a gallery is shared -> with everybody; `groups` are subscriptions and tenants by name."""


@collector(
    "azure.images",
    sees=DataStore,
    kinds=("image",),
    learns=("encrypted", "key_held_by", "public"),
    moves=("replicationStatus",),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Compute/images/read",
        "Microsoft.Compute/galleries/read",
        "Microsoft.Compute/galleries/images/versions/read",
    ),
    where="account",
)
class Images:
    """Every image, and every version of one in a gallery."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        yield from session.pages("graph.Images", "data")
        yield from session.pages("graph.ImageVersions", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row, and for a version the row of its gallery."""
        known, identity = properties(item), str(item["id"]).lower()
        version = "/galleries/" in identity
        return DataStore(
            **header(session, item), kind="image", created=instant(inner(known, "publishingProfile"), "publishedDate"),
            encrypted=None if known is None else True, key_held_by=of_version(known) if version else of_image(known),
            public=public(session, identity) if version else None if known is None else False,
        )  # fmt: skip


def public(session: Session, version: str) -> bool | None:
    """The gallery of a version is shared with the community; one that was never shared says nothing of it."""
    galleries = cast("AzureSession", session).joined("graph.Galleries", own_id, version.partition("/images/")[0])
    known = properties(galleries[0]) if galleries else None
    profile = inner(known, "sharingProfile")
    if known is None or (profile is None and known.get("sharingProfile") is not None):
        return None
    return said({"permissions": "private", **(profile or {})}, "permissions", SHARED)


def of_image(known: Mapping[str, Any] | None) -> Holder:
    """Whose key encrypts every disk of a single image."""
    profile = inner(known, "storageProfile")
    return _held(_parts(profile, "osDisk", "dataDisks"), "diskEncryptionSet", "id")


def of_version(known: Mapping[str, Any] | None) -> Holder:
    """Whose key encrypts every copy of a version, in every region to which it was brought."""
    regions = listed(inner(known, "publishingProfile"), "targetRegions")
    found = [_parts(inner(each, "encryption") or {}, "osDiskImage", "dataDiskImages") for each in regions or ()]
    if not found or None in found:
        return None
    return _held([one for each in found for one in each or ()], "diskEncryptionSetId")


def _parts(element: Mapping[str, Any] | None, first: str, others: str) -> list[Mapping[str, Any]] | None:
    """One thing and those beside it, `{}` for what is left out; `None` where they cannot be read."""
    beside = listed({others: [], **(element or {})}, others)
    return None if element is None or beside is None else [inner(element, first) or {}, *beside]


def _held(parts: list[Mapping[str, Any]] | None, *path: str) -> Holder:
    """The customer, where each has a key of ours."""
    if parts is None:
        return None
    return "customer" if all(text(inner(one, *path[:-1]), path[-1]) for one in parts) else "provider"

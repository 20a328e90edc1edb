"""Keys of Cloud KMS.

A key is a line of versions. It is about to be lost as soon as one version is scheduled for destruction: what was encrypted under that
version goes with it. Only symmetric keys of Google's own making rotate by themselves.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import data, instant, labels, last, on, region, seconds, text, tri_any
from collectors.gcp.session import IAM_POLICY, GcpSession
from collectors.resource import Key

KEY, VERSION, RING = (f"cloudkms.googleapis.com/{kind}" for kind in ("CryptoKey", "CryptoKeyVersion", "KeyRing"))
DAY = 86400
OUTSIDE = frozenset({"EXTERNAL", "EXTERNAL_VPC"})
State = Literal["enabled", "disabled", "pending deletion", "other"]


@collector(
    "gcp.keys",
    sees=Key,
    kinds=("key",),
    learns=("state", "origin", "rotatable", "rotation_days", "open_policy"),
    moves=("nextRotationTime",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Keys:
    """Every key of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of keys."""
        return session.assets(KEY)

    def describe(self, session: GcpSession, item: Item) -> Key:
        """The asset, its versions, and the policies on it, on its ring and above."""
        key = data(item)
        origin = origin_of(key)
        rotatable = text(key, "purpose") == "ENCRYPT_DECRYPT" and origin == "provider" if text(key, "purpose") else None
        period = seconds(key, "rotationPeriod")
        return Key(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="key", name=last(item["name"]),
            tags=labels(key), managed_by="customer", created=instant(key, "createTime"), state=state(session, item, key),
            origin=origin, rotatable=rotatable,
            rotation_days=math.ceil(period / DAY) if period is not None else None if "rotationPeriod" in key else 0,
            open_policy=open_policy(session, item),
        )  # fmt: skip


def origin_of(key: Mapping[str, Any]) -> Literal["provider", "imported", "external"]:
    """Where the material of new versions, or of the primary one, was made."""
    levels = {text(key, part, "protectionLevel") for part in ("versionTemplate", "primary")}
    if levels & OUTSIDE:
        return "external"
    return "imported" if on(key, "importOnly") or text(key, "primary", "importJob") else "provider"


def state(session: GcpSession, item: Item, key: Mapping[str, Any]) -> State | None:
    """Of all versions together: one that is scheduled for destruction, else one that works."""
    if text(key, "primary", "state") == "DESTROY_SCHEDULED":
        return "pending deletion"
    versions = session.under(VERSION, item["name"])
    if versions is None:
        return None
    states = {text(one, "resource", "data", "state") for one in versions}
    states |= {text(key, "primary", "state")} - {None}
    if "DESTROY_SCHEDULED" in states:
        return "pending deletion"
    primary = text(key, "primary", "state")
    working = primary == "ENABLED" if primary else "ENABLED" in states
    return "enabled" if working else "disabled" if "DISABLED" in states else "other" if states else None


def open_policy(session: GcpSession, item: Item) -> bool | None:
    """Anybody may do something with it, by a policy on the key, on its ring, or above."""
    ring = item["name"].split("/cryptoKeys/", 1)[0]
    own, above = session.policy(item), session.named(RING, IAM_POLICY, ring)
    return tri_any((
        None if own is None else lineage.public(own),
        None if above is None else lineage.public(above.get("iamPolicy", {})),
        lineage.public_above(session, item, ("roles/cloudkms.", "roles/viewer", "roles/editor", "roles/owner")),
    ))  # fmt: skip

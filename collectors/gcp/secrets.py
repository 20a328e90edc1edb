"""Secrets of Secret Manager, never their values. A rotation is announced on time; who changes the secret is the customer's to see to."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import at, data, instant, labels, last, parts, region, seconds, text, tri_any
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.resource import FAR
from collectors.serving import Secret

SECRET, VERSION = "secretmanager.googleapis.com/Secret", "secretmanager.googleapis.com/SecretVersion"
ROLES = ("roles/secretmanager.", "roles/owner")


@collector(
    "gcp.secrets",
    sees=Secret,
    kinds=("secret",),
    learns=("renews", "rotated", "expires", "open_policy", "key_held_by"),
    moves=("nextRotationTime",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Secrets:
    """Every secret of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of secrets."""
        return session.assets(SECRET)

    def describe(self, session: GcpSession, item: Item) -> Secret:
        """The asset, its versions, and the policies on it and above."""
        secret = data(item)
        own = session.policy(item)
        newest = session.worked_out("newest", VERSION, RESOURCE, _newest)
        ways = (None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES))
        return Secret(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="secret", name=last(item["name"]),
            tags=labels(secret), managed_by="customer", created=instant(secret, "createTime"),
            renews=seconds(secret, "rotation", "rotationPeriod") is not None,
            rotated=newest.get(item["name"]) if newest is not None else None,
            expires=instant(secret, "expireTime") if "expireTime" in secret else FAR,
            open_policy=tri_any(ways), key_held_by=key_held_by(secret),
        )  # fmt: skip


def key_held_by(secret: Mapping[str, Any]) -> Literal["provider", "customer"]:
    """Whose key encrypts it, in each place where it is kept."""
    kept = parts(secret, "replication", "userManaged", "replicas") or (
        at(secret, "replication", "automatic") or at(secret, "replication"),
    )
    keys = [text(one, "customerManagedEncryption", "kmsKeyName") for one in (*kept, secret)]
    return "customer" if keys[-1] or all(keys[:-1]) else "provider"


def _newest(assets: Iterator[dict[str, Any]]) -> dict[str, datetime]:
    """Secret -> when its newest version was made."""
    newest: dict[str, datetime] = {}
    for asset in assets:
        secret, made = asset["name"].partition("/versions/")[0], instant(asset, "resource", "data", "createTime")
        if made and (secret not in newest or made > newest[secret]):
            newest[secret] = made
    return newest

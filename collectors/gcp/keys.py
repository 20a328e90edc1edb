"""Keys of Cloud KMS.

A key is a line of versions. It is about to be lost as soon as one version is scheduled for destruction: what was encrypted under that
version goes with it. Only symmetric keys of Google's own making rotate by themselves.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.elements import data, instant, labels, last, on, region, seconds, text, tri_any
from collectors.gcp.session import IAM_POLICY, GcpSession
from collectors.resource import FAR, Key

KEY, VERSION, RING = (f"cloudkms.googleapis.com/{kind}" for kind in ("CryptoKey", "CryptoKeyVersion", "KeyRing"))
DAY = 86400
ALGORITHMS = tuple((re.compile(pattern), words) for pattern, words in (
    (r"AES_(\d+)_", r"AES-\1"), (r"RSA_\D*_(\d+)(?:_SHA\d+)?$", r"RSA-\1"), (r"RSA_SIGN_RAW_PKCS1_(\d+)", r"RSA-\1"),
    (r"EC_SIGN_P(\d+)_", r"EC-P\1"), (r"EC_SIGN_SECP256K1_", "EC-SECP256K1"), (r"EC_SIGN_ED25519", "EC-ED25519"),
    (r"HMAC_SHA1$", "HMAC-160"), (r"HMAC_SHA(\d+)$", r"HMAC-\1"), (r"PQ_SIGN_(ML|SLH)_DSA_", r"\1-DSA"), (r"ML_KEM_", "ML-KEM"),
))  # fmt: skip
"""Google's word for an algorithm -> ours (Cloud KMS, "Key purposes and algorithms")."""
OUTSIDE = frozenset({"EXTERNAL", "EXTERNAL_VPC"})
ROTATES = {
    "ENCRYPT_DECRYPT": True, "ASYMMETRIC_SIGN": False, "ASYMMETRIC_DECRYPT": False, "RAW_ENCRYPT_DECRYPT": False, "MAC": False,
    "KEY_ENCAPSULATION": False,
}  # fmt: skip
"""Purpose of a key -> Google rotates such by itself."""
STATES = frozenset({
    "ENABLED", "DISABLED", "DESTROYED", "DESTROY_SCHEDULED", "PENDING_GENERATION", "GENERATION_FAILED", "PENDING_IMPORT",
    "IMPORT_FAILED", "PENDING_EXTERNAL_DESTRUCTION", "EXTERNAL_DESTRUCTION_FAILED",
})  # fmt: skip
"""Of a version."""
State = Literal["enabled", "disabled", "pending deletion", "other"]


@collector(
    "gcp.keys",
    sees=Key,
    kinds=("key",),
    learns=(
        "state", "rotatable", "rotation_days", "open_policy", "algorithm", "hardware_held", "expires", "recoverable_days",
        "single_purpose",
    ),
    moves=("nextRotationTime",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)  # fmt: skip
class Keys:
    """Every key of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of keys."""
        return session.assets(KEY)

    def describe(self, session: GcpSession, item: Item) -> Key:
        """The asset, its versions, and the policies on it, on its ring and above."""
        key = data(item)
        origin = origin_of(key)
        rotates = ROTATES.get(text(key, "purpose") or "")
        rotatable = rotates and origin == "provider"
        period = seconds(key, "rotationPeriod")
        return Key(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="key", name=last(item["name"]),
            tags=labels(key), managed_by="customer", created=instant(key, "createTime"), state=state(session, item, key),
            rotatable=rotatable,
            rotation_days=math.ceil(period / DAY) if period is not None else None if "rotationPeriod" in key else 0,
            open_policy=open_policy(session, item), algorithm=algorithm(said_algorithm(key)), hardware_held=hardware_held(key),
            expires=FAR, recoverable_days=recoverable_days(key), single_purpose=True if text(key, "purpose") else None,
        )  # fmt: skip


def said_algorithm(key: Mapping[str, Any]) -> str:
    """In Google's words: of the primary version, or else of those to come."""
    return text(key, "primary", "algorithm") or text(key, "versionTemplate", "algorithm") or ""


def algorithm(said: str) -> str | None:
    """In plain words: `RSA_SIGN_PSS_2048_SHA256` is `RSA-2048`. What an outside key is made by is not known."""
    if said == "GOOGLE_SYMMETRIC_ENCRYPTION":
        return "AES-256"
    for pattern, words in ALGORITHMS:
        if found := pattern.match(said):
            return found.expand(words)
    return None


def hardware_held(key: Mapping[str, Any]) -> bool | None:
    """In Google's hardware modules; of a key outside that is not known."""
    levels = {text(key, part, "protectionLevel") for part in ("versionTemplate", "primary")} - {None}
    if not levels or levels & OUTSIDE:
        return None
    return all(str(level).startswith("HSM") for level in levels)


def recoverable_days(key: Mapping[str, Any]) -> int | None:
    """Days between the call that destroys a version and its end, in which it can be restored."""
    period = seconds(key, "destroyScheduledDuration")
    return None if period is None else period // DAY


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
    if not states <= STATES:
        return None
    primary = text(key, "primary", "state")
    working = primary == "ENABLED" if primary else "ENABLED" in states
    return "enabled" if working else "disabled" if "DISABLED" in states else "other" if states else None


def open_policy(session: GcpSession, item: Item) -> bool | None:
    """Anybody may do something with it, by a policy on the key, on its ring, or above."""
    ring = item["name"].split("/cryptoKeys/", 1)[0]
    own, above = session.policy(item), session.named(RING, IAM_POLICY, ring, owner=session.owner)
    return tri_any((
        None if own is None else lineage.public(own),
        None if above is None else lineage.public(above.get("iamPolicy", {})),
        lineage.public_above(session, item, ("roles/cloudkms.", "roles/viewer", "roles/editor", "roles/owner")),
    ))  # fmt: skip

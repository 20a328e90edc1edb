"""Keys of key vaults, through Resource Manager: no data plane is asked, and no key's material is seen.

A vault's access policies and roles name each user by object id; Azure has no word for everybody there. A vault that is deleted and
waits for its purge stands for the keys that it holds, which cannot be listed any more.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.azure.elements import flag, header, inner, listed, number, properties, span_days, text
from collectors.collector import Item, Session, collector
from collectors.resource import FAR, Key

ROTATABLE = {"RSA": True, "RSA-HSM": True, "EC": True, "EC-HSM": True, "OCT": False, "OCT-HSM": False}
"""Type of a key -> a policy can rotate it."""

PURPOSES = {
    "encrypt": "encrypt", "decrypt": "encrypt", "wrapkey": "encrypt", "unwrapkey": "encrypt", "sign": "sign", "verify": "sign",
}  # fmt: skip
"""Operation -> what it is for; importing and releasing a key are no use of it."""


@collector(
    "azure.keys",
    sees=Key,
    kinds=("key", "deleted vault"),
    learns=(
        "state", "rotatable", "rotation_days", "open_policy", "algorithm", "hardware_held", "expires", "recoverable_days",
        "single_purpose",
    ),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.KeyVault/vaults/read",
        "Microsoft.KeyVault/vaults/keys/read",
        "Microsoft.KeyVault/deletedVaults/read",
    ),
    where="account",
)  # fmt: skip
class Keys:
    """Every key of every vault, and every vault that waits for its purge."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of each vault's listing, with the vault's row beside it under `vault`; then deleted vaults."""
        for vault in session.pages("graph.Vaults", "data"):
            for key in session.pages("arm.Keys", "value", id=vault["id"]):
                yield {**key, "vault": vault}
        yield from session.pages("arm.DeletedVaults", "value")

    def describe(self, session: Session, item: Item) -> Key:
        """A key is asked for its rotation policy, which listings leave out."""
        known = properties(item)
        if "vault" not in item:
            place = {**item, "location": text(known, "location"), "tags": (known or {}).get("tags")}
            return Key(
                **header(session, place), kind="deleted vault",
                state="pending deletion" if text(known, "scheduledPurgeDate") else None, rotatable=False,
                open_policy=False,
            )  # fmt: skip
        whole = properties(session.ask("arm.Key", id=item["id"]))
        kind = text(known, "kty") or text(whole, "kty")
        return Key(
            **header(session, {"location": item["vault"].get("location"), **item}), kind="key",
            created=moment(inner(known, "attributes"), "created"), state=state(known),
            rotatable=ROTATABLE.get((kind or "").upper()),
            rotation_days=None if whole is None else rotation_days(whole), open_policy=open_policy(item["vault"]),
            algorithm=None if kind is None or whole is None else algorithm(kind.upper(), whole),
            hardware_held=None if kind is None else kind.upper().endswith("-HSM"), expires=expires(inner(known, "attributes")),
            recoverable_days=recoverable_days(properties(item["vault"])), single_purpose=single_purpose(whole),
        )  # fmt: skip


def algorithm(kind: str, whole: Mapping[str, Any]) -> str | None:
    """Family and size; a curve by its short name."""
    family, size = kind.removesuffix("-HSM"), number(whole, "keySize")
    if family == "EC":
        curve = text(whole, "curveName")
        return f"EC-{curve.replace('-', '')}" if curve else None
    family = {"OCT": "AES"}.get(family, family)
    return f"{family}-{size}" if size else None


def expires(attributes: Mapping[str, Any] | None) -> datetime | None:
    """The end that it was given; Azure leaves the field out where it has none."""
    if attributes is None:
        return None
    return FAR if attributes.get("exp") is None else moment(attributes, "exp")


def recoverable_days(vault: Mapping[str, Any] | None) -> int | None:
    """Days in which a deleted key can be had back; whoever may purge it, and is not kept from it, can take that away."""
    return 0 if flag(vault, "enableSoftDelete") is False else number(vault, "softDeleteRetentionInDays")


def single_purpose(whole: Mapping[str, Any] | None) -> bool | None:
    """Its operations are all of encryption, or all of signatures."""
    operations = (whole or {}).get("keyOps")
    if not isinstance(operations, list):
        return None
    if not all(isinstance(one, str) for one in operations):
        return None
    return len({PURPOSES[one] for each in operations if (one := each.lower()) in PURPOSES}) <= 1


def state(known: Mapping[str, Any] | None) -> Any:
    """A key is enabled or not; those that are deleted are not listed."""
    enabled = flag(inner(known, "attributes"), "enabled")
    return None if enabled is None else "enabled" if enabled else "disabled"


def rotation_days(whole: Mapping[str, Any]) -> int | None:
    """Days between automatic rotations: so long after its making, or so long before its end; 0 where nothing rotates it."""
    actions = listed(inner(whole, "rotationPolicy"), "lifetimeActions") if whole.get("rotationPolicy") else []
    if actions is None:
        return None
    spans = [turn(one, whole) for one in actions if (text(inner(one, "action"), "type") or "").lower() == "rotate"]
    known = [span for span in spans if span is not None]
    return None if len(known) < len(spans) else min(known, default=0)


def turn(action: Mapping[str, Any], whole: Mapping[str, Any]) -> int | None:
    """Days after which one action rotates the key."""
    trigger = inner(action, "trigger")
    after = span_days(text(trigger, "timeAfterCreate"))
    if after is not None:
        return after
    life = span_days(text(inner(whole, "rotationPolicy", "attributes"), "expiryTime"))
    before = span_days(text(trigger, "timeBeforeExpiry"))
    return None if life is None or before is None else max(life - before, 1)


def open_policy(vault: Mapping[str, Any]) -> bool | None:
    """False once the vault's rules are seen to name its users, by roles or by object ids."""
    known = properties(vault)
    if flag(known, "enableRbacAuthorization"):
        return False
    policies = listed(known, "accessPolicies")
    return False if policies is not None and all(text(one, "objectId") for one in policies) else None


def moment(element: Mapping[str, Any] | None, key: str) -> datetime | None:
    """Seconds since 1970, as Key Vault writes dates."""
    seconds = number(element, key)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None

"""KMS keys. Those that AWS manages are inherited: nothing more is asked of them than who manages them.

Where that was not learned nothing else is asked either: a refused call must not turn inherited keys into judged ones.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from collectors.aws.elements import flag, instant, number, policy, tags, text
from collectors.aws.exposure import public
from collectors.collector import Item, Session, collector, learned
from collectors.resource import FAR, Key

STATES: dict[str, Literal["enabled", "disabled", "pending deletion", "other"]] = {
    "Enabled": "enabled", "Disabled": "disabled", "PendingDeletion": "pending deletion", "PendingReplicaDeletion": "pending deletion",
    "Creating": "other", "PendingImport": "other", "Unavailable": "other", "Updating": "other",
}  # fmt: skip
ORIGINS: dict[str, Literal["provider", "imported", "external"]] = {
    "AWS_KMS": "provider", "EXTERNAL": "imported", "AWS_CLOUDHSM": "external", "EXTERNAL_KEY_STORE": "external",
}  # fmt: skip
HARDWARE = {"AWS_KMS": True, "AWS_CLOUDHSM": True, "EXTERNAL": False}
"""By origin: made and kept in validated modules (KMS and CloudHSM developer guides), or made who knows where. Of external stores AWS
vouches for nothing, so that nothing is learned."""
RECOVERABLE_DAYS = {"AWS_KMS": 7, "AWS_CLOUDHSM": 7, "EXTERNAL": 0}
"""By origin: KMS waits at least seven days before it deletes a key, whoever asks (`ScheduleKeyDeletion`); imported material goes at once
(`DeleteImportedKeyMaterial`), and only its owner may have a copy. What an external store does with its own is not known."""
ALGORITHMS = {"SYMMETRIC_DEFAULT": "AES-256", "SM2": "SM2-256", "ECC_NIST_EDWARDS25519": "Ed25519"}
FAMILIES = {"RSA": "RSA-", "ECC_NIST_P": "EC-P", "ECC_SECG_P": "EC-SECP", "HMAC": "HMAC-", "ML_DSA": "ML-DSA-"}
"""How specifications of keys begin -> family in the words of `Key.algorithm`."""
MANAGERS: dict[str, Literal["customer", "provider"]] = {"CUSTOMER": "customer", "AWS": "provider"}


@collector(
    "aws.keys",
    sees=Key,
    kinds=("key",),
    learns=(
        "state", "rotatable", "rotation_days", "open_policy", "algorithm", "hardware_held", "expires", "recoverable_days",
        "single_purpose",
    ),
    moves=("NextRotationDate", "OnDemandRotationStartDate"),
    grants=("kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:GetKeyPolicy", "kms:ListResourceTags"),
    where="region",
)  # fmt: skip
class Keys:
    """Every key of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListKeys`: ids and ARNs only."""
        return session.pages("kms.ListKeys", "Keys")

    def describe(self, session: Session, item: Item) -> Key:
        """Up to four calls; rotation is asked only where KMS can rotate."""
        answer = session.ask("kms.DescribeKey", gone=("NotFoundException",), KeyId=item["KeyId"])
        metadata = learned(answer, lambda known: dict(known.get("KeyMetadata", {})))
        rotatable = learned(metadata, can_rotate)
        managed_by = MANAGERS.get(text(metadata, "KeyManager") or "")
        ours = managed_by == "customer"
        return Key(
            id=item["KeyArn"], provider="aws", account=session.account, region=session.region, kind="key", name=item["KeyId"],
            tags=key_tags(session, item) if ours else None, managed_by=managed_by, created=instant(metadata, "CreationDate"),
            state=STATES.get(text(metadata, "KeyState") or ""),
            rotatable=rotatable,
            rotation_days=rotation_days(session, item, rotatable=rotatable) if ours else None,
            open_policy=open_policy(session, item) if ours else None, algorithm=algorithm(spec_of(metadata)),
            hardware_held=HARDWARE.get(text(metadata, "Origin") or ""), expires=learned(metadata, expires),
            recoverable_days=RECOVERABLE_DAYS.get(text(metadata, "Origin") or ""),
            # KMS gives a key one usage when it is made, for ever.
            single_purpose=True if text(metadata, "KeyUsage") else None,
        )  # fmt: skip


def spec_of(metadata: dict[str, Any] | None) -> str | None:
    """What kind of key it is; called otherwise before 2021."""
    return text(metadata, "KeySpec") or text(metadata, "CustomerMasterKeySpec")


def algorithm(spec: str | None) -> str | None:
    """Family and size: `RSA_2048` is `RSA-2048`, `ECC_SECG_P256K1` is `EC-SECP256K1`; a specification of a new family as it stands."""
    if spec is None or spec in ALGORITHMS:
        return ALGORITHMS.get(spec or "")
    family = next((one for one in FAMILIES if spec.startswith(one)), None)
    return spec if family is None else FAMILIES[family] + spec.removeprefix(family).strip("_")


def expires(metadata: dict[str, Any]) -> datetime | None:
    """When imported material ends; material that KMS made has no end."""
    ends = instant(metadata, "ValidTo")
    if ends is not None or text(metadata, "Origin") in {None, "EXTERNAL"}:
        return ends or (FAR if text(metadata, "ExpirationModel") == "KEY_MATERIAL_DOES_NOT_EXPIRE" else None)
    return FAR


def can_rotate(metadata: dict[str, Any]) -> bool | None:
    """For symmetric encryption, with material that KMS made (KMS developer guide, "Rotating KMS keys")."""
    spec, origin = spec_of(metadata), ORIGINS.get(text(metadata, "Origin") or "")
    if spec is None or origin is None or not (spec in ALGORITHMS or spec.startswith(tuple(FAMILIES))):
        return None
    return (spec, origin) == ("SYMMETRIC_DEFAULT", "provider")


def rotation_days(session: Session, item: Item, *, rotatable: bool | None) -> int | None:
    """Days between rotations; 0 where it does not rotate, be it that it cannot."""
    if not rotatable:
        return 0 if rotatable is False else None
    gone, absent = ("NotFoundException",), ("KMSInvalidStateException",)
    answer = session.ask("kms.GetKeyRotationStatus", gone=gone, absent=absent, KeyId=item["KeyId"])
    return learned(answer, rotates)


def rotates(status: dict[str, Any]) -> int | None:
    """The period of an answer; `{}` says that the key's state (pending deletion) rules rotation out.

    A service that knows no other period than its default of a year leaves the period out (KMS API reference, before April 2024).
    """
    enabled = flag(status, "KeyRotationEnabled") if status else False
    return (
        number({"RotationPeriodInDays": 365, **status}, "RotationPeriodInDays")
        if enabled
        else None
        if enabled is None
        else 0
    )


def open_policy(session: Session, item: Item) -> bool | None:
    """The key's one policy lets everybody in."""
    answer = session.ask("kms.GetKeyPolicy", gone=("NotFoundException",), KeyId=item["KeyId"], PolicyName="default")
    return None if not answer else learned(policy(answer), public)


def key_tags(session: Session, item: Item) -> dict[str, str] | None:
    """The key's tags; fifty is the most that a key can have, and one page."""
    answer = session.ask("kms.ListResourceTags", gone=("NotFoundException",), KeyId=item["KeyId"], Limit=50)
    return (
        None if answer is None or answer.get("Truncated") else tags(answer.get("Tags"), key="TagKey", value="TagValue")
    )

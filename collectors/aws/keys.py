"""KMS keys. Those that AWS manages are inherited: nothing more is asked of them than who manages them.

Where that was not learned nothing else is asked either: a refused call must not turn inherited keys into judged ones.
"""

from collections.abc import Iterator
from typing import Any, Literal

from collectors.aws.elements import flag, instant, number, policy, tags, text
from collectors.aws.exposure import public
from collectors.collector import Item, Session, collector, learned
from collectors.resource import Key

STATES: dict[str, Literal["enabled", "disabled", "pending deletion"]] = {
    "Enabled": "enabled", "Disabled": "disabled", "PendingDeletion": "pending deletion", "PendingReplicaDeletion": "pending deletion",
}  # fmt: skip
ORIGINS: dict[str, Literal["provider", "imported", "external"]] = {
    "AWS_KMS": "provider", "EXTERNAL": "imported", "AWS_CLOUDHSM": "external", "EXTERNAL_KEY_STORE": "external",
}  # fmt: skip
MANAGERS: dict[str, Literal["customer", "provider"]] = {"CUSTOMER": "customer", "AWS": "provider"}


@collector(
    "aws.keys",
    sees=Key,
    kinds=("key",),
    learns=("state", "origin", "rotatable", "rotation_days", "open_policy"),
    moves=("NextRotationDate", "OnDemandRotationStartDate"),
    grants=("kms:ListKeys", "kms:DescribeKey", "kms:GetKeyRotationStatus", "kms:GetKeyPolicy", "kms:ListResourceTags"),
    where="region",
)
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
        state = text(metadata, "KeyState")
        ours = managed_by == "customer"
        return Key(
            id=item["KeyArn"], provider="aws", account=session.account, region=session.region, kind="key", name=item["KeyId"],
            tags=key_tags(session, item) if ours else None, managed_by=managed_by, created=instant(metadata, "CreationDate"),
            state=None if state is None else STATES.get(state, "other"),
            origin=ORIGINS.get(text(metadata, "Origin") or ""), rotatable=rotatable,
            rotation_days=rotation_days(session, item, rotatable=rotatable) if ours else None,
            open_policy=open_policy(session, item) if ours else None,
        )  # fmt: skip


def can_rotate(metadata: dict[str, Any]) -> bool | None:
    """For symmetric encryption, with material that KMS made (KMS developer guide, "Rotating KMS keys")."""
    said = (text(metadata, "KeySpec"), text(metadata, "Origin"))
    return None if None in said else said == ("SYMMETRIC_DEFAULT", "AWS_KMS")


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

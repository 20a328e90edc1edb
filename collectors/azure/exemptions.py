"""Exemptions from policies, as Azure itself keeps them: those on the subscription, below it, and on the management groups above it.

Resource Graph has those of management groups under no subscription, so they are listed by Resource Manager, which gives all that hold
here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.azure.elements import inner, instant, properties, said, text
from collectors.collector import Item, Session, collector
from collectors.resource import FAR
from collectors.terms import Exemption

WRITTEN = ("metadata", "description", "displayName", "createdBy", "lastModifiedBy")
"""What people write into policies and exemptions from them, and who they are."""
CATEGORIES = {"waiver": False, "mitigated": True}
END = "/providers/microsoft.authorization/policyexemptions/"


@collector(
    "azure.exemptions",
    sees=Exemption,
    kinds=("policy exemption",),
    learns=("ends", "policy", "scope", "mitigated"),
    redacts=WRITTEN,
    grants=("Microsoft.Authorization/policyExemptions/read",),
    where="account",
)
class Exemptions:
    """Every exemption that holds in the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of the listing."""
        return session.pages("arm.PolicyExemptions", "value")

    def describe(self, session: Session, item: Item) -> Exemption:
        """The element tells all. What people wrote into it is not kept."""
        known, identity = properties(item), item["id"].lower()
        policy = text(known, "policyAssignmentId")
        return Exemption(
            id=identity, provider="azure", account=session.account, region="global", kind="policy exemption", name=text(item, "name"),
            tags={}, managed_by="customer", created=instant(inner(item, "systemData"), "createdAt"), ends=ends(known),
            policy=policy.lower() if policy else None, scope=identity.rpartition(END)[0] or None,
            mitigated=said(known, "exemptionCategory", CATEGORIES),
        )  # fmt: skip


def ends(known: Mapping[str, Any] | None) -> datetime | None:
    """When an exemption ends; Azure leaves the field out, or null, where it never does."""
    if known is None:
        return None
    return FAR if known.get("expiresOn") is None else instant(known, "expiresOn")

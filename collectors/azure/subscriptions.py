"""The subscription itself: whom Microsoft tells of an incident, and whether policy keeps stores from being made public.

A subscription has no root user and no password policy of its own: those facts are not learned here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import flag, inner, listed, properties, said, text
from collectors.azure.exemptions import WRITTEN
from collectors.collector import Item, Session, collector
from collectors.resource import Account

NO_PUBLIC_ACCESS = "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751"
"""The built-in policy "Storage account public access should be disallowed"; by itself it only audits."""


@collector(
    "azure.subscriptions",
    sees=Account,
    kinds=("subscription",),
    learns=("public_data_blocked", "security_contact"),
    redacts=("email", "emails", "phone", *WRITTEN),
    grants=(
        "Microsoft.Security/securityContacts/read",
        "Microsoft.Authorization/policyAssignments/read",
        "Microsoft.Authorization/policyExemptions/read",
    ),
    where="account",
)
class Subscriptions:
    """The subscription, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell: that the subscription is there is known without a call."""
        yield {"subscriptionId": session.account}

    def describe(self, session: Session, item: Item) -> Account:
        """Security contacts, and the policies that stand on the subscription or above it."""
        contacts = session.ask("arm.SecurityContacts", absent=("ResourceNotFound", "NotFound"))
        return Account(
            id=f"/subscriptions/{session.account}", provider="azure", account=session.account, region="global", kind="subscription",
            name=item["subscriptionId"], managed_by="customer", public_data_blocked=public_data_blocked(session),
            security_contact=None if contacts is None else registered(contacts),
        )  # fmt: skip


def registered(answer: Mapping[str, Any]) -> bool | None:
    """Some contact has an address, or is told through a role."""
    if not answer:
        return False
    contacts = answer.get("value") if isinstance(answer, dict) and "value" in answer else answer
    if not isinstance(contacts, list):
        return None
    return any(told(properties(one)) for one in contacts if isinstance(one, Mapping))


def told(contact: Mapping[str, Any] | None) -> bool:
    """One contact reaches somebody."""
    if flag(contact, "isEnabled") is False:
        return False
    if text(contact, "emails") or text(contact, "email"):
        return True
    by_role = inner(contact, "notificationsByRole")
    return bool(said(by_role, "state", {"on": True, "off": False}) and by_role and by_role.get("roles"))


def public_data_blocked(session: Session) -> bool | None:
    """The built-in policy denies public access on the whole subscription, with no exemption from it.

    Initiatives and policies of one's own may deny it too, and are not read: where one is assigned and the built-in policy does not
    deny, it is not learned.
    """
    assignments = listed(session.ask("arm.PolicyAssignments"), "value")
    if assignments is None:
        return None
    found = [one for one in assignments if is_block(one)]
    if found:
        return unexempted(session, {str(one.get("id")).lower() for one in found})
    others = any(opaque(properties(one)) for one in assignments)
    return None if others else False


def is_block(assignment: Mapping[str, Any]) -> bool:
    """The assignment denies public access, everywhere in the subscription."""
    effect = text(inner(assignment, "properties", "parameters", "effect"), "value") or ""
    return enforced(assignment, NO_PUBLIC_ACCESS) and effect.lower() == "deny"


def enforced(assignment: Mapping[str, Any], definition: str = "") -> bool:
    """A built-in policy (any policy, where none is named) is in force on the whole subscription."""
    known = properties(assignment)
    named = (text(known, "policyDefinitionId") or "").lower()
    in_force = (text(known, "enforcementMode") or "Default").lower() == "default"
    whole = not (known or {}).get("notScopes") and "/resourcegroups/" not in (text(known, "scope") or "").lower()
    return (not definition or named.endswith(f"/{definition}")) and in_force and whole


def opaque(known: Mapping[str, Any] | None) -> bool:
    """What the assignment denies is not read here: an initiative, or a definition of one's own."""
    definition = (text(known, "policyDefinitionId") or "").lower()
    return "/policysetdefinitions/" in definition or not definition.startswith("/providers/microsoft.authorization/")


def unexempted(session: Session, blocks: set[str]) -> bool | None:
    """Some block has no exemption for the whole subscription; one that ends on some day may have ended."""
    exemptions = listed(session.ask("arm.PolicyExemptions"), "value")
    if exemptions is None:
        return None
    here = f"/subscriptions/{session.account}/providers/microsoft.authorization/policyexemptions/"
    lifted: dict[str, bool] = {}
    for one in exemptions:
        block = (text(properties(one), "policyAssignmentId") or "").lower()
        if block in blocks and str(one.get("id")).lower().startswith((here, "/providers/microsoft.management/")):
            lifted[block] = lifted.get(block, True) and bool(text(properties(one), "expiresOn"))
    if blocks - lifted.keys():
        return True
    return None if any(lifted.values()) else False

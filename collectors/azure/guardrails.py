"""What Azure Policy withholds from everybody in a subscription, its owners too."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from collectors.azure.elements import inner, listed, properties, some, text
from collectors.azure.exemptions import WRITTEN
from collectors.azure.subscriptions import enforced, opaque, unexempted
from collectors.collector import Item, Session, collector
from collectors.watching import Guardrail

REGIONS = "e56962a6-4747-49cd-b67b-bf8b01975c4c"
"""The built-in policy "Allowed locations", whose effect is always Deny."""
ABOVE = "/providers/microsoft.management/"
"""Where assignments stand that owners of a subscription cannot take away."""
EXPORTS = (
    b'"microsoft.insights/diagnosticsettings"',
    b'"microsoft.resources/subscriptions/providers/diagnosticsettings"',
)
"""How rules name the settings that export logs."""


@collector(
    "azure.guardrails",
    sees=Guardrail,
    kinds=("guardrail",),
    learns=("regions_limited", "audit_protected", "organization"),
    redacts=WRITTEN,
    grants=(
        "Microsoft.Authorization/policyAssignments/read",
        "Microsoft.Authorization/policyDefinitions/read",
        "Microsoft.Authorization/policyExemptions/read",
    ),
    where="account",
)
class Guardrails:
    """The subscription's policies, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item, made from the cell."""
        yield {"subscriptionId": session.account}

    def describe(self, session: Session, item: Item) -> Guardrail:  # noqa: ARG002 - made from the cell
        """Assignments, exemptions from them, and the rules of those that stand above the subscription."""
        assignments = listed(session.ask("arm.PolicyAssignments"), "value")
        above = None if assignments is None else [one for one in assignments if stands_above(one)]
        return Guardrail(
            id=f"/subscriptions/{session.account}/guardrail", provider="azure", account=session.account, region="global",
            kind="guardrail", name="guardrail", tags={}, managed_by="customer", organization=None if above is None else bool(above),
            regions_limited=None if assignments is None else regions_limited(session, assignments),
            audit_protected=None if above is None else audit_protected(session, above),
        )  # fmt: skip


def stands_above(assignment: Mapping[str, Any]) -> bool:
    """The assignment is in force, and stands on a management group."""
    scope = text(properties(assignment), "scope") or str(assignment.get("id"))
    return enforced(assignment) and scope.lower().startswith(ABOVE)


def regions_limited(session: Session, assignments: list[Mapping[str, Any]]) -> bool | None:
    """The built-in policy names regions, with no exemption from it; what an initiative holds is not read."""
    found = {str(one.get("id")).lower() for one in assignments if limits_regions(one)}
    if found:
        return unexempted(session, found)
    return None if any(opaque(properties(one)) for one in assignments) else False


def limits_regions(assignment: Mapping[str, Any]) -> bool:
    """The assignment lets resources be made in named regions only."""
    allowed = (inner(assignment, "properties", "parameters", "listOfAllowedLocations") or {}).get("value")
    return enforced(assignment, REGIONS) and isinstance(allowed, list) and bool(allowed)


def audit_protected(session: Session, above: list[Mapping[str, Any]]) -> bool | None:
    """A policy from above denies that exports of logs are deleted; what an initiative holds is not read."""
    return some(protects(session, one) for one in above) if above else False


def protects(session: Session, assignment: Mapping[str, Any]) -> bool | None:
    """The rule of one assignment denies the deletion of settings that export logs."""
    identity = text(properties(assignment), "policyDefinitionId") or ""
    if "/policysetdefinitions/" in identity.lower():
        return None
    if not identity.lower().startswith(ABOVE):
        return False
    definition = properties(session.ask("arm.PolicyDefinition", id=identity))
    rule = inner(definition, "policyRule")
    if definition is None or rule is None:
        return None
    about = msgspec.json.encode(rule.get("if")).lower()
    return effect(assignment, definition) == "denyaction" and any(one in about for one in EXPORTS)


def effect(assignment: Mapping[str, Any], definition: Mapping[str, Any]) -> str:
    """What the rule does, with the parameter that says so filled in, in lower case."""
    said = text(inner(definition, "policyRule", "then"), "effect") or ""
    if not said.startswith("[parameters("):
        return said.lower()
    name = said.removeprefix("[parameters('").removesuffix("')]")
    given = text(inner(assignment, "properties", "parameters", name), "value")
    return (given or text(inner(definition, "parameters", name), "defaultValue") or "").lower()

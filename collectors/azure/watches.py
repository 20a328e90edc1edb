"""What watches a subscription: Defender for Cloud's plans, whom it tells, and the benchmark that it assesses against.

Azure keeps what changed for fourteen days, always and everywhere: since nobody can switch that off, it is no watch that somebody keeps.
Reviews of access are asked for by permissions that no custom role can name, and are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from collectors.azure.defender import Plan, plan, plans
from collectors.azure.elements import inner, listed, properties, some, text
from collectors.azure.session import AzureSession
from collectors.azure.subscriptions import enforced, registered
from collectors.azure.tables import SCANNED
from collectors.collector import Item, Session, collector
from collectors.watching import Watch

BENCHMARK = "1f3afdf9-d0c9-4c3d-847f-89da613e70a8"
"""The built-in initiative "Microsoft cloud security benchmark", by which Defender assesses."""
POSTURE_ONLY = frozenset({"CloudPosture", "Discovery", "FoundationalCspm"})
"""Plans that detect no threats."""
SENSITIVE = "SensitiveDataDiscovery"
UPLOADS = "OnUploadMalwareScanning"
ALERTS = frozenset({"alerts"})
STATES = frozenset({"healthy", "unhealthy", "notapplicable"})
"""Of an assessment."""
VULNERABILITIES = frozenset({"assessments", "subassessments"})
"""Sources of automations: vulnerabilities come with assessments, each alone with those below them."""


@collector(
    "azure.watches",
    sees=Watch,
    kinds=("threat detection", "malware protection", "vulnerability scanning", "posture assessment", "data discovery"),
    learns=("enabled", "complete", "reported", "coverable", "covered"),
    readings=("coverable", "covered"),
    moves=("freeTrialRemainingTime", "data"),
    redacts=("emails", "email", "phone"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Security/assessments/read",
        "Microsoft.Security/pricings/read",
        "Microsoft.Security/securityContacts/read",
        "Microsoft.Security/automations/read",
        "Microsoft.Authorization/policyAssignments/read",
    ),
    where="account",
)
class Watches:
    """One of each kind, be it off."""

    def list(self, session: Session) -> Iterator[Item]:
        """Items made from the cell: one a kind."""
        for kind in MAKERS:
            yield {"subscriptionId": session.account, "watch": kind}

    def describe(self, session: Session, item: Item) -> Watch:
        """Plans are asked for once for all kinds."""
        kind = item["watch"]
        facts = MAKERS[kind](cast("AzureSession", session))
        return Watch(
            id=f"/subscriptions/{session.account}/watches/{kind.replace(' ', '-')}", provider="azure", account=session.account,
            region="global", kind=kind, name=kind, tags={}, managed_by="customer", **facts,
        )  # fmt: skip


Facts = dict[str, Any]


def threats(session: AzureSession) -> Facts:
    """Some plan is on; complete with all of them. What they find is mailed to the contact, or handed on by an automation."""
    known = plans(session.ask_once("arm.Pricings"))
    states = None if known is None else [_on(one) for name, one in known.items() if name not in POSTURE_ONLY]
    return {
        "enabled": None if states is None else some(states),
        "complete": None if states is None or None in states else bool(states) and all(states),
        "reported": reported(session),
    }


def reported(session: AzureSession) -> bool | None:
    """A contact hears of alerts, or an automation takes them."""
    contacts = session.ask("arm.SecurityContacts", absent=("ResourceNotFound", "NotFound"))
    mailed = None if contacts is None else registered(contacts) and hears(contacts)
    if mailed:
        return True
    return some((mailed, handed_on(session, ALERTS)))


def handed_on(session: AzureSession, sources: frozenset[str]) -> bool | None:
    """An automation takes what comes from one of the sources."""
    automations = listed(session.ask_once("arm.Automations"), "value")
    return None if automations is None else any(takes(one, sources) for one in automations)


def hears(answer: Mapping[str, Any]) -> bool:
    """Some contact is told of alerts: Azure has written that in three ways."""
    return any(_hears(properties(one)) for one in listed(answer, "value") or ())


def _hears(contact: Mapping[str, Any] | None) -> bool:
    sources = listed(contact, "notificationsSources")
    if sources is not None:
        return any((text(one, "sourceType") or "").lower() == "alert" for one in sources)
    older = (contact or {}).get("alertNotifications")
    state = text(older, "state") if isinstance(older, Mapping) else older
    return str(state).lower() == "on"


def takes(automation: Mapping[str, Any], sources: frozenset[str]) -> bool:
    """The automation is on, does something, and begins with one of the sources."""
    known = properties(automation)
    return (
        (known or {}).get("isEnabled") is not False
        and bool(listed(known, "actions"))
        and any((text(one, "eventSource") or "").lower() in sources for one in listed(known, "sources") or [])
    )


def malware(session: AzureSession) -> Facts:
    """Defender for Servers brings Defender for Endpoint; complete with the scanning of uploads to storage."""
    answer = session.ask_once("arm.Pricings")
    servers, stores = plan(answer, "VirtualMachines"), plan(answer, "StorageAccounts")
    on = _on(servers)
    return {"enabled": on, "complete": None if on is None or stores is None else on and UPLOADS in stores.extensions}


def vulnerabilities(session: AzureSession) -> Facts:
    """Defender for Servers looks through machines, Defender for Containers through images; machines that it reaches are counted."""
    answer = session.ask_once("arm.Pricings")
    on, images = _on(plan(answer, "VirtualMachines")), _on(plan(answer, "Containers"))
    rows = session.joined("graph.ScanCoverage", _everything, SCANNED)
    codes = [] if rows is None else [(text(inner(row, "properties", "status"), "code") or "").lower() for row in rows]
    seen = [code for code in codes if code in {"healthy", "unhealthy"}]
    told = rows is not None and STATES.issuperset(codes)
    return {
        "enabled": on, "complete": None if None in (on, images) else bool(on and images),
        "reported": handed_on(session, VULNERABILITIES), "coverable": len(seen) if told else None,
        "covered": seen.count("healthy") if told else None,
    }  # fmt: skip


def posture(session: AzureSession) -> Facts:
    """The benchmark is assigned, or the plan for posture is on, which is complete."""
    paid = _on(plan(session.ask_once("arm.Pricings"), "CloudPosture"))
    assignments = listed(session.ask("arm.PolicyAssignments"), "value")
    assigned = None if assignments is None else any(enforced(one, BENCHMARK) for one in assignments)
    return {"enabled": some((paid, assigned)), "complete": paid}


def discovery(session: AzureSession) -> Facts:
    """Sensitive data is looked for by the plan for storage or the one for posture."""
    answer = session.ask_once("arm.Pricings")
    found = [plan(answer, name) for name in ("StorageAccounts", "CloudPosture")]
    on = some(None if one is None else one.on and SENSITIVE in one.extensions for one in found)
    return {"enabled": on, "complete": on}


MAKERS: Mapping[str, Callable[[AzureSession], Facts]] = {
    "threat detection": threats, "malware protection": malware, "vulnerability scanning": vulnerabilities,
    "posture assessment": posture, "data discovery": discovery,
}  # fmt: skip


def _on(one: Plan | None) -> bool | None:
    return None if one is None else one.on


def _everything(row: Item) -> Iterator[str]:  # noqa: ARG001 - the table holds one assessment only
    yield SCANNED

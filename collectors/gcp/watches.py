"""What watches a project: detectors of Security Command Center, VM Manager, data discovery, the inventory and IAM's recommendations.

Each kind is there once for every project, be it off. The inventory itself keeps 35 days of every change and cannot be stopped; whether a
project's own people can ask it is what its recording means here (CIS Google Cloud, "Cloud Asset Inventory is enabled").
"""

from collections.abc import Callable, Iterator
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp import detectors, lineage
from collectors.gcp.elements import instant, text
from collectors.gcp.patches import INSTANCE, REPORT, machine_of
from collectors.gcp.services import enabled
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.watching import Watch

DISCOVERY = "dlp.googleapis.com/(DiscoveryConfig|JobTrigger)"
AT_WORK = frozenset({"RUNNING", "HEALTHY"})
READINGS = ("last_seen", "never_seen", "coverable", "covered")
Facts = dict[str, Any]


@collector(
    "gcp.watches",
    sees=Watch,
    kinds=(
        "threat detection", "malware protection", "vulnerability scanning", "configuration recording", "posture assessment",
        "data discovery", "access analysis",
    ),
    learns=("enabled", "complete", "reported", *READINGS),
    readings=READINGS,
    grants=("cloudasset.assets.listResource",),
    where="account",
)  # fmt: skip
class Watches:
    """One of each kind for the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """The project's own asset for each kind."""
        for asset in session.assets(lineage.LEVELS["projects"]):
            session.notes.listing = ""  # what is seen is said by settings, not by the project
            for kind in WAYS:
                yield {"name": asset["name"], "ancestors": asset["ancestors"], "kind": kind}

    def describe(self, session: GcpSession, item: Item) -> Watch:
        """What is set on the project or above it."""
        kind: str = item["kind"]
        return Watch(
            id=f"{item['name']}/{kind.replace(' ', '-')}", provider="gcp", account=session.account, region="global", kind=kind,
            tags={}, managed_by="customer", **WAYS[kind](session, item),
        )  # fmt: skip


def threats(session: GcpSession, item: Item) -> Facts:
    """Event Threat Detection, and with it those of machines and containers."""
    events, *rest = (
        detectors.on(session, item, one) for one in (detectors.EVENTS, detectors.MACHINES, detectors.CONTAINERS)
    )
    told = detectors.reported(session, item)
    return {
        "enabled": events,
        "complete": events and every(rest),
        "reported": False if events is False else events and told,
    }


def malware(session: GcpSession, item: Item) -> Facts:
    """Virtual Machine Threat Detection, which looks at the memory and the disks of machines from outside."""
    found = detectors.on(session, item, detectors.MACHINES)
    return {"enabled": found, "complete": found, "reported": found and detectors.reported(session, item)}


def posture(session: GcpSession, item: Item) -> Facts:
    """Security Health Analytics."""
    found = detectors.on(session, item, detectors.POSTURE)
    return {"enabled": found, "complete": found, "reported": found and detectors.reported(session, item)}


def vulnerabilities(session: GcpSession, item: Item) -> Facts:
    """VM Manager, whose agent reports the software of machines; complete with the scanner of images."""
    of_machines, of_images = (
        enabled(session, "osconfig.googleapis.com"),
        enabled(session, "containerscanning.googleapis.com"),
    )
    machines = session.worked_out("numbers", INSTANCE, RESOURCE, _numbers, raw=True)
    reports = session.worked_out("reported", REPORT, RESOURCE, _reported)
    known = machines is not None and reports is not None
    return {
        "enabled": of_machines, "complete": of_machines and of_images,
        "reported": of_machines and detectors.reported(session, item), "coverable": len(machines or ()) if known else None,
        "covered": len((machines or frozenset()) & (reports or frozenset())) if known else None,
    }  # fmt: skip


def recording(session: GcpSession, _: Item) -> Facts:
    """The inventory, which records every type of resource; it was at work when it gave its answer."""
    found = enabled(session, "cloudasset.googleapis.com")
    seen = instant({"at": session.read_time(lineage.LEVELS["projects"])}, "at")
    return {
        "enabled": found,
        "complete": found,
        "last_seen": seen if found else None,
        "never_seen": False if found else None,
    }


def discovery(session: GcpSession, item: Item) -> Facts:
    """Sensitive Data Protection looks through stores: a discovery of the project or above it, or a job that runs again and again."""
    for level in lineage.levels(item):
        found = session.worked_out("at work", DISCOVERY, RESOURCE, _at_work, owner=level)
        if found is None:
            return {}
        if found:
            session.notes.cites += found
            return {"enabled": True, "complete": any("/discoveryConfigs/" in one for one in found)}
    return {"enabled": False, "complete": False}


def access(session: GcpSession, _: Item) -> Facts:
    """The recommender, which compares rights with their use and tells which lead out of the project."""
    found = enabled(session, "recommender.googleapis.com")
    return {"enabled": found, "complete": found}


WAYS: dict[str, Callable[[GcpSession, Item], Facts]] = {
    "access analysis": access, "configuration recording": recording, "data discovery": discovery, "malware protection": malware,
    "posture assessment": posture, "threat detection": threats, "vulnerability scanning": vulnerabilities,
}  # fmt: skip


def every(facts: list[bool | None]) -> bool | None:
    """All are true; `None` where none is false and one was not learned."""
    return False if False in facts else None if None in facts else True


def _numbers(messages: Iterator[Any]) -> frozenset[str]:
    """Of machines, as their reports call them; a machine without one is still there to be looked at."""
    return frozenset(message.resource.data.fields["id"].string_value or message.name for message in messages)


def _reported(assets: Iterator[dict[str, Any]]) -> frozenset[str]:
    return frozenset(machine_of(asset["name"]) for asset in assets)


def _at_work(assets: Iterator[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(asset["name"] for asset in assets if text(asset, "resource", "data", "status") in AT_WORK)

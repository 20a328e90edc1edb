"""Groups of like machines: they grow where an autoscaler may add to them, and survive a zone where they live in several."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, instant, labels, number, parts, path, region, text
from collectors.gcp.machines import runs_as
from collectors.gcp.running import privileged
from collectors.gcp.session import RESOURCE, GcpSession
from collectors.serving import Workload

GROUP, SCALER, TEMPLATE = (
    f"compute.googleapis.com/(Region)?{kind}" for kind in ("InstanceGroupManager", "Autoscaler", "InstanceTemplate")
)


class Scaling(NamedTuple):
    """The autoscaler of one group."""

    name: str
    most: int | None
    """Machines that it may make; `None` if it does not say."""


@collector(
    "gcp.machine_groups",
    sees=Workload,
    kinds=("machine group",),
    learns=("grows", "multi_zone", "privileged"),
    moves=("currentActions", "status", "fingerprint"),
    redacts=("metadata",),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class MachineGroups:
    """Every managed group of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of group managers, of one zone or of a region."""
        return session.assets(GROUP)

    def describe(self, session: GcpSession, item: Item) -> Workload:
        """The asset, its autoscaler and its template."""
        group = data(item)
        template = template_of(session, group)
        account, scopes = runs_as(template or {})
        of_all = {
            **labels(template or {}),
            **labels(at(group, "allInstancesConfig") or {}),
            **labels(at(group, "allInstancesConfig", "properties") or {}),
        }
        return Workload(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "zone"), kind="machine group",
            name=text(group, "name"), tags=None if template is None else of_all, managed_by="customer",
            created=instant(group, "creationTimestamp"), grows=grows(session, item, group), multi_zone=multi_zone(item, group),
            privileged=None if template is None else privileged(session, item, account, scopes),
        )  # fmt: skip


def grows(session: GcpSession, item: Item, group: Mapping[str, Any]) -> bool | None:
    """An autoscaler that is on may make more machines than there now are."""
    scalers = session.worked_out("targets", SCALER, RESOURCE, _scalers)
    if scalers is None:
        return None
    found = scalers.get(path(item["name"]) or "")
    if found is None:
        return False
    session.notes.cites.append(found.name)
    size = number(group, "targetSize")
    return None if found.most is None or size is None else found.most > size


def multi_zone(item: Item, group: Mapping[str, Any]) -> bool:
    """A group of a region, spread over more than one zone."""
    zones = parts(group, "distributionPolicy", "zones")
    return "/regions/" in item["name"] and len(zones) != 1


def template_of(session: GcpSession, group: Mapping[str, Any]) -> dict[str, Any] | None:
    """The properties of the template that new machines are made of, cited; `None` if not learned, or no longer there."""
    used = path(text(group, "instanceTemplate") or text(next(iter(parts(group, "versions")), None), "instanceTemplate"))
    if used is None:
        return None
    found = session.named(TEMPLATE, RESOURCE, f"//compute.googleapis.com/{used}")
    if not found:
        return None
    session.notes.cites.append(found["name"])
    properties = at(found, "resource", "data", "properties")
    return properties if isinstance(properties, dict) else None


def _scalers(assets: Iterator[dict[str, Any]]) -> dict[str, Scaling]:
    """Group -> the autoscaler that is on for it; one that only takes machines away makes no group grow."""
    found = {}
    for asset in assets:
        scaler = at(asset, "resource", "data")
        target = path(text(scaler, "target"))
        if target and text(scaler, "autoscalingPolicy", "mode") not in {"OFF", "ONLY_SCALE_IN"}:
            found[target] = Scaling(asset["name"], number(scaler, "autoscalingPolicy", "maxNumReplicas"))
    return found

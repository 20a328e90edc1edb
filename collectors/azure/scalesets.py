"""Virtual machine scale sets, with the rules that let them grow.

A change of a scale set goes back by itself where it is rolled out batch by batch and failed machines are set back; one that is made by hand
or to all machines at once does not. Images that Azure rolls out by itself are set back too unless that is switched off, but are no change
of ours.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import flag, header, inner, instant, listed, number, properties, text
from collectors.azure.privileges import BESIDE, privileged
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.serving import Workload


@collector(
    "azure.machine_groups",
    sees=Workload,
    kinds=("machine group",),
    learns=("grows", "multi_zone", "privileged", "rolls_back"),
    redacts=("adminUsername", "customData", "userData", "settings", "keyData", "computerNamePrefix"),
    beside=BESIDE,
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Compute/virtualMachineScaleSets/read",
        "Microsoft.Insights/autoscaleSettings/read",
    ),
    where="account",
)
class MachineGroups:
    """Every scale set of the subscription."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.MachineGroups", "data")

    def describe(self, session: Session, item: Item) -> Workload:
        """The row tells all but what lets it grow."""
        known = properties(item)
        rules = cast("AzureSession", session).joined("graph.Autoscale", target, item["id"])
        return Workload(
            **header(session, item), kind="machine group", created=instant(known, "timeCreated"),
            grows=None if rules is None else grows(rules, number(inner(item, "sku"), "capacity")),
            multi_zone=multi_zone(item), privileged=privileged(session, item), rolls_back=rolls_back(known),
        )  # fmt: skip


def target(rule: Item) -> Iterator[str]:
    """The id of what a rule of autoscale makes larger and smaller."""
    if found := text(properties(rule), "targetResourceUri"):
        yield found


def grows(rules: Iterable[Mapping[str, Any]], capacity: int | None) -> bool | None:
    """Some rule that is on may make the group larger than it is. Azure writes capacities as text."""
    most = [
        limit
        for rule in rules
        if flag(properties(rule), "enabled")
        for profile in listed(properties(rule), "profiles") or ()
        if (limit := text(inner(profile, "capacity"), "maximum")) and limit.isdigit()
    ]
    if not most:
        return False
    return None if capacity is None else max(map(int, most)) > capacity


def multi_zone(item: Mapping[str, Any]) -> bool | None:
    """It stands in more than one zone; Azure writes null where zones are not used."""
    zones = item.get("zones")
    return None if zones is not None and not isinstance(zones, list) else len(zones or ()) > 1


def rolls_back(known: Mapping[str, Any] | None) -> bool | None:
    """A change is rolled out in batches, and machines on which it fails are set back; a flexible scale set may have no policy at all."""
    if known is None:
        return None
    policy = inner(known, "upgradePolicy")
    mode = (text(policy, "mode") or "").lower()
    if not mode:
        return False if (text(known, "orchestrationMode") or "").lower() == "flexible" and policy is None else None
    return (
        mode == "rolling"
        and flag(inner(policy, "rollingUpgradePolicy"), "rollbackFailedInstancesOnPolicyBreach") is True
    )

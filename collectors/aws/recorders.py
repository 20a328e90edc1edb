"""AWS Config in one account and region: whether it records every change of configuration, and when it last delivered one.

The recorder that the customer has set counts; those that other services keep for themselves (service-linked) record for them alone. Rules
and conformance packs are not read here.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.aws.elements import flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.watches import places, watch
from collectors.collector import Item, Session, collector, learned
from collectors.watching import Watch

KIND = "configuration recording"
EVERY_TYPE = "ALL_SUPPORTED_RESOURCE_TYPES"
DELIVERIES = ("configSnapshotDeliveryInfo", "configHistoryDeliveryInfo")


@collector(
    "aws.recorders",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled", "complete", "last_seen", "never_seen"),
    readings=("last_seen", "never_seen"),
    moves=(
        "lastStatus", "lastErrorCode", "lastErrorMessage", "lastStatusChangeTime", "lastAttemptTime", "lastSuccessfulTime",
        "nextDeliveryTime",
    ),
    grants=(
        "config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus", "config:DescribeDeliveryChannelStatus",
    ),
    where="region",
)  # fmt: skip
class Recorders:
    """The recording of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: CellSession, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call where nothing is set up, three where a recorder is."""
        recorders = learned(
            session.common("config.DescribeConfigurationRecorders"), lambda known: ours(known, RECORDERS)
        )
        if not recorders:
            off = None if recorders is None else False
            return watch(session, "config", KIND, enabled=off, complete=off)
        states = learned(
            session.common("config.DescribeConfigurationRecorderStatus"), lambda known: ours(known, STATES)
        )
        channels = session.ask("config.DescribeDeliveryChannelStatus")
        enabled = learned(states, recording)
        last = latest(states, channels)
        return watch(
            session, "config", KIND, enabled=enabled, complete=enabled and learned(recorders, everything), last_seen=last,
            never_seen=None if None in (states, channels) else last is None,
        )  # fmt: skip


RECORDERS = "ConfigurationRecorders"
STATES = "ConfigurationRecordersStatus"


def ours(answer: Mapping[str, Any], key: str) -> tuple[Item, ...] | None:
    """The recorders of an answer that the customer has set; one account and region has one at the most."""
    listed = answer.get(key)
    if not isinstance(listed, list):
        return None
    return tuple(one for one in listed if not text(one, "servicePrincipal"))


def recording(states: tuple[Item, ...]) -> bool | None:
    """Some recorder is at work."""
    said = [flag(one, "recording") for one in states]
    return True if True in said else None if None in said else False


def everything(recorders: tuple[Item, ...]) -> bool | None:
    """Some recorder records every type of resource that there is, be it continuously or daily."""
    said = [every_type(one.get("recordingGroup")) for one in recorders]
    return True if True in said else None if None in said else False


def every_type(group: Any) -> bool | None:
    """All types, with none left out."""
    if not isinstance(group, Mapping):
        return None
    strategy = text(group.get("recordingStrategy"), "useOnly")
    return flag(group, "allSupported") if strategy is None else strategy == EVERY_TYPE


def latest(states: tuple[Item, ...] | None, channels: Mapping[str, Any] | None) -> datetime | None:
    """When it last worked: recorded a change with success, or delivered a file of them."""
    times = [
        instant(one, "lastStatusChangeTime")
        for one in states or ()
        if (text(one, "lastStatus") or "").upper() == "SUCCESS"
    ]
    for channel in (channels or {}).get("DeliveryChannelsStatus") or ():
        times += [instant(channel.get(delivery), "lastSuccessfulTime") for delivery in DELIVERIES]
    return max((time for time in times if time is not None), default=None)

"""What AWS Config counts: which types of resource an account has in a region, so that nobody asks service by service for nothing.

Only a recorder that records continuously tells: its count is a few minutes old at most, and a type that it does not record is not
counted. Everything else is read directly. A recorder of all types records some in some regions only (Config developer guide, "Resource
Coverage by Region Availability"), and says nothing of it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from collectors.aws.elements import flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.notes import Notes

CONTINUOUS = "CONTINUOUS"
ALL, SOME, BUT = "ALL_SUPPORTED_RESOURCE_TYPES", "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES"
STARTED = "lastStartTime"
FINDING = timedelta(hours=24)
"""How long a recorder may take to find all that there is when it is started."""
EVERYWHERE = frozenset({
    "AWS::ACM::Certificate", "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CloudFormation::Stack", "AWS::DynamoDB::Table", "AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::EC2::Subnet",
    "AWS::EC2::VPC", "AWS::EC2::Volume", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Lambda::Function", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Redshift::Cluster",
    "AWS::Redshift::ClusterSnapshot", "AWS::SNS::Topic", "AWS::SQS::Queue",
})  # fmt: skip
"""Types that are recorded in every region."""
FULL = frozenset({
    "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
})  # fmt: skip
"""Regions in which all that our collectors count is recorded: those that nobody has to opt into, but for Osaka."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One account and region."""

    counts: Mapping[str, int]
    """Native type -> how many; a type of which there is none is not in it. -1: some, and nobody knows how many."""
    recorders: tuple[Mapping[str, Any], ...]
    """The recorders that are at work."""

    def none_of(self, natives: Collection[str]) -> bool:
        """There is nothing of these types: each is recorded as it changes, and none is counted."""
        return all(not self.counts.get(native) and self.records(native) for native in natives)

    def records(self, native: str) -> bool:
        """Some recorder keeps up with every change of the type."""
        return any(recorded(one, native) for one in self.recorders)


@dataclass(frozen=True)
class Census:
    """What the sweep has learned so far, by account and region. Entries are put once and only read then."""

    known: dict[tuple[str, str], Counted] = field(default_factory=dict)

    def none_of(self, account: str, region: str, natives: Collection[str]) -> bool:
        """There is certainly nothing of these types, of which there must be some; `False` where that is not known."""
        counted = self.known.get((account, region))
        if not natives or counted is None or (region not in FULL and not EVERYWHERE.issuperset(natives)):
            return False
        return counted.none_of(natives)


class CountingSession(CellSession, Protocol):
    """A session that shares what was counted with the other cells of its sweep. `AwsSession` is one."""

    census: Census
    notes: Notes


def settled(recorders: Iterable[Mapping[str, Any]], now: datetime | None) -> tuple[Mapping[str, Any], ...]:
    """Those that have been at work for a day: one that was started since may still be finding what there is."""
    return tuple(one for one in recorders if since(one, now))


def since(recorder: Mapping[str, Any], now: datetime | None) -> bool:
    """It was started long enough before that instant; one that does not say when may have been started now."""
    started = instant(recorder, STARTED)
    return started is not None and now is not None and now - started >= FINDING


def recorded(recorder: Mapping[str, Any], native: str) -> bool:
    """The recorder keeps up with every change of a type (Config API reference, `RecordingGroup` and `RecordingMode`)."""
    group = recorder.get("recordingGroup")
    if not isinstance(group, Mapping) or text(recorder, "servicePrincipal"):
        return False
    strategy = text(group.get("recordingStrategy"), "useOnly")
    if strategy is None:
        strategy = ALL if flag(group, "allSupported") else SOME
    left_out = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or []
    named = {
        ALL: True,
        SOME: native in (group.get("resourceTypes") or []),
        BUT: native not in left_out,
    }.get(strategy, False)
    return named and frequency(recorder.get("recordingMode"), native) == CONTINUOUS


def frequency(mode: Any, native: str) -> str | None:
    """How often a type is recorded; without a mode continuously, which is the service's default."""
    if not isinstance(mode, Mapping):
        return CONTINUOUS
    for other in mode.get("recordingModeOverrides") or []:
        if native in (other.get("resourceTypes") or []):
            return text(other, "recordingFrequency")
    return text(mode, "recordingFrequency") or CONTINUOUS

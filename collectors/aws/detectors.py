"""Amazon GuardDuty in one account and region: whether it watches for threats and for malware, and whether anybody hears of what it finds.

What a member account's detector finds goes to its administrator too: a rule there reports it as well as one of the account's own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws import receivers
from collectors.aws.elements import text
from collectors.aws.elsewhere import OrganizationSession
from collectors.aws.watches import places, watch
from collectors.collector import Item, collector
from collectors.watching import Watch

THREATS, MALWARE = "threat detection", "malware protection"
OF_ITSELF = frozenset({"CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"})
"""Sources that every detector reads; told with the features, and never absent."""
AGENTLESS = OF_ITSELF | {"S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"}
"""Features that need nothing on a machine. A region tells only those that it has."""
ON_DISKS = "EBS_MALWARE_PROTECTION"
SEVERE = {
    "source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"severity": 8, "type": "zq7", "service": {"archived": False}},
}  # fmt: skip
"""A severe finding of a type that no rule names: the rule that carries it carries all such."""


@collector(
    "aws.detectors",
    sees=Watch,
    kinds=(THREATS, MALWARE),
    learns=("enabled", "complete", "reported"),
    moves=("updatedAt", "UpdatedAt"),
    redacts=receivers.REDACTED,
    grants=("guardduty:ListDetectors", "guardduty:GetDetector", "guardduty:GetAdministratorAccount", *receivers.GRANTS),
    where="region",
)
class Detectors:
    """Both watches of the cell. An account has one detector in a region at the most."""

    def list(self, session: OrganizationSession) -> Iterator[Item]:
        """Two items."""
        return places(session, THREATS, MALWARE)

    def describe(self, session: OrganizationSession, item: Item) -> Watch:
        """One call where GuardDuty is off, two and the reading of rules where it is on, for both together."""
        kind = item["Kind"]
        listed = session.common("guardduty.ListDetectors")
        found = None if listed is None else listed.get("DetectorIds")
        if found == []:
            return watch(session, "guardduty", kind, enabled=False, complete=False, reported=False)
        own = str(found[0]) if found else ""
        detector = session.common("guardduty.GetDetector", DetectorId=own) if own else None
        on = STATES.get(text(detector, "Status") or "")
        features = states(detector)
        if kind == MALWARE:
            disks = features.get(ON_DISKS, False) if features else None
            return watch(session, "guardduty", kind, enabled=on and disks)
        return watch(
            session, "guardduty", kind, enabled=on, complete=on and every(features),
            reported=on and receivers.reported(session, SEVERE, lambda: administrator(session, own)),
        )  # fmt: skip


STATES = {"ENABLED": True, "DISABLED": False}


def states(detector: Mapping[str, Any] | None) -> dict[str, bool | None]:
    """Feature -> whether it is on; empty where they were not learned."""
    listed = (detector or {}).get("Features") or ()
    said = {text(one, "Name"): STATES.get(text(one, "Status") or "") for one in listed}
    return {} if None in said else {name: on for name, on in said.items() if name}


def every(features: Mapping[str, bool | None]) -> bool | None:
    """Every feature without an agent that the region has is on."""
    if not features.keys() >= OF_ITSELF:
        return None
    said = [on for name, on in features.items() if name in AGENTLESS]
    return False if False in said else None if None in said else True


def administrator(session: OrganizationSession, detector: str) -> tuple[str, ...] | None:
    """The account that administers the detector, or none; `None` if that was not learned."""
    answer = session.common("guardduty.GetAdministratorAccount", DetectorId=detector)
    if answer is None:
        return None
    said = answer.get("Administrator") or {}
    account = text(said, "AccountId")
    return (account,) if account and text(said, "RelationshipStatus") == "Enabled" else ()

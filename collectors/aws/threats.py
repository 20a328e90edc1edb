"""Open findings of GuardDuty: threats that nobody has archived.

GuardDuty knows open and archived, and nothing between. Where Security Hub is on, somebody may have set its workflow to notified, suppressed
or resolved there: such a threat is taken up. What is done in another tool is not seen. Each account is asked for its own, so that an
administrator does not tell its members' once more. Of a finding only what facts are read from is kept: the rest names addresses, users and
machines of others.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from collectors.aws.detectors import THREATS
from collectors.aws.elements import instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.hubs import OFF
from collectors.aws.watches import looks
from collectors.collector import Item, Session, Unseen, collector, learned
from collectors.watching import Finding

DETECTORS = "aws.detectors"
AT_ONCE = 50
"""The most findings that one question may be about."""
SEVERITIES: tuple[tuple[float, Literal["critical", "high", "medium", "low"]], ...] = (
    (9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.0, "low"),
)  # fmt: skip
"""Least value of each (GuardDuty user guide, "Severity levels of findings")."""
TAKEN_UP = ("NOTIFIED", "SUPPRESSED", "RESOLVED")
"""States of a finding's workflow in Security Hub; without a decision it is `NEW`."""
KEPT = ("AccountId", "Arn", "CreatedAt", "Id", "Region", "Severity", "Type", "UpdatedAt")
KEPT_OF_SERVICE = ("Archived", "Count", "EventFirstSeen", "EventLastSeen")
SUBJECTS = (
    ("EksClusterDetails", "Arn"), ("EcsClusterDetails", "Arn"), ("LambdaDetails", "FunctionArn"),
    ("RdsDbInstanceDetails", "DbInstanceArn"), ("EbsSnapshotDetails", "SnapshotArn"), ("RecoveryPointDetails", "RecoveryPointArn"),
)  # fmt: skip
"""Where a finding names what it was found in by an ARN."""


@collector(
    "aws.threats",
    sees=Finding,
    kinds=("threat",),
    learns=("severity", "first_seen", "in_progress", "subject"),
    readings=("in_progress",),
    moves=("Count", "EventLastSeen", "Findings", "UpdatedAt"),
    grants=("guardduty:ListDetectors", "guardduty:ListFindings", "guardduty:GetFindings", "securityhub:GetFindings"),
    beside=(DETECTORS,),
    where="region",
)
class Threats:
    """Every open finding about the account in the region."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `GetFindings`, fifty at once; no call where there is no detector."""
        if looks(session, DETECTORS, THREATS) is False:
            return
        answer = session.common("guardduty.ListDetectors")
        if answer is None or not isinstance(answer.get("DetectorIds"), list):
            raise Unseen("no list of detectors")
        for detector in answer["DetectorIds"]:
            found = ids(session, detector)
            for start in range(0, len(found), AT_ONCE):
                some = found[start : start + AT_ONCE]
                findings = session.pages("guardduty.GetFindings", "Findings", DetectorId=detector, FindingIds=some)
                yield from (excerpt(session, one) for one in findings)

    def describe(self, session: CellSession, item: Item) -> Finding:
        """One call for all of the cell."""
        service = item["Service"]
        return Finding(
            id=item["Arn"], provider="aws", account=session.account, region=session.region, kind="threat", name=text(item, "Type"),
            managed_by="customer", severity=severity(item.get("Severity")),
            first_seen=moment(text(service, "EventFirstSeen") or text(item, "CreatedAt")),
            in_progress=taken_up(session, item["Arn"]), subject=text(item, "Subject"),
        )  # fmt: skip


def ids(session: Session, detector: str) -> list[str]:
    """Ids of the open findings about the account. Raises `Unseen` where they cannot be read to the end."""
    criteria = {"service.archived": {"Eq": ["false"]}, "accountId": {"Eq": [session.account]}}
    found: list[str] = []
    met = {""}
    more: dict[str, Any] = {}
    while True:
        answer = session.ask(
            "guardduty.ListFindings",
            DetectorId=detector,
            FindingCriteria={"Criterion": criteria},
            MaxResults=AT_ONCE,
            **more,
        )
        if answer is None or not isinstance(answer.get("FindingIds"), list):
            raise Unseen("no list of findings")
        found += answer["FindingIds"]
        token = answer.get("NextToken") or ""
        if not token:
            return found
        if token in met:
            raise Unseen("a page that leads back to itself")
        met.add(token)
        more = {"NextToken": token}


def taken_up(session: CellSession, finding: str) -> bool | None:
    """Somebody has said of it, in Security Hub, that its owner knows, or that it is settled."""
    equals = {
        "AwsAccountId": (session.account,), "ProductName": ("GuardDuty",), "RecordState": ("ACTIVE",), "WorkflowStatus": TAKEN_UP,
    }  # fmt: skip
    filters = {key: [{"Comparison": "EQUALS", "Value": one} for one in values] for key, values in equals.items()}
    found = session.among(
        "securityhub.GetFindings", "Findings", by="Id", of=finding, keep=workflows, absent=OFF, Filters=filters
    )
    return learned(found, bool)


def workflows(findings: tuple[Item, ...]) -> tuple[Item, ...]:
    """Of Security Hub's own record of a threat, what has become of it."""
    return tuple({"Id": one["Id"], "Workflow": one.get("Workflow")} for one in findings)


def excerpt(session: Session, finding: Item) -> Item:
    """What facts are read from."""
    service = finding.get("Service") or {}
    return {
        **{key: finding[key] for key in KEPT if key in finding},
        "Service": {key: service[key] for key in KEPT_OF_SERVICE if key in service},
        "Subject": subject(session, finding.get("Resource") or {}),
    }


def subject(session: Session, resource: Mapping[str, Any]) -> str | None:
    """What the finding is about, by its ARN; `None` for a user, whom it would name, and for what has none."""
    for key, name in SUBJECTS:
        if resource.get(key):
            return text(resource[key], name)
    for bucket in resource.get("S3BucketDetails") or ():
        return text(bucket, "Arn")
    machine = text(resource.get("InstanceDetails"), "InstanceId")
    return f"arn:{session.partition}:ec2:{session.region}:{session.account}:instance/{machine}" if machine else None


def severity(value: Any) -> Literal["critical", "high", "medium", "low"] | None:
    """A number as a word."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return next((word for least, word in SEVERITIES if value >= least), None)


def moment(value: str | None) -> datetime | None:
    """A point in time that GuardDuty tells as text."""
    found = instant({"at": value}, "at")
    return None if found is None else found.astimezone(UTC)

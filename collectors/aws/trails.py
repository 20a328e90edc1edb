"""CloudTrail trails, each in its home region: what they record, whether it arrives, and how well it lies there.

The bucket of a trail may stand in any account of the organisation. One that no account in scope has is not learned of.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, flag, instant, text
from collectors.aws.elsewhere import OrganizationSession
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore, Trail

HIGH_VOLUME = frozenset({"rdsdata.amazonaws.com"})
"""Event sources that may be left out: their events are counted as management events, but are calls on data. (KMS may not: leaving it
out leaves out the disabling and deletion of keys.)"""
GONE = ("TrailNotFoundException",)
BUCKETS = "aws.buckets"
NO_LOCK = ("ObjectLockConfigurationNotFoundError",)
BOTH = frozenset({"read", "write"})


@collector(
    "aws.trails",
    sees=Trail,
    kinds=("trail",),
    learns=(
        "logging", "multi_region", "organization", "management_events", "validated", "key_held_by", "delivered", "delivery_failing",
        "store_public", "store_access_logged", "store_locked", "watched",
    ),
    readings=("delivered", "delivery_failing"),
    moves=(
        "LatestDeliveryTime", "LatestDeliveryError", "LatestDeliveryAttemptTime", "LatestDeliveryAttemptSucceeded",
        "LatestDigestDeliveryTime", "LatestDigestDeliveryError", "LatestNotificationTime", "LatestNotificationError",
        "LatestNotificationAttemptTime", "LatestNotificationAttemptSucceeded", "LatestCloudWatchLogsDeliveryTime",
        "LatestCloudWatchLogsDeliveryError",
    ),
    grants=(
        "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors", "s3:GetBucketObjectLockConfiguration",
    ),
    needs=(BUCKETS,),
    where="region",
)  # fmt: skip
class Trails:
    """Every trail whose home is this account and region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeTrails` without shadows: a trail of other regions, or of the organisation, is seen at its home."""
        return session.pages("cloudtrail.DescribeTrails", "trailList", includeShadowTrails=False)

    def describe(self, session: OrganizationSession, item: Item) -> Trail:
        """What is set comes from the element and the selectors, what happens from the status, what it lies in from a join."""
        bucket = store(session, text(item, "S3BucketName"))
        name = text(item, "TrailARN") or arn(session, "cloudtrail", f"trail/{item['Name']}")
        status = session.ask("cloudtrail.GetTrailStatus", gone=GONE, Name=name)
        return Trail(
            id=name, provider="aws", account=session.account, region=text(item, "HomeRegion") or session.region,
            kind="trail", name=text(item, "Name"), managed_by="customer", logging=flag(status, "IsLogging"),
            multi_region=flag(item, "IsMultiRegionTrail"), organization=flag(item, "IsOrganizationTrail"),
            management_events=events(session, item, name), validated=flag(item, "LogFileValidationEnabled"),
            # CloudTrail takes no AWS-managed key, and leaves the field out where S3's own keys encrypt.
            key_held_by="customer" if text(item, "KmsKeyId") else "provider",
            delivered=instant(status, "LatestDeliveryTime"), delivery_failing=learned(status, failing),
            store_public=bucket.public if bucket else None, store_access_logged=bucket.access_logged if bucket else None,
            store_locked=learned(bucket, lambda known: locked(session, known)),
            # CloudTrail leaves the field out where nothing is sent to a log group.
            watched=text(item, "CloudWatchLogsLogGroupArn") is not None,
        )  # fmt: skip


def store(session: Session, name: str | None) -> DataStore | None:
    """The bucket that a trail delivers to, cited; `None` if nobody has seen it."""
    found = next((one for one in session.seen(BUCKETS) or () if isinstance(one, DataStore) and one.name == name), None)
    if found is not None:
        session.cite(found)
    return found


def locked(session: OrganizationSession, bucket: DataStore) -> bool | None:
    """New objects cannot be changed or deleted for a time, by administrators neither: governance mode lets them."""
    if bucket.region == "global":
        return None
    answer = session.elsewhere(
        bucket.account, "s3.GetObjectLockConfiguration", absent=NO_LOCK, region=bucket.region, Bucket=bucket.name
    )
    if answer is None:
        return None
    rule = (answer.get("ObjectLockConfiguration") or {}).get("Rule") or {}
    return text(rule.get("DefaultRetention"), "Mode") == "COMPLIANCE"


def events(session: Session, item: Item, name: str) -> bool | None:
    """Management events are recorded; a trail without selectors of its own records all of them (CloudTrail user guide)."""
    if flag(item, "HasCustomEventSelectors") is False:
        return True
    answer = session.ask("cloudtrail.GetEventSelectors", gone=GONE, TrailName=name)
    return learned(answer, management_events)


def failing(status: Mapping[str, Any]) -> bool | None:
    """The latest delivery met an error; the field is left out, or empty, after one that did not."""
    if text(status, "LatestDeliveryError"):
        return True
    return False if instant(status, "LatestDeliveryTime") else None


def management_events(answer: Mapping[str, Any]) -> bool | None:
    """Reads and writes of the control plane are recorded, by plain or by advanced selectors."""
    plain, advanced = answer.get("EventSelectors"), answer.get("AdvancedEventSelectors")
    if plain is None and advanced is None:
        return None
    recorded: frozenset[str] = frozenset()
    for selector in plain or ():
        recorded |= by_plain(selector)
    for selector in advanced or ():
        recorded |= by_advanced(selector)
    return recorded == BOTH


def by_plain(selector: Mapping[str, Any]) -> frozenset[str]:
    """Which of reads and writes a plain selector records, of all but high-volume sources."""
    if (
        not selector.get("IncludeManagementEvents")
        or set(selector.get("ExcludeManagementEventSources") or ()) - HIGH_VOLUME
    ):
        return frozenset()
    return {"All": BOTH, "ReadOnly": frozenset({"read"}), "WriteOnly": frozenset({"write"})}.get(
        selector.get("ReadWriteType", ""), frozenset()
    )


def by_advanced(selector: Mapping[str, Any]) -> frozenset[str]:
    """Which of reads and writes an advanced selector records; one that any other field narrows records part of either."""
    recorded = frozenset[str]()
    for field in selector.get("FieldSelectors", ()):
        operators = {name: tuple(values) for name, values in field.items() if name != "Field" and values}
        match field.get("Field"), operators:
            case "eventCategory", {"Equals": ("Management",), **rest} if not rest:
                recorded = recorded or BOTH
            case "readOnly", {"Equals": ("true",), **rest} if not rest:
                recorded = frozenset({"read"})
            case "readOnly", {"Equals": ("false",), **rest} if not rest:
                recorded = frozenset({"write"})
            case "eventSource", {"NotEquals": sources, **rest} if not rest and set(sources) <= HIGH_VOLUME:
                continue
            case _:
                return frozenset()
    return recorded if of_management(selector) else frozenset()


def of_management(selector: Mapping[str, Any]) -> bool:
    """The selector speaks of management events."""
    return any(field.get("Field") == "eventCategory" for field in selector.get("FieldSelectors", ()))

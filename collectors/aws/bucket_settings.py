"""What AWS Config holds of a bucket's settings, told as S3 would tell it: up to six calls fewer for each bucket.

Which buckets there are S3 says itself. A setting is taken from the bucket's configuration item only where the item has it: one that is not
there may be not set or not recorded, and S3 is asked. Policies and access control lists are always asked for: AWS's schema of the type does
not promise them. A part of an item's `supplementaryConfiguration` is an object, or the text of one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec
import zstandard

from collectors.aws.aggregate import Aggregate, Asker, expression
from collectors.aws.aside import Aside
from collectors.aws.census import recorded, settled
from collectors.aws.configured import Row, Unfit, translated, whole_number
from collectors.aws.dates import dated
from collectors.aws.elements import text
from collectors.aws.gathered import Gathered
from collectors.aws.others import at_work
from collectors.collector import Unseen

NATIVE = "AWS::S3::Bucket"
SUPPLEMENT = "supplementaryConfiguration"
COLUMNS = (
    "accountId", "awsRegion", "resourceType", "resourceId", SUPPLEMENT, "tags", "configurationItemCaptureTime",
    "configurationItemStatus",
)  # fmt: skip
VERSIONING: Mapping[str | None, Mapping[str, str]] = {
    None: {}, "Off": {}, "Enabled": {"Status": "Enabled"}, "Suspended": {"Status": "Suspended"},
}  # fmt: skip
"""By Config's word: S3 leaves the status out where versioning was never enabled."""
TOGETHER = 25
"""Accounts whose buckets are read by one query: those of all stand in the way of what joins them."""
UNSET = -1
"""What Config says of days that a rule does not name."""


class BucketSettings:
    """Settings of buckets by one sweep's aggregator. Safe to use from many threads."""

    def __init__(self, aggregate: Aggregate) -> None:
        self._aggregate = aggregate
        self._gathered = Gathered()

    def answer(
        self, asker: Asker, operation: str, region: str, parameters: Mapping[str, Any], aside: Aside
    ) -> tuple[Row, dict[str, Any]] | None:
        """A bucket's configuration item, and the answer that it holds; `None` where S3 is to be asked."""
        setting = SETTINGS.get(operation)
        if setting is None or set(parameters) != {"Bucket"}:
            return None
        captured = self._aggregate.fresh(asker, region, aside)
        row = self._rows(asker, aside).get((region, parameters["Bucket"])) if captured else None
        if captured is None or row is None or not self._recorded(asker, region):
            return None
        try:
            answer = setting(asker.shape(operation), row)
        except Unfit:
            return None
        aside.told.add(captured)
        return row, answer

    def _rows(self, asker: Asker, aside: Aside) -> Mapping[tuple[str, str], Row]:
        """The account's buckets, by region and name."""

        def unpacked() -> Mapping[tuple[str, str], Row]:
            some = self._gathered.once("batches", lambda: self._batches(asker, aside)).get(
                asker.account, (asker.account,)
            )
            packed = self._gathered.once(some[0], lambda: self._read(asker, aside, some)).get(asker.account)
            rows = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(packed)) if packed else ()
            return {(row["awsRegion"], row["resourceId"]): row for row in rows}

        return asker.kept().once("config buckets", unpacked)

    def _batches(self, asker: Asker, aside: Aside) -> Mapping[str, tuple[str, ...]]:
        """Each account, and those whose buckets are read together with its own."""
        accounts = sorted((asker.in_scope() | {asker.account}) & self._aggregate.sources(asker, aside).keys())
        parts = (tuple(accounts[start : start + TOGETHER]) for start in range(0, len(accounts), TOGETHER))
        return {account: some for some in parts for account in some}

    def _read(self, asker: Asker, aside: Aside, accounts: Collection[str]) -> Mapping[str, bytes]:
        """Buckets of some accounts, packed: most are looked at long after the first of them."""
        sources = self._aggregate.sources(asker, aside)
        regions = {region for one in accounts for region, source in sources[one].items() if source.told is not None}
        items = self._aggregate.rows(asker, aside, expression(accounts, regions, (NATIVE,), COLUMNS))
        found: dict[str, list[Row]] = defaultdict(list)
        for (account, _, _), rows in items.items():
            found[account] += map(kept, rows)
        pack = zstandard.ZstdCompressor(level=3).compress
        return {account: pack(msgspec.json.encode(rows)) for account, rows in found.items()}

    def _recorded(self, asker: Asker, region: str) -> bool:
        """A recorder of the bucket's region keeps up with its settings."""

        def read() -> bool:
            there = asker.at(asker.account, region)
            try:
                recorders = at_work(there)
            except Unseen:
                recorders = ()
            asker.notes.calls += there.notes.calls
            return any(recorded(one, NATIVE) for one in settled(recorders, dated(there.notes.calls)))

        return asker.kept().once(f"recorder of buckets in {region}", read)


def kept(row: Row) -> Row:
    """Of an item what settings are read from: the rest names grantees, topics and functions."""
    supplement = _read(row.get(SUPPLEMENT))
    held = {key: _read(one) for key, one in supplement.items() if key in KEPT} if isinstance(supplement, dict) else {}
    return {**row, SUPPLEMENT: held}


def _read(value: Any) -> Any:
    """A part of an item, which may stand in a text."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return None


def _part(row: Row, key: str) -> Mapping[str, Any]:
    value = row[SUPPLEMENT].get(key)
    if not isinstance(value, Mapping):
        raise Unfit(key)
    return value


def _encryption(shape: Any, row: Row) -> dict[str, Any]:
    key = "ServerSideEncryptionConfiguration"
    found = translated(shape.members[key], _part(row, key))
    if not found.get("Rules"):
        raise Unfit(key)
    return {key: found}


def _versioning(shape: Any, row: Row) -> dict[str, Any]:  # noqa: ARG001 - of the same form as those that translate
    status = _part(row, "BucketVersioningConfiguration").get("status", "")
    if status not in VERSIONING:
        raise Unfit("status")
    return dict(VERSIONING[status])


def _logging(shape: Any, row: Row) -> dict[str, Any]:  # noqa: ARG001 - of the same form as those that translate
    said = _part(row, "BucketLoggingConfiguration")
    if said.get("destinationBucketName", "") is None:
        return {}
    target = text(said, "destinationBucketName")
    if target is None:
        raise Unfit("destinationBucketName")
    return {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": said.get("logFilePrefix") or ""}}


def _lifecycle(shape: Any, row: Row) -> dict[str, Any]:  # noqa: ARG001 - of the same form as those that translate
    rules = _part(row, "BucketLifecycleConfiguration").get("rules")
    if not isinstance(rules, list) or not rules:
        raise Unfit("rules")
    return {"Rules": [_rule(one) for one in rules]}


def _rule(rule: Any) -> dict[str, Any]:
    """A rule, with what it says of the age of whole objects."""
    status = text(rule, "status") if isinstance(rule, Mapping) else None
    days = whole_number(rule.get("expirationInDays", "")) if status is not None else ""
    if status is None or not isinstance(days, int | None) or isinstance(days, bool):
        raise Unfit("rule")
    date = rule.get("expirationDate")
    expiration = {"Days": days} if days not in {None, UNSET} else {} if date is None else {"Date": date}
    return {"Status": status, **({"Expiration": expiration} if expiration else {})}


def _block(shape: Any, row: Row) -> dict[str, Any]:
    key = "PublicAccessBlockConfiguration"
    found = translated(shape.members[key], _part(row, key))
    if set(found) != set(shape.members[key].members):
        raise Unfit(key)
    return {key: found}


def _tagging(shape: Any, row: Row) -> dict[str, Any]:
    if not row.get("tags"):
        raise Unfit("tags")
    return {"TagSet": translated(shape.members["TagSet"], row["tags"])}


KEPT = frozenset({
    "BucketLifecycleConfiguration", "BucketLoggingConfiguration", "BucketVersioningConfiguration", "PublicAccessBlockConfiguration",
    "ServerSideEncryptionConfiguration",
})  # fmt: skip
"""Parts of an item that settings are read from."""
SETTINGS: Mapping[str, Callable[[Any, Row], dict[str, Any]]] = {
    "s3.GetBucketEncryption": _encryption,
    "s3.GetBucketLifecycleConfiguration": _lifecycle,
    "s3.GetBucketLogging": _logging,
    "s3.GetBucketTagging": _tagging,
    "s3.GetBucketVersioning": _versioning,
    "s3.GetPublicAccessBlock": _block,
}
"""By the operation: from botocore's shape of its answer and a configuration item, that answer; they raise `Unfit`."""

"""S3 buckets: seven calls each, and the blocks of public access only where something would be public without them.

A bucket is public as S3 means it: a policy or an access control list lets strangers in, and no block of the bucket or of the account
stands before. Access logs are the server access logs; CloudTrail's data events are not read here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.accounts import blocks
from collectors.aws.elements import Holder, instant, policy, tags, text
from collectors.aws.exposure import public, requires_tls, shared_with
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.statements import Statement
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

GROUPS = {"AllUsers": True, "AuthenticatedUsers": True, "LogDelivery": False}
"""Last part of a group's URI -> it is one of strangers: of everybody, of everybody with any AWS account."""
GONE = ("NoSuchBucket",)
NO_BLOCK = ("NoSuchPublicAccessBlockConfiguration",)
NEUTRALISED_BY = {"policy": "RestrictPublicBuckets", "acl": "IgnorePublicAcls"}
"""What lets strangers in -> the block that takes it back. The other two blocks only keep new ones from being set."""


@collector(
    "aws.buckets",
    sees=DataStore,
    kinds=("object store",),
    learns=(
        "encrypted", "key_held_by", "public", "foreign_access", "transport_encrypted", "versioned", "access_logged", "content_expires",
    ),
    grants=(
        "s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:GetBucketPolicy", "s3:GetBucketAcl",
        "s3:GetBucketVersioning", "s3:GetBucketLogging", "s3:GetBucketTagging", "s3:GetBucketPublicAccessBlock",
        "s3:GetAccountPublicAccessBlock", "s3:GetLifecycleConfiguration", "kms:ListAliases",
    ),
    where="account",
)  # fmt: skip
class Buckets:
    """Every bucket of the account, asked in its own region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListBuckets`; with a page size it tells regions too."""
        return session.pages("s3.ListBuckets", "Buckets")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """One call for each fact or two."""
        bucket = Bucket(session, item)
        encryption = bucket.ask("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")
        rules = learned(bucket.ask("GetBucketPolicy", "NoSuchBucketPolicy"), policy)
        acl = bucket.ask("GetBucketAcl")
        versioning, logging = bucket.ask("GetBucketVersioning"), bucket.ask("GetBucketLogging")
        tagging = bucket.ask("GetBucketTagging", "NoSuchTagSet")
        lifecycle = bucket.ask("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
        key = learned(encryption, default_key)
        encrypted = None if key is None else key != "none"
        return DataStore(
            id=bucket.arn, provider="aws", account=session.account, region=bucket.region or "global", kind="object store",
            name=bucket.name, tags=learned(tagging, lambda known: tags(known.get("TagSet", [] if not known else None))),
            managed_by="customer", created=instant(item, "CreationDate"), encrypted=encrypted,
            key_held_by=held_by(bucket, key), public=is_public(bucket, rules, acl),
            foreign_access=foreign_access(rules, acl, session.account),
            transport_encrypted=learned(rules, lambda known: requires_tls(known, bucket.arn)),
            # S3 leaves the status out where versioning was never enabled, and the element out where nothing is logged.
            versioned=learned(versioning, lambda known: known.get("Status") == "Enabled"),
            access_logged=learned(logging, lambda known: bool(known.get("LoggingEnabled"))),
            content_expires=learned(lifecycle, deletes),
        )  # fmt: skip


class Bucket:
    """One bucket, in its region."""

    def __init__(self, session: CellSession, item: Item) -> None:
        self.session = session
        self.name: str = item["Name"]
        self.arn = f"arn:{session.partition}:s3:::{self.name}"
        self.region = text(item, "BucketRegion") or self._located()

    def ask(self, operation: str, *absent: str) -> dict[str, Any] | None:
        """One answer about the bucket; where its region was not learned, nobody knows whom to ask."""
        if self.region is None:
            return None
        return self.session.ask(f"s3.{operation}", absent=absent, gone=GONE, region=self.region, Bucket=self.name)

    def own_block(self) -> dict[str, Any] | None:
        """The block of this bucket."""
        return self.ask("GetPublicAccessBlock", *NO_BLOCK)

    def account_block(self) -> dict[str, Any] | None:
        """The block of the whole account."""
        return self.session.ask("s3control.GetPublicAccessBlock", absent=NO_BLOCK, AccountId=self.session.account)

    def _located(self) -> str | None:
        """From `GetBucketLocation`, which calls its oldest regions by other names."""
        answer = self.session.ask("s3.GetBucketLocation", gone=GONE, Bucket=self.name)
        if answer is None:
            return None
        return {"": "us-east-1", "EU": "eu-west-1"}.get(
            answer.get("LocationConstraint") or "", answer.get("LocationConstraint")
        )


def default_key(answer: Mapping[str, Any]) -> str | None:
    """What encrypts new objects: `none`, `s3`, or a KMS key's id or alias (`alias/aws/s3` where none is named)."""
    if not answer:
        return "none"
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules") or ()
    defaults = [
        rule["ApplyServerSideEncryptionByDefault"] for rule in rules if "ApplyServerSideEncryptionByDefault" in rule
    ]
    if not defaults:
        return None
    algorithm = text(defaults[0], "SSEAlgorithm") or ""
    return (text(defaults[0], "KMSMasterKeyID") or "alias/aws/s3") if algorithm.startswith("aws:kms") else "s3"


def held_by(bucket: Bucket, key: str | None) -> Holder | None:
    """Who holds that key."""
    if key in {"none", "s3"}:
        return "none" if key == "none" else "provider"
    return None if key is None else holder(bucket.session, encrypted=True, key=key, region=bucket.region)


def deletes(lifecycle: Mapping[str, Any]) -> bool | None:
    """Some rule in force deletes what has become old, in all of the bucket or a part; one for markers, parts or old versions does not."""
    rules = lifecycle.get("Rules", [] if not lifecycle else None)
    if not isinstance(rules, list):
        return None
    return any(one.get("Status") == "Enabled" and {"Days", "Date"} & set(one.get("Expiration") or ()) for one in rules)


def is_public(bucket: Bucket, rules: tuple[Statement, ...] | None, acl: Mapping[str, Any] | None) -> bool | None:
    """Strangers get in by the policy or the list, and neither block takes it back; the blocks are asked only then."""
    ways = {"policy": learned(rules, public), "acl": learned(acl, open_list)}
    for block in (bucket.own_block, bucket.account_block):
        if all(way is False for way in ways.values()):
            return False
        answer = block()
        ways = {way: behind(is_open, blocks(answer, NEUTRALISED_BY[way])) for way, is_open in ways.items()}
    return True if True in ways.values() else None if None in ways.values() else False


def behind(is_open: bool | None, block: bool | None) -> bool | None:  # noqa: FBT001 - two facts, in the order of their names
    """What is left of a way in behind a block; a block that was not learned may take it back."""
    if is_open is False or block is True:
        return False
    return None if block is None else is_open


def open_list(acl: Mapping[str, Any]) -> bool | None:
    """The access control list grants something to a group of strangers; a group that is not known may be one."""
    if not isinstance(acl.get("Grants"), list):
        return None
    said = [strange(grant.get("Grantee")) for grant in acl["Grants"]]
    return True if True in said else None if None in said else False


def strange(grantee: Mapping[str, Any] | None) -> bool | None:
    """A grantee that anybody may be; one with an id or an address is somebody."""
    if text(grantee, "ID") or text(grantee, "EmailAddress"):
        return False
    return GROUPS.get((text(grantee, "URI") or "").rsplit("/", 1)[-1])


def foreign_access(
    rules: tuple[Statement, ...] | None, acl: Mapping[str, Any] | None, account: str
) -> tuple[str, ...] | None:
    """Accounts that the policy names, and canonical users other than the owner that the list names: S3 tells no more of those."""
    if rules is None or acl is None or "Owner" not in acl:
        return None
    listed = {text(grant.get("Grantee"), "ID") for grant in acl.get("Grants") or ()} - {text(acl["Owner"], "ID")}
    return tuple(sorted(shared_with(rules, account) | {one for one in listed if one}))

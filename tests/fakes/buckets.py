"""The fake estate's buckets: in each account a sound one, a bare one and one in another region."""

import json
from collections.abc import Callable
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, key_arn, named, paged


def buckets(account: str) -> tuple[str, ...]:
    """Names of an account's buckets: the first is sound, the second bare, the third in another region."""
    return tuple(f"{kind}-{account}" for kind in ("sound", "bare", "far"))


def _buckets(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"Name": name, "CreationDate": THEN, "BucketRegion": bucket_region(name), "BucketArn": f"arn:aws:s3:::{name}"}
        for name in buckets(request.account)
    ]
    return paged(request, "Buckets", entries, given="ContinuationToken", asked="ContinuationToken")


def bucket_region(name: str) -> str:
    """Where a bucket lives."""
    return "us-east-1" if name.startswith("far") else "eu-west-1"


def _of_bucket(
    code: str | None, result: Callable[[Request], dict[str, Any]]
) -> Callable[[Any, Request], dict[str, Any]]:
    """An answer about one bucket, which must be asked at home: `result`, or for the bare one the refusal that there is none."""

    def answer(estate: Any, request: Request) -> dict[str, Any]:
        name = request.parameters["Bucket"]
        if name not in buckets(request.account):
            raise Refusal("NoSuchBucket", 404)
        if request.region != bucket_region(name):
            raise Refusal("PermanentRedirect", 301)
        if name.startswith("bare"):
            if code is not None:
                raise Refusal(code, 404)
            return {}
        return result(request)

    return answer


def _encryption(request: Request) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn(request, "key-1")}
    return {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        }
    }


def _block(request: Request) -> dict[str, Any]:
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {"PublicAccessBlockConfiguration": dict.fromkeys(blocks, True)}


def _bucket_policy(request: Request) -> dict[str, Any]:
    name = request.parameters["Bucket"]
    tls_only = {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [tls_only]})}


def _acl(estate: Any, request: Request) -> dict[str, Any]:
    grants = [{"Grantee": {"Type": "CanonicalUser", "ID": "owner"}, "Permission": "FULL_CONTROL"}]
    if request.parameters["Bucket"].startswith("bare"):
        grants.append(
            {
                "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
                "Permission": "READ",
            }
        )
    return {"Owner": {"ID": "owner"}, "Grants": grants}


def _lock(request: Request) -> dict[str, Any]:
    retention = {"Mode": "COMPLIANCE", "Days": 365}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}}


def _lifecycle(request: Request) -> dict[str, Any]:
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
    return {"Rules": [rule]}


def _location(estate: Any, request: Request) -> dict[str, Any]:
    region = bucket_region(request.parameters["Bucket"])
    return {} if region == "us-east-1" else {"LocationConstraint": region}


ANSWERS: dict[str, Any] = {
    "s3.GetBucketAcl": _acl,
    "s3.GetBucketEncryption": _of_bucket("ServerSideEncryptionConfigurationNotFoundError", _encryption),
    "s3.GetBucketLifecycleConfiguration": _of_bucket("NoSuchLifecycleConfiguration", _lifecycle),
    "s3.GetBucketLocation": _location,
    "s3.GetObjectLockConfiguration": _of_bucket("ObjectLockConfigurationNotFoundError", _lock),
    "s3.GetBucketLogging": _of_bucket(
        None, lambda _: {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "s3/"}}
    ),
    "s3.GetBucketOwnershipControls": _of_bucket(
        "OwnershipControlsNotFoundError",
        lambda _: {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    ),
    "s3.GetBucketPolicy": _of_bucket("NoSuchBucketPolicy", _bucket_policy),
    "s3.GetBucketPolicyStatus": _of_bucket("NoSuchBucketPolicy", lambda _: {"PolicyStatus": {"IsPublic": False}}),
    "s3.GetBucketTagging": _of_bucket("NoSuchTagSet", lambda _: {"TagSet": named("bucket")}),
    "s3.GetBucketVersioning": _of_bucket(None, lambda _: {"Status": "Enabled"}),
    "s3.GetPublicAccessBlock": _of_bucket("NoSuchPublicAccessBlockConfiguration", _block),
    "s3.ListBuckets": _buckets,
}
"""What each operation is answered with."""

import json

import pytest

from collectors.aws.accounts import BLOCKS
from collectors.aws.buckets import Buckets
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = "arn:aws:s3:::our-bucket"
ELEMENT = {"Name": "our-bucket", "BucketRegion": "eu-central-1"}
OWNER = {
    "Owner": {"ID": "owner"},
    "Grants": [{"Grantee": {"Type": "CanonicalUser", "ID": "owner"}, "Permission": "FULL_CONTROL"}],
}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"


def policy(*items):
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(items)})}


def encryption(**default):
    return {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}


def rules(*listed):
    return {"Rules": list(listed)}


def block(**flags):
    return {"PublicAccessBlockConfiguration": {**dict.fromkeys(BLOCKS, False), **flags}}


def granted(**grantee):
    return {**OWNER, "Grants": [*OWNER["Grants"], {"Grantee": grantee, "Permission": "READ"}]}


def world(name):
    return granted(Type="Group", URI=f"http://acs.amazonaws.com/groups/{name}")


BARE = {
    "s3.GetBucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
    "s3.GetBucketPolicy": "NoSuchBucketPolicy",
    "s3.GetBucketAcl": OWNER,
    "s3.GetBucketVersioning": {},
    "s3.GetBucketLogging": {},
    "s3.GetBucketTagging": "NoSuchTagSet",
    "s3.GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "kms.ListAliases": {"Aliases": [{"AliasName": "alias/aws/s3", "TargetKeyId": "theirs"}]},
    "s3.GetPublicAccessBlock": NO_BLOCK,
    "s3control.GetPublicAccessBlock": NO_BLOCK,
}
SEVEN = [operation for operation in BARE if not operation.endswith(("PublicAccessBlock", "ListAliases"))]
FACTS = (
    "encrypted",
    "key_held_by",
    "public",
    "foreign_access",
    "transport_encrypted",
    "versioned",
    "access_logged",
    "content_expires",
    "tags",
)
OF_BARE = dict(zip(FACTS, (False, "none", False, (), False, False, False, False, {}), strict=True))


def facts(element=ELEMENT, **answers):
    told = Told({**BARE, **{name.replace("__", "."): answer for name, answer in answers.items()}})
    bucket = Buckets.describe(told, element)
    assert (bucket.id, bucket.name, bucket.account) == (ARN, "our-bucket", ACCOUNT)
    return {fact: getattr(bucket, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="AES256")}, {"encrypted": True, "key_held_by": "provider"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms")}, {"encrypted": True, "key_held_by": "provider"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms:dsse", KMSMasterKeyID="arn:aws:kms:x:111122223333:alias/aws/s3")},
         {"encrypted": True, "key_held_by": "provider"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="arn:aws:kms:eu-central-1:111122223333:key/k")},
         {"encrypted": True, "key_held_by": "customer"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="arn:aws:kms:eu-central-1:111122223333:key/theirs")},
         {"encrypted": True, "key_held_by": "provider"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="alias/ours")},
         {"encrypted": True, "key_held_by": "customer"}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="k"), "kms__ListAliases": None},
         {"encrypted": True, "key_held_by": None}),
        ({"s3__GetBucketLifecycleConfiguration": rules({"Status": "Enabled", "Expiration": {"Days": 30}})}, {"content_expires": True}),
        ({"s3__GetBucketLifecycleConfiguration": rules({"Status": "Disabled", "Expiration": {"Days": 30}})}, {}),
        ({"s3__GetBucketLifecycleConfiguration": rules({"Status": "Enabled", "Expiration": {"ExpiredObjectDeleteMarker": True}})}, {}),
        ({"s3__GetBucketLifecycleConfiguration": rules({"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 9}})}, {}),
        ({"s3__GetBucketLifecycleConfiguration": {"Surprise": 1}}, {"content_expires": None}),
        ({"s3__GetBucketLifecycleConfiguration": None}, {"content_expires": None}),
        ({"s3__GetBucketEncryption": encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID="arn:aws:kms:eu-central-1:222233334444:key/k")},
         {"encrypted": True, "key_held_by": "customer"}),
        ({"s3__GetBucketEncryption": {"Surprise": 1}}, {"encrypted": None, "key_held_by": None}),
        ({"s3__GetBucketEncryption": None}, {"encrypted": None, "key_held_by": None}),
        ({"s3__GetBucketPolicy": policy(TLS)}, {"transport_encrypted": True}),
        ({"s3__GetBucketPolicy": policy({**OPEN, "Principal": {"AWS": ["222233334444", ACCOUNT]}})}, {"foreign_access": ("222233334444",)}),
        ({"s3__GetBucketPolicy": None}, {"public": None, "foreign_access": None, "transport_encrypted": None}),
        ({"s3__GetBucketPolicy": {"Policy": "{"}}, {"public": None, "foreign_access": None, "transport_encrypted": None}),
        ({"s3__GetBucketAcl": None}, {"public": None, "foreign_access": None}),
        ({"s3__GetBucketAcl": granted(Type="CanonicalUser", ID="somebody")}, {"foreign_access": ("somebody",)}),
        ({"s3__GetBucketAcl": world("s3/LogDelivery")}, {}),
        ({"s3__GetBucketVersioning": {"Status": "Enabled"}}, {"versioned": True}),
        ({"s3__GetBucketVersioning": {"Status": "Suspended"}}, {"versioned": False}),
        ({"s3__GetBucketVersioning": None}, {"versioned": None}),
        ({"s3__GetBucketLogging": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}}, {"access_logged": True}),
        ({"s3__GetBucketLogging": None}, {"access_logged": None}),
        ({"s3__GetBucketTagging": {"TagSet": [{"Key": "team", "Value": "payments"}]}}, {"tags": {"team": "payments"}}),
        ({"s3__GetBucketTagging": None}, {"tags": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**OF_BARE, **expected}


@pytest.mark.parametrize(
    ("answers", "public"),
    [
        ({"s3__GetBucketPolicy": policy(OPEN)}, True),
        ({"s3__GetBucketAcl": world("global/AllUsers")}, True),
        ({"s3__GetBucketAcl": world("global/AuthenticatedUsers")}, True),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, False),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetPublicAccessBlock": block(BlockPublicPolicy=True, IgnorePublicAcls=True)}, True),
        ({"s3__GetBucketAcl": world("global/AllUsers"), "s3__GetPublicAccessBlock": block(IgnorePublicAcls=True)}, False),
        ({"s3__GetBucketAcl": world("global/AllUsers"), "s3__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, True),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3control__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, False),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3control__GetPublicAccessBlock": None}, None),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetPublicAccessBlock": None}, None),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetPublicAccessBlock": {"PublicAccessBlockConfiguration": {}}}, None),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetPublicAccessBlock": None,
          "s3control__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, False),
        ({"s3__GetBucketPolicy": None, "s3__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, False),
        ({"s3__GetBucketPolicy": None, "s3__GetBucketAcl": world("global/AllUsers")}, True),
        ({"s3__GetBucketPolicy": policy(OPEN), "s3__GetBucketAcl": None,
          "s3__GetPublicAccessBlock": block(RestrictPublicBuckets=True)}, None),
    ],
)  # fmt: skip
def test_a_bucket_is_public_where_strangers_get_in_and_no_block_takes_it_back(answers, public):
    assert facts(**answers)["public"] is public


def test_blocks_are_asked_only_of_buckets_that_would_be_public():
    private, opened = Told(BARE), Told({**BARE, "s3.GetBucketPolicy": policy(OPEN)})
    Buckets.describe(private, ELEMENT)
    Buckets.describe(opened, ELEMENT)
    assert private.asked == SEVEN
    assert opened.asked == [*SEVEN, "s3.GetPublicAccessBlock", "s3control.GetPublicAccessBlock"]


@pytest.mark.parametrize(
    ("location", "region"),
    [
        ({}, "us-east-1"),
        ({"LocationConstraint": "EU"}, "eu-west-1"),
        ({"LocationConstraint": "ap-south-1"}, "ap-south-1"),
    ],
)
def test_a_bucket_is_asked_in_its_own_region(location, region):
    told = Told({**BARE, "s3.GetBucketLocation": location})
    assert Buckets.describe(told, {"Name": "our-bucket"}).region == region
    assert told.regions == [None, *[region] * 7]


def test_a_bucket_without_a_known_region_is_seen_and_nothing_learned_of_it():
    told = Told(
        {**BARE, "s3.GetBucketLocation": None, "s3.GetPublicAccessBlock": None, "s3control.GetPublicAccessBlock": None}
    )
    bucket = Buckets.describe(told, {"Name": "our-bucket"})
    assert [getattr(bucket, fact) for fact in FACTS] == [None] * len(FACTS)
    assert bucket.region == "global"


def test_a_bucket_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        Buckets.describe(Told({**BARE, "s3.GetBucketEncryption": "NoSuchBucket"}), ELEMENT)

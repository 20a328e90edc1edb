import json
from datetime import UTC, datetime

import pytest

from collectors.aws.keys import Keys, algorithm
from collectors.collector import Gone
from collectors.resource import FAR
from tests.fakes.told import Told

ELEMENT = {"KeyId": "k", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k"}
METADATA = {
    "KeyManager": "CUSTOMER",
    "KeyState": "Enabled",
    "Origin": "AWS_KMS",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "KeyUsage": "ENCRYPT_DECRYPT",
}
SOON = datetime(2026, 2, 1, tzinfo=UTC)
FACTS = (
    "state", "rotatable", "rotation_days", "open_policy", "algorithm", "hardware_held", "expires", "recoverable_days",
    "single_purpose", "tags", "managed_by",
)  # fmt: skip


def policy(principal, condition=None):
    line = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"Policy": json.dumps({"Statement": [line if condition is None else {**line, "Condition": condition}]})}


SOUND = {
    "kms.DescribeKey": {"KeyMetadata": METADATA},
    "kms.GetKeyRotationStatus": {"KeyRotationEnabled": True, "RotationPeriodInDays": 180},
    "kms.GetKeyPolicy": policy({"AWS": "arn:aws:iam::111122223333:root"}),
    "kms.ListResourceTags": {"Tags": [{"TagKey": "team", "TagValue": "payments"}], "Truncated": False},
}
OF_SOUND = dict(
    zip(
        FACTS,
        ("enabled", True, 180, False, "AES-256", True, FAR, 7, True, {"team": "payments"}, "customer"),
        strict=True,
    )
)


def metadata(**more):
    return {"kms__DescribeKey": {"KeyMetadata": {**METADATA, **more}}}


def facts(**answers):
    told = Told({**SOUND, **{name.replace("__", "."): answer for name, answer in answers.items()}})
    key = Keys.describe(told, ELEMENT)
    assert key.id == ELEMENT["KeyArn"]
    return {fact: getattr(key, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {}),
        (metadata(KeyState="PendingDeletion"), {"state": "pending deletion"}),
        (metadata(KeyState="PendingReplicaDeletion"), {"state": "pending deletion"}),
        (metadata(KeyState="Disabled"), {"state": "disabled"}),
        (metadata(KeyState="PendingImport"), {"state": "other"}),
        (metadata(Origin="EXTERNAL", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE"),
         {"rotatable": False, "rotation_days": 0, "hardware_held": False, "recoverable_days": 0}),
        (metadata(Origin="EXTERNAL", ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=SOON),
         {"rotatable": False, "rotation_days": 0, "hardware_held": False, "recoverable_days": 0, "expires": SOON}),
        (metadata(Origin="AWS_CLOUDHSM"), {"rotatable": False, "rotation_days": 0}),
        (metadata(Origin="EXTERNAL_KEY_STORE"),
         {"rotatable": False, "rotation_days": 0, "hardware_held": None, "recoverable_days": None}),
        (metadata(KeySpec="RSA_2048"), {"rotatable": False, "rotation_days": 0, "algorithm": "RSA-2048"}),
        (metadata(KeySpec=None), {"rotatable": None, "rotation_days": None, "algorithm": None}),
        (metadata(KeyUsage=None), {"single_purpose": None}),
        ({"kms__DescribeKey": None}, dict.fromkeys(FACTS)),
        (metadata(KeyManager=None), {"rotation_days": None, "open_policy": None, "tags": None, "managed_by": None}),
        ({"kms__GetKeyRotationStatus": {"KeyRotationEnabled": False}}, {"rotation_days": 0}),
        ({"kms__GetKeyRotationStatus": {"KeyRotationEnabled": True}}, {"rotation_days": 365}),
        (
            {"kms__GetKeyRotationStatus": {"KeyRotationEnabled": True, "RotationPeriodInDays": "often"}},
            {"rotation_days": None},
        ),
        ({"kms__GetKeyRotationStatus": "KMSInvalidStateException"}, {"rotation_days": 0}),
        ({"kms__GetKeyRotationStatus": None}, {"rotation_days": None}),
        ({"kms__GetKeyRotationStatus": {"KeyId": "k"}}, {"rotation_days": None}),
        ({"kms__GetKeyPolicy": policy("*")}, {"open_policy": True}),
        (
            {"kms__GetKeyPolicy": policy("*", {"StringEquals": {"kms:CallerAccount": "111122223333"}})},
            {"open_policy": False},
        ),
        ({"kms__GetKeyPolicy": None}, {"open_policy": None}),
        ({"kms__GetKeyPolicy": {}}, {"open_policy": None}),
        ({"kms__ListResourceTags": {"Tags": [], "Truncated": False}}, {"tags": {}}),
        ({"kms__ListResourceTags": {"Tags": [], "Truncated": True}}, {"tags": None}),
        ({"kms__ListResourceTags": None}, {"tags": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**OF_SOUND, **expected}


def test_nothing_more_is_asked_of_keys_that_aws_manages():
    told = Told({"kms.DescribeKey": {"KeyMetadata": {**METADATA, "KeyManager": "AWS"}}})
    assert Keys.describe(told, ELEMENT).managed_by == "provider"
    assert told.asked == ["kms.DescribeKey"]


def test_rotation_is_not_asked_of_keys_that_cannot_rotate():
    told = Told({**SOUND, "kms.DescribeKey": {"KeyMetadata": {**METADATA, "KeySpec": "RSA_2048"}}})
    Keys.describe(told, ELEMENT)
    assert "kms.GetKeyRotationStatus" not in told.asked


def test_a_key_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        Keys.describe(Told({**SOUND, "kms.DescribeKey": "NotFoundException"}), ELEMENT)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("SYMMETRIC_DEFAULT", "AES-256"), ("RSA_4096", "RSA-4096"), ("ECC_NIST_P384", "EC-P384"), ("ECC_SECG_P256K1", "EC-SECP256K1"),
        ("ECC_NIST_EDWARDS25519", "Ed25519"), ("HMAC_224", "HMAC-224"), ("SM2", "SM2-256"), ("ML_DSA_65", "ML-DSA-65"),
        ("RUNES_7", "RUNES_7"), (None, None),
    ],
)  # fmt: skip
def test_specifications_are_said_in_plain_words(spec, expected):
    assert algorithm(spec) == expected

"""Streams of Kinesis, and clusters of MSK."""

import json

import pytest

from collectors.aws.brokers import Brokers
from collectors.aws.streams import Streams
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:kinesis:eu-west-1:{ACCOUNT}:stream/clicks"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
JOINED = {
    "kms.ListAliases": {"Aliases": [{"AliasName": "alias/aws/kafka", "TargetKeyId": "theirs"}]},
    "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []},
}  # fmt: skip


def policy(principal):
    return {
        "Policy": json.dumps({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}})
    }


def stream(summary, rules):
    answer = summary if isinstance(summary, str) else summary and {"StreamDescriptionSummary": summary}
    told = Told({**JOINED, "kinesis.DescribeStreamSummary": answer, "kinesis.GetResourcePolicy": rules})
    return Streams.describe(told, {"StreamNames": "clicks"})


@pytest.mark.parametrize(
    ("summary", "encrypted", "holder"),
    [
        ({"EncryptionType": "KMS", "KeyId": KEY}, True, "customer"),
        ({"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}, True, "provider"),
        ({"EncryptionType": "NONE"}, False, "none"),
        ({"EncryptionType": "PQC"}, None, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_a_stream_says_whether_it_is_encrypted_and_by_whose_key(summary, encrypted, holder):
    found = stream(summary, {"Policy": "{}"})
    assert (found.id, found.kind, found.name, found.transport_encrypted) == (ARN, "stream", "clicks", True)
    assert (found.encrypted, found.key_held_by) == (encrypted, holder)


@pytest.mark.parametrize(
    ("rules", "public", "foreign"),
    [
        ({"Policy": "{}"}, False, ()),
        ("ResourceNotFoundException", False, ()),
        (policy("*"), True, ()),
        (policy({"AWS": "999988887777"}), False, ("999988887777",)),
        (policy({"AWS": ACCOUNT}), False, ()),
        ({"Policy": None}, None, None),
        (None, None, None),
    ],
)
def test_the_policy_of_a_stream_says_whom_it_lets_in(rules, public, foreign):
    found = stream({"EncryptionType": "NONE"}, rules)
    assert (found.public, found.foreign_access) == (public, foreign)


def test_a_stream_that_was_deleted_meanwhile_is_none():
    with pytest.raises(Gone):
        stream("ResourceNotFoundException", "ResourceNotFoundException")


CLUSTER = f"arn:aws:kafka:eu-west-1:{ACCOUNT}:cluster/events/1"
PROVISIONED = {
    "BrokerNodeGroupInfo": {"ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED"}}},
    "EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": KEY}, "EncryptionInTransit": {"ClientBroker": "TLS"}},
}


def brokers(rules="NotFoundException", **said):
    element = {
        "ClusterArn": CLUSTER,
        "ClusterName": "events",
        "ClusterType": "PROVISIONED",
        "Tags": {"b": "2", "a": "1"},
        **said,
    }
    return Brokers.describe(Told({**JOINED, "kafka.GetClusterPolicy": rules}), element)


def facts(found):
    return (found.encrypted, found.key_held_by, found.public, found.foreign_access, found.transport_encrypted)


def test_a_cluster_with_brokers_tells_all():
    found = brokers(Provisioned=PROVISIONED)
    assert (found.id, found.kind, found.name, list(found.tags)) == (CLUSTER, "stream", "events", ["a", "b"])
    assert facts(found) == (True, "customer", False, (), True)


def test_a_serverless_cluster_has_no_settings():
    assert facts(brokers(ClusterType="SERVERLESS", Serverless={})) == (True, "provider", False, (), True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("TLS", True), ("TLS_PLAINTEXT", False), ("PLAINTEXT", False), (None, None)],
)
def test_clients_are_spoken_with_over_tls_alone(said, expected):
    way = {"EncryptionInTransit": {"ClientBroker": said}}
    assert brokers(Provisioned={**PROVISIONED, "EncryptionInfo": way}).transport_encrypted is expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}}}, True),
        ({"ConnectivityInfo": {"PublicAccess": {"Type": "ANOTHER"}}}, None),
        ({"ConnectivityInfo": {}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_brokers_on_the_internet_are_public(group, expected):
    assert brokers(Provisioned={**PROVISIONED, "BrokerNodeGroupInfo": group}).public is expected


@pytest.mark.parametrize(
    ("rules", "foreign"), [(policy({"AWS": "999988887777"}), ("999988887777",)), ({}, ()), ({"Policy": None}, None), (None, None)]
)  # fmt: skip
def test_the_policy_of_a_cluster_names_other_accounts(rules, foreign):
    assert brokers(rules, Provisioned=PROVISIONED).foreign_access == foreign


def test_a_cluster_of_which_nothing_is_said_is_not_learned():
    assert facts(brokers(None, Tags=None)) == (True, None, None, None, None)
    assert brokers(Tags=None).tags is None
    assert brokers(Tags={"team": None}).tags is None

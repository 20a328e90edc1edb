from datetime import UTC, datetime

import pytest

from collectors.aws.clusters import Clusters
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ENDS, LATER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 11, 1, tzinfo=UTC)
CLUSTER = {
    "name": "c", "version": "1.34", "tags": {"team": "web"}, "upgradePolicy": {"supportType": "STANDARD"},
    "resourcesVpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["198.51.100.0/24"]},
    "logging": {"clusterLogging": [{"types": ["api"], "enabled": False}, {"types": ["audit"], "enabled": True}]},
    "identity": {"oidc": {"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/C"}},
    "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "arn:aws:kms:eu-west-1:111122223333:key/k"}}],
}  # fmt: skip


def node(zone, address=None, *, cluster="c"):
    return {
        "Tags": [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}],
        "Placement": {"AvailabilityZone": zone},
        "NetworkInterfaces": [{"Association": {"PublicIp": address}} if address else {}],
    }


def machines(*listed, **more):
    return {"ec2__DescribeInstances": {"Reservations": [{"Instances": list(listed)}], **more}}


def addon(settings):
    return {"eks__DescribeAddon": {"addon": {"configurationValues": settings}}}


SOUND = {
    "eks.DescribeCluster": {"cluster": CLUSTER},
    "eks.DescribeClusterVersions": {
        "clusterVersions": [
            {"clusterVersion": "1.34", "endOfStandardSupportDate": ENDS, "endOfExtendedSupportDate": LATER}
        ]
    },
    "eks.DescribeAddon": {"addon": {"configurationValues": '{"enableNetworkPolicy": "true"}'}},
    "eks.ListPodIdentityAssociations": {"associations": []},
    "ec2.DescribeInstances": {"Reservations": [{"Instances": [node("a"), node("b")]}]},
    "iam.ListOpenIDConnectProviders": {
        "OpenIDConnectProviderList": [
            {"Arn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/C"}
        ]
    },
}
FACTS = (
    "api_open", "secrets_encrypted", "audit_logged", "version_ends", "nodes_private", "traffic_limited", "workload_identity", "multi_zone",
    "tags",
)  # fmt: skip
OF_SOUND = dict(zip(FACTS, (False, True, True, ENDS, True, True, True, True, {"team": "web"}), strict=True))
UNDESCRIBED = dict.fromkeys(set(FACTS) - {"nodes_private", "multi_zone"})


def facts(said=None, **answers):
    told = Told({
        **SOUND, "eks.DescribeCluster": {"cluster": {**CLUSTER, **(said or {})}},
        **{name.replace("__", "."): answer for name, answer in answers.items()},
    })  # fmt: skip
    cluster = Clusters.describe(told, {"clusters": "c"})
    assert (cluster.id, cluster.name) == (f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/c", "c")
    return {fact: getattr(cluster, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {}),
        ({"resourcesVpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["10.0.0.0/8", "0.0.0.0/0"]}}, {"api_open": True}),
        ({"resourcesVpcConfig": {"endpointPublicAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}}, {}),
        ({"resourcesVpcConfig": {"endpointPublicAccess": True}}, {"api_open": None}),
        ({"resourcesVpcConfig": None}, {"api_open": None}),
        ({"encryptionConfig": None}, {"secrets_encrypted": False}),
        ({"logging": {"clusterLogging": [{"types": ["audit"], "enabled": False}]}}, {"audit_logged": False}),
        ({"logging": None}, {"audit_logged": None}),
        ({"upgradePolicy": {"supportType": "EXTENDED"}}, {"version_ends": LATER}),
        ({"version": "1.99"}, {"version_ends": None}),
        ({"identity": None}, {"workload_identity": False}),
        ({"tags": None}, {"tags": None}),
    ],
)  # fmt: skip
def test_a_cluster_says_its_settings(said, expected):
    assert facts(said) == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"eks__DescribeCluster": None}, UNDESCRIBED),
        ({"eks__DescribeClusterVersions": None}, {"version_ends": None}),
        (machines(node("a"), node("b", "203.0.113.7")), {"nodes_private": False}),
        (machines(node("a"), node("a")), {"multi_zone": False}),
        (machines(), {}),
        (machines(node("a"), node("b", "203.0.113.7", cluster="d"), node("b")), {}),
        (machines(node("a"), {**node("a", "203.0.113.7"), "Tags": None}), {"nodes_private": False, "multi_zone": False}),
        ({"ec2__DescribeInstances": None}, {"nodes_private": None, "multi_zone": None}),
        (addon(None), {"traffic_limited": False}),
        (addon('{"enableNetworkPolicy": true}'), {}),
        (addon('{"enableNetworkPolicy": "false"}'), {"traffic_limited": False}),
        (addon("enableNetworkPolicy: 'true'"), {"traffic_limited": None}),
        (addon("[]"), {"traffic_limited": None}),
        ({"eks__DescribeAddon": "ResourceNotFoundException"}, {"traffic_limited": False}),
        ({"eks__DescribeAddon": None}, {"traffic_limited": None}),
        ({"iam__ListOpenIDConnectProviders": {"OpenIDConnectProviderList": []}}, {"workload_identity": False}),
        ({"iam__ListOpenIDConnectProviders": None}, {"workload_identity": None}),
        ({"iam__ListOpenIDConnectProviders": None, "eks__ListPodIdentityAssociations": {"associations": [{}]}}, {}),
        ({"iam__ListOpenIDConnectProviders": {"OpenIDConnectProviderList": []}, "eks__ListPodIdentityAssociations": None},
         {"workload_identity": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(answers, expected):
    assert facts(**answers) == {**OF_SOUND, **expected}


def test_auto_mode_has_no_add_on_to_read_rules_from():
    assert (
        facts({"computeConfig": {"enabled": True}}, eks__DescribeAddon="ResourceNotFoundException")["traffic_limited"]
        is None
    )


def test_a_cluster_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        facts(eks__DescribeCluster="ResourceNotFoundException")

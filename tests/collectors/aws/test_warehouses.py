from datetime import UTC, datetime

import pytest

from collectors.aws.warehouses import Warehouses
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

THEN = datetime(2026, 1, 5, tzinfo=UTC)
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
GROUPS = [{"ParameterGroupName": "strict", "ParameterApplyStatus": "in-sync"}]
CLUSTER = {
    "ClusterIdentifier": "bi", "ClusterCreateTime": THEN, "AutomatedSnapshotRetentionPeriod": 7, "PubliclyAccessible": False,
    "Encrypted": True, "KmsKeyId": KEY, "MultiAZ": "Disabled", "ClusterParameterGroups": GROUPS,
    "Tags": [{"Key": "team", "Value": "bi"}],
}  # fmt: skip
DEMANDED = {"strict": "true", "lax": "false", "odd": None}


def parameters(asked):
    value = DEMANDED[asked["ParameterGroupName"]]
    return {"Parameters": [{"ParameterName": "require_ssl", "ParameterValue": value}] if value else []}


def seen(cluster=CLUSTER, **answers):
    told = Told({
        "redshift.DescribeClusterParameters": parameters, "redshift.DescribeClusterSnapshots": {"Snapshots": []},
        "redshift.DescribeLoggingStatus": {"LoggingEnabled": True},
        "kms.ListAliases": {"Aliases": []}, **{name.replace("__", "."): answer for name, answer in answers.items()},
    })  # fmt: skip
    return Warehouses.describe(told, cluster)


def test_an_element_tells_most():
    found = seen()
    assert (found.id, found.kind) == (f"arn:aws:redshift:eu-west-1:{ACCOUNT}:cluster:bi", "warehouse")
    assert (found.name, found.tags, found.created) == ("bi", {"team": "bi"}, THEN)
    assert (found.encrypted, found.key_held_by, found.backup_days) == (True, "customer", 7)
    assert (found.public, found.private_only, found.multi_zone) == (False, True, False)


@pytest.mark.parametrize(
    ("said", "holder"),
    [
        ({"Encrypted": False, "KmsKeyId": None}, "none"),
        ({"KmsKeyId": "AWS_OWNED_KMS_KEY"}, "provider"),
        ({"KmsKeyId": None, "HsmStatus": {"Status": "active"}}, "customer"),
        ({"KmsKeyId": None}, None),
        ({"Encrypted": None}, None),
    ],
)
def test_keys_of_redshift_itself_and_of_a_module_are_told_apart(said, holder):
    assert seen({**CLUSTER, **said}).key_held_by == holder


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (GROUPS, True),
        ([{"ParameterGroupName": "lax"}], False),
        ([*GROUPS, {"ParameterGroupName": "lax"}], False),
        ([{"ParameterGroupName": "odd"}], None),
        ([{}], None),
        ([], None),
        (None, None),
    ],
)
def test_tls_is_demanded_by_parameter_groups(groups, expected):
    assert seen({**CLUSTER, "ClusterParameterGroups": groups}).transport_encrypted is expected


def test_parameters_that_are_refused_are_not_learned():
    assert seen(redshift__DescribeClusterParameters=None).transport_encrypted is None


@pytest.mark.parametrize(
    ("answer", "expected"), [({"LoggingEnabled": True}, True), ({"LoggingEnabled": False}, False), ({}, None), (None, None)]
)  # fmt: skip
def test_who_asks_a_warehouse_is_recorded_where_its_log_is_on(answer, expected):
    assert seen(redshift__DescribeLoggingStatus=answer).access_logged is expected


def test_a_warehouse_that_was_deleted_meanwhile_is_none():
    with pytest.raises(Gone):
        seen(redshift__DescribeLoggingStatus="ClusterNotFound")


@pytest.mark.parametrize(
    ("snapshots", "expected"),
    [
        ([], (None, True)),
        ([{"ClusterIdentifier": "other", "SnapshotCreateTime": THEN}], (None, True)),
        ([{"ClusterIdentifier": "bi", "SnapshotCreateTime": THEN}], (THEN, False)),
        (None, (None, None)),
    ],
)
def test_a_warehouse_is_brought_back_from_its_newest_snapshot(snapshots, expected):
    found = seen(redshift__DescribeClusterSnapshots=None if snapshots is None else {"Snapshots": snapshots})
    assert (found.last_backup, found.never_backed_up) == expected


@pytest.mark.parametrize(
    ("said", "expected"), [("Enabled", True), ("enabled", True), ("Disabled", False), (None, None)]
)
def test_zones_are_told_in_words(said, expected):
    assert seen({**CLUSTER, "MultiAZ": said}).multi_zone is expected

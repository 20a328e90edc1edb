"""Words of Google Cloud that nobody knew when this was written, and assets that lack their words: neither is taken for a good one."""

from typing import Any

import pytest

from collectors.gcp import (
    clusters,
    detectors,
    endpoints,
    firewalls,
    functions,
    keeping,
    keys,
    machines,
    networks,
    plumbing,
    running,
    vaults,
    wording,
)
from collectors.gcp.elements import region
from collectors.resource import PortRange

WORLD = ["0.0.0.0/0"]
LAYER = {"ipProtocol": "tcp", "ports": ["22"]}


@pytest.mark.parametrize(
    ("allowed", "known"),
    [
        ([{"IPProtocol": "tcp", "ports": ["22"]}], True),
        ([{"IPProtocol": "icmp"}], True),
        ([{"IPProtocol": "112"}], True),
        ([{"IPProtocol": "warp"}], False),
        ([{"IPProtocol": "tcp", "ports": ["many"]}], False),
        (None, False),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_read_is_not_learned(allowed: Any, known: bool) -> None:
    assert (firewalls.opened({"allowed": allowed, "sourceRanges": WORLD}) is not None) is known
    assert firewalls.opened({"allowed": [{"IPProtocol": "tcp"}], "sourceRanges": ["everywhere"]}) is None


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ({"action": "allow", "match": {"srcIpRanges": WORLD, "layer4Configs": [LAYER]}}, True),
        ({"action": "deny", "match": {}}, True),
        ({"action": "goto_next", "match": {}}, True),
        ({"action": "shrug", "match": {"srcIpRanges": WORLD, "layer4Configs": [LAYER]}}, False),
        ({"match": {"srcIpRanges": WORLD, "layer4Configs": [LAYER]}}, False),
        ({"action": "allow", "match": {"srcIpRanges": WORLD}}, False),
        ({"action": "allow"}, False),
        (None, False),
    ],
    ids=str,
)
def test_a_rule_of_a_policy_that_cannot_be_read_leaves_the_policy_unlearned(rule: Any, known: bool) -> None:
    assert (firewalls.opened_by_some([rule]) is not None) is known


@pytest.mark.parametrize(
    ("members", "known"),
    [
        (["https://x/zones/a/instanceGroups/1", "https://x/zones/b/instanceGroups/1"], True),
        (["https://x/regions/r/instanceGroups/1"], True),
        (["https://x/global/networkEndpointGroups/1"], True),
        (["https://x/zones/a/instanceGroups/1"], False),
        (["https://x/zones/a/instanceGroups/1", ""], None),
        (["somewhere"], None),
    ],
    ids=str,
)
def test_where_backends_lie(members: list[str], known: bool | None) -> None:
    assert plumbing.spread(members) is known


@pytest.mark.parametrize(
    ("service", "known"),
    [
        ({}, True),
        ({"ingress": "INGRESS_TRAFFIC_ALL"}, True),
        ({"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, False),
        ({"metadata": {"annotations": {"run.googleapis.com/ingress": "internal-and-cloud-load-balancing"}}}, False),
        ({"ingress": "INGRESS_TRAFFIC_BY_PIGEON"}, None),
    ],
    ids=str,
)
def test_from_where_a_service_takes_calls(service: dict[str, Any], known: bool | None) -> None:
    assert functions.listens(service) is known


@pytest.mark.parametrize(
    ("function", "known"),
    [
        ({"httpsTrigger": {"securityLevel": "SECURE_ALWAYS"}}, True),
        ({"httpsTrigger": {}}, False),
        ({"eventTrigger": {}}, True),
        ({"serviceConfig": {}}, True),
        ({}, None),
    ],
    ids=str,
)
def test_a_function_that_does_not_say_what_calls_it(function: dict[str, Any], known: bool | None) -> None:
    assert functions.refuses_plain(function) is known


@pytest.mark.parametrize(
    ("machine", "account", "address"),
    [
        ({"networkInterfaces": [{}]}, None, False),
        (
            {"networkInterfaces": [{"accessConfigs": [{}]}], "serviceAccounts": [{"email": "a@x.example"}]},
            "a@x.example",
            True,
        ),
        ({"networkInterfaces": [], "serviceAccounts": [{}]}, running.UNNAMED, None),
        ({"networkInterfaces": [{}, None], "serviceAccounts": [None]}, running.UNNAMED, None),
        ({}, running.UNNAMED, None),
    ],
    ids=str,
)
def test_as_whom_a_machine_runs_and_where_it_is_met(
    machine: dict[str, Any], account: str | None, address: bool | None
) -> None:
    assert machines.runs_as(machine)[0] == account
    assert machines.public_address(machine) is address


@pytest.mark.parametrize(
    ("sinks", "known"),
    [
        ([{"name": "_Default"}], True),
        ([{"name": "_Default", "disabled": True}], False),
        ([{"name": "_Default", "disabled": "perhaps"}], None),
        ([{"name": "_Default", "disabled": True}, {}], None),
        ([{"name": "few", "filter": "severity>=ERROR"}], False),
        ([], False),
    ],
    ids=str,
)
def test_a_sink_that_says_nothing_keeps_nothing_for_certain(sinks: list[dict[str, Any]], known: bool | None) -> None:
    assets = [
        {"name": f"//logging.googleapis.com/projects/1/sinks/{one.get('name')}", "resource": {"data": one}}
        for one in sinks
    ]
    assert keeping._kept(iter(assets)) is known


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ({"effectiveEnablementState": "ENABLED"}, True),
        ({"effectiveEnablementState": "INHERITED", "intendedEnablementState": "DISABLED"}, False),
        ({"intendedEnablementState": "INHERITED"}, detectors.INHERITED),
        ({}, detectors.INHERITED),
        ({"intendedEnablementState": "DREAMING"}, None),
    ],
    ids=str,
)
def test_a_detector_in_a_state_that_is_not_known(said: dict[str, Any], known: bool | str | None) -> None:
    assert detectors._state(said) == known


@pytest.mark.parametrize(
    ("state", "known"),
    [("SUCCEEDED", False), ("FAILED", True), ("FIRST_BACKUP_PENDING", False), (None, False), ("EATEN", None)],
)
def test_a_backup_that_ended_as_nobody_knows(state: str | None, known: bool | None) -> None:
    assert vaults.fails({"resource": {"data": {"backupConfigInfo": {"lastBackupState": state}}}}) is known


@pytest.mark.parametrize(
    ("asset", "place"),
    [
        ({"name": "//x/projects/p/zones/europe-west1-b/disks/d"}, "europe-west1"),
        ({"name": "//x/projects/p/locations/us/keyRings/k"}, "us"),
        ({"name": "//x/projects/p/global/firewalls/f"}, "global"),
        ({"name": "//x/projects/p/zones/a-b1-c/disks/d", "resource": {"location": "EU"}}, "eu"),
    ],
    ids=str,
)
def test_an_asset_without_a_location_lies_where_its_name_says(asset: dict[str, Any], place: str) -> None:
    assert region(asset) == place


def test_what_was_worded_in_the_singular_is_read_as_it_is_worded_now() -> None:
    old = {
        "networkInterface": [{"network": "n", "accessConfig": [{"externalIp": "203.0.113.7"}]}],
        "serviceAccount": [{"email": "a@x.example", "scope": ["s"]}], "metadata": {"item": [{"key": "enable-oslogin", "value": "true"}]},
    }  # fmt: skip
    machine = wording.anew(old)
    assert machines.public_address(machine) is True
    assert machines.runs_as(machine) == ("a@x.example", ("s",))
    assert machines.metadata(machine, "metadata") == {"enable-oslogin": "true"}
    rule = wording.anew({"allowed": [{"ipProtocol": "tcp", "port": ["22"]}], "sourceRange": ["10.0.0.0/8"]})
    assert firewalls.opened(rule) == ()
    assert firewalls.opened({**rule, "sourceRanges": WORLD}) == (PortRange(protocol="tcp", first=22, last=22),)


def test_of_two_wordings_the_newer_goes_before() -> None:
    both = {"networkInterface": [{"accessConfig": [{}]}], "networkInterfaces": [{}]}
    assert wording.anew(both) == {"networkInterfaces": [{}]}
    newer = {"networkInterfaces": [{"accessConfigs": [{}]}]}
    assert wording.anew(newer) is newer


def test_other_words() -> None:
    assert clusters.logging({"loggingService": "carrier-pigeon"}) is None
    assert endpoints.PUBLIC.get("TRANSDIMENSIONAL") is None
    assert networks.GIVES.get("SIDEWAYS") is None
    assert keys.ROTATES.get("DIVINATION") is None

"""Words of Azure that nobody knew when this was written, and answers that lack their words: neither is taken for a good one."""

from typing import Any

import pytest

from collectors.azure import (
    apis,
    containers,
    disks,
    doors,
    firewalls,
    gateways,
    keys,
    machines,
    privileges,
    roles,
    sites,
    storage,
)

RULE = {
    "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "sourceAddressPrefix": "10.0.0.0/8",
    "destinationPortRange": "22", "destinationAddressPrefix": "*",
}  # fmt: skip
SAFE = {"name": "safe", "id": "/safe", "properties": {"protocol": "Https"}}


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, True),
        ({"protocol": "Icmp"}, True),
        ({"protocol": "Warp"}, False),
        ({"access": "Perhaps"}, False),
        ({"direction": "Sideways"}, False),
        ({"sourceAddressPrefix": None}, False),
        ({"sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{"id": "/group"}]}, True),
        ({"sourceAddressPrefix": "*", "destinationPortRange": None}, False),
        ({"sourceAddressPrefix": "*", "destinationPortRange": None, "destinationPortRanges": ["22"]}, True),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_read_leaves_its_group_unlearned(change: dict[str, Any], known: bool) -> None:
    opened = firewalls.open_to_world([{"properties": {**RULE, **change}}])
    assert (opened is not None) is known


@pytest.mark.parametrize(
    ("spoken", "known"),
    [
        (["https"], True), (["HTTPS", "wss"], True), (["http", "https"], False), (["https", "spdy"], None), (["http", "spdy"], False),
        ([], None),
    ],
    ids=str,
)  # fmt: skip
def test_what_an_api_speaks(spoken: list[str], known: bool | None) -> None:
    assert apis.transport_encrypted({"protocols": spoken}) is known


@pytest.mark.parametrize(
    ("route", "known"),
    [
        ({"supportedProtocols": ["Https"]}, True),
        ({"supportedProtocols": ["Http", "Https"]}, False),
        ({"supportedProtocols": ["Http", "Https"], "httpsRedirect": "Enabled"}, True),
        ({"supportedProtocols": ["Quic"]}, None),
        ({"supportedProtocols": None}, None),
    ],
    ids=str,
)
def test_what_a_route_speaks(route: dict[str, Any], known: bool | None) -> None:
    assert doors.encrypted({"properties": route}) is known


@pytest.mark.parametrize(
    ("listeners", "encrypted", "oldest"),
    [
        ([SAFE], True, None),
        ([SAFE, {"properties": {"protocol": "Warp"}}], None, None),
        ([{"properties": {"protocol": "Warp"}}], None, None),
        ([{"properties": {}}], None, None),
        ([{"properties": {"protocol": "Http"}}], None, "none"),
        ([], True, "none"),
    ],
    ids=str,
)
def test_what_a_gateway_speaks(listeners: list[dict[str, Any]], encrypted: bool | None, oldest: str | None) -> None:
    known = {"httpListeners": listeners}
    assert (gateways.transport_encrypted(known), gateways.oldest_tls(known)) == (encrypted, oldest)


def test_a_rule_without_a_redirection_is_not_sent_on_by_one_without_an_id() -> None:
    known = {
        "httpListeners": [{"id": "/plain", "properties": {"protocol": "Http"}}],
        "requestRoutingRules": [{"properties": {"httpListener": {"id": "/plain"}}}],
        "redirectConfigurations": [{"properties": {"targetUrl": "https://www.example"}}],
    }
    assert gateways.transport_encrypted(known) is False


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ({"publicIPAddress": {"id": "/address"}}, True),
        ({"subnet": {"id": "/subnet"}}, False),
        ({"privateIPAddress": "10.0.0.4"}, False),
        ({}, None),
        (None, None),
    ],
    ids=str,
)
def test_whom_a_gateway_faces(address: dict[str, Any] | None, known: bool | None) -> None:
    assert gateways.faces_internet({"properties": address}) is known


@pytest.mark.parametrize(
    ("configuration", "known"),
    [
        ({"publicIPAddress": {"id": "/address"}}, True),
        ({"publicIPAddress": None}, False),
        ({}, False),
        ({"publicIPAddress": {}}, None),
        (None, None),
    ],
    ids=str,
)
def test_whether_an_interface_has_a_public_address(configuration: dict[str, Any] | None, known: bool | None) -> None:
    assert machines.reachable({"properties": {"ipConfigurations": [{"properties": configuration}]}}) is known
    assert machines.reachable({"properties": {}}) is None


@pytest.mark.parametrize(
    ("container", "known"),
    [
        ({"publicAccess": "Blob"}, True),
        ({"publicAccess": "None"}, False),
        ({"publicAccess": None}, False),
        ({}, False),
        ({"publicAccess": "Galaxy"}, None),
        (None, None),
    ],
    ids=str,
)
def test_who_reads_a_container(container: dict[str, Any] | None, known: bool | None) -> None:
    assert storage.readable({"properties": container}) is known


@pytest.mark.parametrize(
    ("binding", "known"),
    [
        ({"type": "httpTrigger", "authLevel": "anonymous"}, True),
        ({"type": "httpTrigger", "authLevel": "function"}, False),
        ({"type": "httpTrigger"}, False),
        ({"type": "httpTrigger", "authLevel": "telepathy"}, None),
        ({"type": "queueTrigger"}, False),
        ({}, None),
    ],
    ids=str,
)
def test_what_a_function_asks_of_callers(binding: dict[str, Any], known: bool | None) -> None:
    assert sites.anonymous({"properties": {"config": {"bindings": [binding]}}}) is known


@pytest.mark.parametrize(
    ("identity", "known"),
    [
        (None, []),
        ({"type": "None"}, []),
        ({"type": "SystemAssigned", "principalId": "AB"}, ["ab"]),
        (
            {"type": "SystemAssigned, UserAssigned", "principalId": "a", "userAssignedIdentities": {"/i": {"principalId": "b"}}},
            ["a", "b"],
        ),
        ({"type": "SystemAssigned"}, None),
        ({"type": "Borrowed"}, None),
        ({}, None),
    ],
    ids=str,
)  # fmt: skip
def test_as_whom_a_workload_runs(identity: dict[str, Any] | None, known: list[str] | None) -> None:
    found = privileges.principals({"identity": identity})
    assert (None if found is None else sorted(found)) == known


@pytest.mark.parametrize(
    ("state", "known"),
    [("ActiveSAS", True), ("Unattached", False), ("Reserved", False), ("Teleported", None), (None, None)],
)
def test_a_snapshot_in_a_state_that_is_not_known(state: str | None, known: bool | None) -> None:
    assert disks.public({"diskState": state, "networkAccessPolicy": "AllowAll"}) is known


def test_other_words() -> None:
    assert keys.ROTATABLE.get("LATTICE") is None
    assert keys.single_purpose({"keyOps": ["sign", None]}) is None
    assert containers.unsaid({"configuration": {"ingress": "open"}})
    assert not containers.unsaid({"configuration": {"ingress": None}})
    assert roles.permissions_of({"properties": {"permissions": [{"actions": ["*", None]}]}}) is None

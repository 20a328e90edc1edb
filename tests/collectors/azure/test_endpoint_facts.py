"""What is made of the shapes of what callers come through: each row changes one thing, and what is not said is not learned."""

import pytest

from collectors.azure import apis, doors, gateways
from tests.fakes.told import Told

LISTENERS = [{"id": "/plain", "properties": {"protocol": "Http"}}, {"id": "/tls", "properties": {"protocol": "Https"}}]
UP = {"id": "/up", "properties": {"targetListener": {"id": "/TLS"}}}


OWN = {"properties": {"sslPolicy": {"minProtocolVersion": "TLSv1_0"}}}


def gateway(*, rules=(), ways=(), **more):
    return {
        "httpListeners": LISTENERS,
        "requestRoutingRules": list(rules),
        "redirectConfigurations": list(ways),
        **more,
    }


def routed(way=None):
    return {"properties": {"httpListener": {"id": "/plain"}, **({"redirectConfiguration": {"id": way}} if way else {})}}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (gateway(rules=[routed("/up")], ways=[UP]), True),
        (gateway(rules=[routed("/up"), routed()], ways=[UP]), False),
        (gateway(rules=[routed()], ways=[UP]), False),
        (gateway(), False),
        (
            gateway(rules=[routed("/out")], ways=[{"id": "/out", "properties": {"targetUrl": "https://shop.example"}}]),
            True,
        ),
        (
            gateway(rules=[routed("/out")], ways=[{"id": "/out", "properties": {"targetUrl": "http://shop.example"}}]),
            False,
        ),
        ({"httpListeners": LISTENERS[1:]}, True),
        ({"httpListeners": LISTENERS}, None),
        ({}, None),
    ],
)
def test_a_gateway_sends_plain_callers_on(known, expected):
    assert gateways.transport_encrypted(known) is expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"sslPolicy": {"policyName": "AppGwSslPolicy20220101S"}}, "1.2"),
        ({"sslPolicy": {"policyName": "AppGwSslPolicy20150501"}}, "1.0"),
        ({"sslPolicy": {"policyType": "Custom", "minProtocolVersion": "TLSv1_1"}}, "1.1"),
        ({"sslPolicy": None, "defaultPredefinedSslPolicy": "AppGwSslPolicy20220101"}, "1.2"),
        ({}, None),
        (
            {"sslPolicy": {"minProtocolVersion": "TLSv1_3"}, "sslProfiles": [OWN]},
            "1.0",
        ),
        ({"sslPolicy": {"policyName": "AppGwSslPolicy2099"}}, None),
    ],
)  # fmt: skip
def test_the_oldest_tls_of_a_gateway(more, expected):
    assert gateways.oldest_tls(gateway(**more)) == expected


def test_a_gateway_without_a_listener_of_tls_speaks_none():
    assert gateways.oldest_tls({"httpListeners": LISTENERS[:1]}) == "none"


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ({"supportedProtocols": ["Https"]}, True),
        ({"supportedProtocols": ["Http", "Https"], "httpsRedirect": "Enabled"}, True),
        ({"supportedProtocols": ["Http", "Https"], "httpsRedirect": "Disabled"}, False),
        ({}, None),
    ],
)
def test_a_route_of_front_door_serves_no_plain_http(route, expected):
    assert doors.encrypted({"properties": route}) is expected


def test_a_firewall_guards_a_door_only_with_all_its_domains():
    entries, domains = [{"id": "/e"}], [{"id": "/d"}]
    shields = [{"properties": {"parameters": {"associations": [{"domains": [{"id": "/E"}]}]}}}]
    assert doors.filtered([], entries, shields) is True
    assert doors.filtered(domains, entries, shields) is False
    assert doors.filtered(domains, entries, None) is None


SWITCH = apis.SECURITY


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"createdAtUtc": "2026-01-01T00:00:00Z"}, "1.2"),
        ({"createdAtUtc": "2017-01-01T00:00:00Z"}, "1.0"),
        ({"createdAtUtc": "2026-01-01T00:00:00Z", "customProperties": {f"{SWITCH}Tls11": "True"}}, "1.1"),
        ({"customProperties": {f"{SWITCH}{name}": "False" for name in ("Ssl30", "Tls10", "Tls11")}}, "1.2"),
        ({}, None),
        (None, None),
    ],
)
def test_the_oldest_tls_of_an_api(known, expected):
    assert apis.oldest_tls(known) == expected


@pytest.mark.parametrize(
    ("required", "policy", "expected"),
    [
        (True, None, True),
        (False, {"properties": {"value": "<policies><inbound><validate-jwt /></inbound></policies>"}}, True),
        (False, {"properties": {"value": "<policies><inbound><base /></inbound></policies>"}}, False),
        (False, "ResourceNotFound", False),
        (False, None, None),
    ],
)
def test_an_api_knows_its_callers_by_a_key_or_a_policy(required, policy, expected):
    item = {"id": "x", "properties": {"subscriptionRequired": required}}
    assert apis.callers_known(Told({"arm.ApiPolicy": policy}), item) is expected

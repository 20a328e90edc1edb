import pytest

from collectors.aws.http_apis import HttpApis
from collectors.aws.rest_apis import RestApis, oldest_tls
from collectors.collector import Gone
from tests.fakes.told import Told

LOGGED = {"webAclArn": "edge", "accessLogSettings": {"destinationArn": "logs"}}
REST = {
    "id": "a",
    "name": "orders",
    "tags": {"team": "web"},
    "endpointConfiguration": {"types": ["EDGE"]},
    "securityPolicy": "TLS_1_2",
}
FACTS = ("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "callers_known")


def methods(*kinds, verb="GET"):
    return {
        "items": [
            {"path": f"/{number}", "resourceMethods": {verb: {"authorizationType": kind}}}
            for number, kind in enumerate(kinds)
        ]
    }


OF_REST = dict(zip(FACTS, (True, True, "1.2", True, True, True), strict=True))


def rest(said=None, stages=({"stageName": "live", **LOGGED},), resources=None):
    told = Told({
        "apigateway.GetStages": {"item": list(stages)} if isinstance(stages, tuple) else stages,
        "apigateway.GetResources": methods("AWS_IAM", "CUSTOM") if resources is None else resources,
    })  # fmt: skip
    api = RestApis.describe(told, {**REST, **(said or {})})
    assert (api.id, api.name, api.tags) == ("arn:aws:apigateway:eu-west-1::/restapis/a", "orders", {"team": "web"})
    return {fact: getattr(api, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"said": {"endpointConfiguration": {"types": ["PRIVATE"]}}}, {"public": False}),
        ({"said": {"endpointConfiguration": None}}, {"public": None}),
        ({"said": {"securityPolicy": None}}, {"oldest_tls": None}),
        (
            {"stages": ({"stageName": "live", **LOGGED}, {"stageName": "test"})},
            {"filtered": False, "access_logged": False},
        ),
        ({"stages": "AccessDeniedException"}, dict.fromkeys(FACTS)),
        ({"resources": methods("AWS_IAM", "NONE")}, {"callers_known": False}),
        ({"resources": methods("AWS_IAM", None)}, {"callers_known": None}),
        ({"resources": methods("NONE", verb="OPTIONS")}, {"callers_known": None}),
        ({"resources": {"items": [{"path": "/"}]}}, {"callers_known": None}),
        ({"resources": "AccessDeniedException"}, {"callers_known": None}),
    ],
)
def test_a_rest_api_says_what_it_takes_and_whom_it_asks(given, expected):
    assert rest(**given) == {**OF_REST, **expected}


@pytest.mark.parametrize("stages", [(), "NotFoundException"])
def test_an_api_that_is_not_deployed_or_deleted_meanwhile_is_no_endpoint(stages):
    with pytest.raises(Gone):
        rest(stages=stages)


@pytest.mark.parametrize(
    ("policy", "version"),
    [
        ("TLS_1_0", "1.0"),
        ("TLS_1_2", "1.2"),
        ("SecurityPolicy_TLS13_1_3_2025_09", "1.3"),
        ("SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", "1.2"),
        ("SecurityPolicy_TLS13_2025_EDGE", "1.3"),
        ("SecurityPolicy_TLS12_2018_EDGE", "1.2"),
        ("SecurityPolicy_New", None),
        (None, None),
    ],
)
def test_security_policies_name_the_oldest_version(policy, version):
    assert oldest_tls(policy) == version


HTTP = {"ApiId": "b", "Name": "orders", "ProtocolType": "HTTP", "Tags": {"team": "web"}}
OF_HTTP = {**OF_REST, "filtered": False}


def routes(*listed):
    return {"Items": [{"RouteKey": key, "AuthorizationType": kind} for key, kind in listed]}


def http(said=None, stages=({"StageName": "live", "AccessLogSettings": {"DestinationArn": "logs"}},), listed=None):
    told = Told({
        "apigatewayv2.GetStages": {"Items": list(stages)} if isinstance(stages, tuple) else stages,
        "apigatewayv2.GetRoutes": routes(("GET /", "JWT"), ("OPTIONS /", "NONE")) if listed is None else listed,
    })  # fmt: skip
    api = HttpApis.describe(told, {**HTTP, **(said or {})})
    assert (api.id, api.tags) == ("arn:aws:apigateway:eu-west-1::/apis/b", {"team": "web"})
    return {fact: getattr(api, fact) for fact in FACTS}


SOCKET = {"ProtocolType": "WEBSOCKET"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"stages": ({"StageName": "live"},)}, {"access_logged": False}),
        ({"stages": "AccessDeniedException"}, dict.fromkeys(FACTS)),
        ({"listed": routes(("GET /", "JWT"), ("$default", "NONE"))}, {"callers_known": False}),
        ({"listed": routes()}, {"callers_known": None}),
        ({"listed": "AccessDeniedException"}, {"callers_known": None}),
        ({"said": SOCKET, "listed": routes(("$connect", "AWS_IAM"), ("$default", "NONE"))}, {}),
        ({"said": SOCKET, "listed": routes(("$connect", "NONE"))}, {"callers_known": False}),
        ({"said": SOCKET, "listed": routes(("$default", "NONE"))}, {"callers_known": False}),
        ({"said": SOCKET, "listed": routes()}, {"callers_known": None}),
    ],
)
def test_an_http_api_says_whom_it_asks(given, expected):
    assert http(**given) == {**OF_HTTP, **expected}


def test_an_http_api_without_a_stage_is_no_endpoint():
    with pytest.raises(Gone):
        http(stages=())

"""REST APIs of API Gateway. It serves nothing without TLS (developer guide, "Data protection"). An API key tells no caller from another,
and a policy of the API's own says from where a call may come, not who calls. Domains of one's own are not read. An API without a stage
cannot be called and is nobody's endpoint.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from collectors.aws.elements import instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import mapped
from collectors.aws.tls import Version
from collectors.collector import Gone, Item, collector
from collectors.serving import Endpoint

GONE = ("NotFoundException",)
POLICY = re.compile(r"TLS_1_(\d)|SecurityPolicy_TLS1(\d)(?:_1_(\d))?.*")
"""Names of security policies: `TLS_1_0`, `SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09` (which takes 1.2), `SecurityPolicy_TLS12_2018_EDGE`."""
MINORS: dict[str, Version] = {"0": "1.0", "1": "1.1", "2": "1.2", "3": "1.3"}
ASKING = {"NONE": False, "AWS_IAM": True, "CUSTOM": True, "COGNITO_USER_POOLS": True, "JWT": True}
"""Kind of authorization -> it asks who calls."""
PREFLIGHT = "OPTIONS"
"""How browsers ask what they may ask: without saying who they are."""


@collector(
    "aws.rest_apis",
    sees=Endpoint,
    kinds=("api",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "callers_known"),
    redacts=("variables", "requestParameters", "requestTemplates"),
    grants=("apigateway:GET",),
    counted=("AWS::ApiGateway::RestApi",),
    where="region",
)
class RestApis:
    """Every REST API of the account in the region that is deployed somewhere."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `GetRestApis`."""
        return session.pages("apigateway.GetRestApis", "items", limit=500)

    def describe(self, session: CellSession, item: Item) -> Endpoint:
        """Its stages, and its resources with their methods. Where the stages were refused nothing is learned: it may not be callable."""
        stages = deployed(session.every("apigateway.GetStages", "item", gone=GONE, restApiId=item["id"]))
        api = Endpoint(
            id=f"arn:{session.partition}:apigateway:{session.region}::/restapis/{item['id']}", provider="aws", account=session.account,
            region=session.region, kind="api", name=text(item, "name"), tags=mapped(item.get("tags", {})), managed_by="customer",
            created=instant(item, "createdDate"),
        )  # fmt: skip
        return api if stages is None else msgspec.structs.replace(api, **facts(session, item, stages))


def facts(session: CellSession, item: Item, stages: tuple[Item, ...]) -> dict[str, Any]:
    """What is learned of an API that is deployed."""
    resources = session.every(
        "apigateway.GetResources", "items", gone=GONE, restApiId=item["id"], limit=500, embed=["methods"]
    )
    kinds = (item.get("endpointConfiguration") or {}).get("types")
    return {
        "public": None if kinds is None else "PRIVATE" not in kinds,
        "transport_encrypted": True,
        "oldest_tls": oldest_tls(text(item, "securityPolicy")),
        "filtered": all(text(one, "webAclArn") for one in stages),
        "access_logged": all(text(one.get("accessLogSettings"), "destinationArn") for one in stages),
        "callers_known": None if resources is None else callers_known(resources),
    }


def deployed(stages: tuple[Item, ...] | None) -> tuple[Item, ...] | None:
    """The stages as they came; raises `Gone` where there are none."""
    if stages is not None and not stages:
        raise Gone("no stage")
    return stages


def oldest_tls(policy: str | None) -> Version | None:
    """The oldest version that a security policy takes; of an API that names none nothing is learned."""
    found = POLICY.fullmatch(policy or "")
    if found is None:
        return None
    plain, newest, oldest = found.groups()
    return MINORS.get(plain or oldest or newest)


def callers_known(resources: tuple[Item, ...]) -> bool | None:
    """Every method asks who calls, by signature, token or authorizer; an API without methods proves nothing."""
    methods = [
        method
        for resource in resources
        for verb, method in (resource.get("resourceMethods") or {}).items()
        if verb != PREFLIGHT
    ]
    return all_ask(text(method, "authorizationType") for method in methods)


def all_ask(kinds: Iterable[str | None]) -> bool | None:
    """Each of some kinds of authorization asks who calls; without any, or with one that is not known, nothing is learned."""
    said = [ASKING.get(kind or "") for kind in kinds]
    return False if False in said else None if not said or None in said else True

"""AWS's protocols, heard and spoken in the simulated cloud's process, by the models that botocore ships and moto's serializers.

What moto has no answer for is given in the form of the API reference, and is put on the wire here.
"""

import functools
import importlib
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote_plus

from agent.demo.wire import Answer, Request

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
SIGNED = {
    "access-analyzer": "accessanalyzer", "elasticfilesystem": "efs", "es": "opensearch", "monitoring": "cloudwatch", "sso": "sso-admin",
    "tagging": "resourcegroupstaggingapi",
}  # fmt: skip
"""Names under which requests are signed -> the service's name in botocore, where they differ."""
UNKNOWN = "Unknown"


def module(name: str) -> Any:
    """A module of moto, untyped: we replace parts of it."""
    return importlib.import_module(f"moto.{name}")


class Asked:
    """What a request asks, of which account, in which region."""

    def __init__(self, request: Request) -> None:
        scope = CREDENTIAL.search(request.headers.get("authorization", ""))
        self.access_key, self.region, self.signed = scope.groups() if scope else ("", "us-east-1", "s3")
        self.account: str = module("iam.models").get_account_id_from(self.access_key)
        self.request = request
        target = request.headers.get("x-amz-target", "")
        self.key = (self.account, self.region, request.method, request.target, target, request.body)

    @functools.cached_property
    def service(self) -> str:
        """Its name in botocore; two services may sign under one name."""
        match self.signed:
            case "s3" if self.request.target.startswith("/v20180820"):
                return "s3control"
            case "apigateway" if self.request.target.startswith("/v2/"):
                return "apigatewayv2"
            case "elasticloadbalancing":
                return "elbv2" if b"Version=2015-12-01" in self.request.body else "elb"
        return SIGNED.get(self.signed, self.signed)

    @functools.cached_property
    def operation(self) -> str:
        """The operation's name: AWS's protocols say it in a header, in the body, or by method and path."""
        if target := self.request.headers.get("x-amz-target"):
            return target.rsplit(".", 1)[-1]
        if b"Action=" in self.request.body:
            return parse_qs(self.request.body.decode("latin-1")).get("Action", [UNKNOWN])[0]
        path, _, query = self.request.target.partition("?")
        given = parse_qs(query, keep_blank_values=True)
        fitting = [
            route
            for route in routes(self.service, self.request.method)
            if route.fits(path.strip("/").split("/"), given)
        ]
        return max(fitting, key=lambda one: one[:3]).name if fitting else UNKNOWN

    @property
    def name(self) -> str:
        """`service.Operation`."""
        return f"{self.service}.{self.operation}"

    @functools.cached_property
    def text(self) -> str:
        """All that it says, as plain text: where a resource's name can be looked for."""
        return unquote_plus(f"{self.request.target} {self.request.body.decode('latin-1')}")

    def spoken(self, result: Any) -> Answer:
        """A result as the service's protocol puts it on the wire."""
        found = model(self.service)
        protocol = module("core.request").determine_request_protocol(found, self.request.headers.get("content-type"))
        serializer = module("core.serialize").get_serializer_class(self.service, protocol)
        said = serializer(found.operation_model(self.operation)).serialize(result)
        return Answer(int(said["status_code"]), list(said["headers"].items()), said["body"].encode())


class Route(NamedTuple):
    """By which path an operation is asked. Of several that fit, the one is meant of which the first three are greatest."""

    queries: int
    literals: int
    current: bool
    """It is not deprecated."""
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    """Names that the query must have, and their values; empty for any."""
    name: str

    def fits(self, path: list[str], query: dict[str, list[str]]) -> bool:
        """A request is one for it. A last label that takes the rest of the path may stand for several segments."""
        greedy = self.segments[-1].endswith("+}")
        if len(path) != len(self.segments) and not (greedy and len(path) > len(self.segments)):
            return False
        return all(
            bool(given) if wanted.startswith("{") else given == wanted
            for wanted, given in zip(self.segments, path, strict=False)
        ) and all(name in query and (not value or value in query[name]) for name, value in self.query)


@functools.cache
def model(service: str) -> Any:
    """botocore's model of a service, as moto completes it."""
    return module("core.utils").get_service_model(service)


@functools.cache
def routes(service: str, method: str) -> tuple[Route, ...]:
    """The operations of a service under one method."""
    found = (model(service).operation_model(name) for name in model(service).operation_names)
    return tuple(route(one) for one in found if one.http["method"] == method)


def route(operation: Any) -> Route:
    """How an operation is asked for."""
    path, _, text = operation.http["requestUri"].partition("?")
    query = tuple((name, values[0]) for name, values in parse_qs(text, keep_blank_values=True).items())
    segments = tuple(path.strip("/").split("/"))
    literals = sum(not one.startswith("{") for one in segments)
    return Route(len(query), literals, not operation.deprecated, segments, query, str(operation.name))

"""AWS's protocols, heard and spoken in the simulated cloud's process, by the models that botocore ships and the machinery of moto.

What moto has no answer for is answered by functions of ours (`agent.demo.answering`): they are given parameters and give what the API
reference says, and know nothing of the wire.
"""

import functools
import importlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from agent.demo.wire import Answer, Request, environ

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
SIGNED = {"access-analyzer": "accessanalyzer", "monitoring": "cloudwatch", "tagging": "resourcegroupstaggingapi"}
"""Names under which requests are signed -> the service's name in botocore, where they differ."""


def module(name: str) -> Any:
    """A module of moto, untyped: we replace parts of it."""
    return importlib.import_module(f"moto.{name}")


class Asked:
    """What a request asks, of which account, in which region."""

    def __init__(self, request: Request, port: int) -> None:
        scope = CREDENTIAL.search(request.headers.get("authorization", ""))
        self.access_key, self.region, self.signed = scope.groups() if scope else ("", "us-east-1", "s3")
        self.account: str = module("iam.models").get_account_id_from(self.access_key)
        self.request, self.port = request, port
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
            return parse_qs(self.request.body.decode("latin-1")).get("Action", ["Unknown"])[0]
        return str(self.routed[0].name) if self.routed else "Unknown"

    @functools.cached_property
    def text(self) -> str:
        """All that it says, as plain text: where a resource's name can be looked for."""
        return unquote_plus(f"{self.request.target} {self.request.body.decode('latin-1')}")

    @property
    def name(self) -> str:
        """`service.Operation`."""
        return f"{self.service}.{self.operation}"

    @functools.cached_property
    def http(self) -> Any:
        """The request as moto takes it."""
        return module("moto_server.werkzeug_app").BackendRequest(environ(self.request, self.port))

    @functools.cached_property
    def routed(self) -> tuple[Any, Mapping[str, Any]] | None:
        """The operation's model and what the path says; `None` for a request that no model of the service knows."""
        try:
            found: tuple[Any, Mapping[str, Any]] = router(self.service).match(self.http)
        except Exception:  # noqa: BLE001 - moto's router raises what werkzeug raises; an unknown request is moto's to answer
            return None
        return found

    @property
    def parameters(self) -> dict[str, Any]:
        """The operation's parameters, by the names of the API reference. Only for a request that is `routed`."""
        assert self.routed
        operation, path = self.routed
        http = self.http
        parsed: dict[str, Any] = module("core.parse").PROTOCOL_PARSERS[self.protocol](operation).parse(
            {
                "method": http.method, "values": http.values, "headers": http.headers, "body": http.data, "url_path": http.path,
                "url_params": path,
            }
        )  # fmt: skip
        return parsed

    @property
    def protocol(self) -> str:
        """In which of AWS's protocols it is asked, and answered."""
        assert self.routed
        model = self.routed[0].service_model
        return str(module("core.request").determine_request_protocol(model, self.http.content_type))

    def spoken(self, result: Any) -> Answer:
        """A result, or an error with AWS's code, as the service's protocol puts it on the wire. Only for a request that is `routed`."""
        assert self.routed
        serializer = module("core.serialize").get_serializer_class(self.service, self.protocol)(self.routed[0])
        said = serializer.serialize(result)
        body = said["body"]
        return Answer(
            int(said["status_code"]), list(said["headers"].items()), body if isinstance(body, bytes) else body.encode()
        )


@functools.cache
def router(service: str) -> Any:
    """What finds the operation of a request."""
    return module("core.routing").get_service_router(service)

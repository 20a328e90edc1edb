"""A fake AWS for any service that botocore knows, over HTTP on loopback.

Service, region and account come from the SigV4 credential scope (the access key names the account), the operation and its parameters
from botocore's models by moto's routers and parsers, and answers are serialised by moto from plain dictionaries. What it answers is
somebody else's: `tests.fakes.estate` has a small organisation. moto itself does not page, does not throttle and denies nothing.
"""

import json
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

SERVICES = {
    "ec2": "ec2", "iam": "iam", "sts": "sts", "kms": "kms", "rds": "rds", "cloudtrail": "cloudtrail", "account": "account",
    "organizations": "organizations", "s3": "s3",
    "access-analyzer": "accessanalyzer", "backup": "backup", "config": "config", "events": "events", "guardduty": "guardduty",
    "inspector2": "inspector2", "logs": "logs", "macie2": "macie2", "monitoring": "cloudwatch", "securityhub": "securityhub",
    "sns": "sns", "dynamodb": "dynamodb", "elasticache": "elasticache", "elasticfilesystem": "efs", "es": "opensearch", "fsx": "fsx",
    "glue": "glue",
    "kafka": "kafka", "kinesis": "kinesis", "redshift": "redshift", "sqs": "sqs",
    "acm": "acm", "apigateway": "apigateway", "autoscaling": "autoscaling", "cloudfront": "cloudfront", "ecr": "ecr", "eks": "eks",
    "elasticloadbalancing": "elbv2", "lambda": "lambda", "route53resolver": "route53resolver", "secretsmanager": "secretsmanager",
    "cloudformation": "cloudformation", "ecs": "ecs", "ram": "ram", "sso": "sso-admin", "ssm": "ssm",
    "tagging": "resourcegroupstaggingapi", "wafv2": "wafv2",
}  # fmt: skip
"""boto3's name of each service, by the name that its requests are signed for; `_service` tells apart those that share one."""
_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as the fake understood it."""

    account: str
    region: str
    access_key: str
    token: str
    operation: str
    """`service.Operation` in boto3's names."""
    parameters: dict[str, Any]
    user_agent: str


class Refusal(Exception):
    """An answer that is an error of the provider."""

    def __init__(self, code: str, status: int = 400, message: str = "no") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.message = message


class Raw(Exception):
    """An answer that is these bytes, whatever was asked."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        super().__init__(status)
        self.body = body
        self.status = status


class Cut(Exception):
    """An answer whose connection ends in its midst, `after` so many bytes; with none, without any answer."""

    def __init__(self, after: int = 0) -> None:
        super().__init__(after)
        self.after = after


class Silence(Exception):
    """No answer: the connection stays open until the server is calmed or stopped."""


@dataclass(kw_only=True)
class Trouble:
    """Something that goes wrong on purpose."""

    operation: str
    raised: Exception
    about: str = ""
    """Only requests with a parameter of this value; empty for all."""
    account: str = ""
    region: str = ""
    times: int = 1 << 30

    def strikes(self, request: Request) -> bool:
        """It concerns the request and is not used up."""
        concerns = (
            self.operation in {"*", request.operation}
            and (not self.about or self.about in map(str, request.parameters.values()))
            and self.account in {"", request.account}
            and self.region in {"", request.region}
        )
        if concerns and self.times > 0:
            self.times -= 1
            return True
        return False


@dataclass(kw_only=True)
class FakeAws:
    """The server. `answers` gives the result of a request as botocore would parse it, or raises `Refusal` or `Raw`."""

    answers: Callable[[Request], dict[str, Any]]
    requests: list[Request] = field(default_factory=list)
    """Everything that was asked, in the order of arrival."""
    before: Callable[[Request], None] | None = None
    """Called before each answer, on the thread of its connection: a place to wait in."""
    released: threading.Event = field(default_factory=threading.Event)
    """Set when those who wait in `Silence` are let go."""
    _troubles: list[Trouble] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, tls: ssl.SSLContext | None = None) -> "FakeAws":
        """Listen on a free port of loopback, with TLS if a context is given."""
        fake = self

        class Handler(_Handler):
            aws = fake

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and end what is open."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """What `AWS_ENDPOINT_URL` is set to."""
        return f"{self._scheme}://{self.host}"

    def operations(self) -> set[str]:
        """Every operation that was asked."""
        return {request.operation for request in self.requests}

    def deny(self, operation: str, *, about: str = "", account: str = "") -> None:
        """Refuse an operation, `*` for all, in its service's own words."""
        code = {
            "ec2": "UnauthorizedOperation",
            "s3": "AccessDenied",
            "iam": "AccessDenied",
            "rds": "AccessDenied",
            "sts": "AccessDenied",
        }
        denied = Refusal(code.get(operation.partition(".")[0], "AccessDeniedException"), 403)
        self.trouble(operation, denied, about=about, account=account)

    def trouble(
        self,
        operation: str,
        raised: Exception,
        *,
        about: str = "",
        account: str = "",
        region: str = "",
        times: int = 1 << 30,
    ) -> None:
        """Let an operation go wrong; the latest trouble strikes first."""
        struck = Trouble(operation=operation, raised=raised, about=about, account=account, region=region, times=times)
        with self._lock:
            self._troubles.insert(0, struck)

    def calm(self) -> None:
        """No trouble any more, and nothing asked yet."""
        with self._lock:
            self._troubles.clear()
            self.requests.clear()
        self.released.set()
        self.released = threading.Event()

    def answer(self, request: Request) -> dict[str, Any]:
        """The result of one request. Raises `Refusal` or `Raw`."""
        with self._lock:
            self.requests.append(request)
            struck = next((trouble for trouble in self._troubles if trouble.strikes(request)), None)
        if self.before is not None:
            self.before(request)
        if struck is not None:
            raise struck.raised
        return self.answers(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is its own affair."""


class _Handler(BaseHTTPRequestHandler):
    aws: FakeAws
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, headers, answer = respond(self.aws, self.command, self.path, self.headers, body)
        except Cut as cut:
            self._break_off(cut.after)
            return
        except Silence:
            self.aws.released.wait()
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer)), "x-amzn-RequestId": "fake-request"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def _break_off(self, after: int) -> None:
        """Promise more than is sent, and hang up."""
        self.close_connection = True
        if after:
            self.send_response(200)
            self.send_header("Content-Length", str(2 * after))
            self.end_headers()
            self.wfile.write(b"<" * after)

    do_POST = do_PUT = do_GET  # noqa: N815 - the names of http.server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""


def respond(aws: FakeAws, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one exchange."""
    access_key, region, signed = _SCOPE.search(headers.get("Authorization", "")).groups()
    service = _service(signed, path, body)
    model = get_service_model(service)
    asked = MotoRequest.from_primitives(method, f"http://{headers['Host']}{path}", headers, body)
    operation, uri = _router(service).match(asked)
    protocol = model.resolved_protocol
    parsed = PROTOCOL_PARSERS[protocol](operation).parse({
        "method": method, "values": asked.values, "headers": asked.headers, "body": body, "url_path": asked.path, "url_params": uri,
    })  # fmt: skip
    request = Request(
        account=account_of(access_key), region=region, access_key=access_key, token=headers.get("X-Amz-Security-Token", ""),
        operation=f"{service}.{operation.name}", parameters=parsed, user_agent=headers.get("User-Agent", ""),
    )  # fmt: skip
    try:
        result = aws.answer(request)
    except Refusal as refusal:
        return refusal.status, {"Content-Type": "application/x-amz-json-1.1"}, _refused(service, protocol, refusal)
    except Raw as raw:
        return raw.status, {}, raw.body
    rendered = get_serializer_class(service, protocol)(operation).serialize(result)
    text = rendered["body"]
    given = {name: str(value) for name, value in rendered["headers"].items()}
    return rendered["status_code"], given, text if isinstance(text, bytes) else text.encode()


def _service(signed: str, path: str, body: bytes) -> str:
    """boto3's name of the service: some share the name that they are signed for."""
    if path.startswith("/v20180820"):
        return "s3control"
    if signed == "elasticloadbalancing" and b"Version=2012-06-01" in body:
        return "elb"
    if signed == "apigateway" and path.startswith("/v2/"):
        return "apigatewayv2"
    return SERVICES[signed]


@cache
def _router(service: str) -> Any:
    return get_service_router(service)


def _refused(service: str, protocol: str, refusal: Refusal) -> bytes:
    error = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
    match service, protocol:
        case "s3", _:
            return error.encode()
        case _, "ec2":
            return f"<Response><Errors>{error}</Errors></Response>".encode()
        case _, "query" | "rest-xml":
            return f"<ErrorResponse>{error}</ErrorResponse>".encode()
    return json.dumps({"__type": refusal.code, "message": refusal.message}).encode()


def access_key(account: str, generation: int = 0) -> str:
    """An access key id that names its account: long-lived for generation 0, of an assumed role after that."""
    return f"AKIAFAKE{account}" if generation == 0 else f"ASIA{generation:04d}{account}"


def account_of(access_key: str) -> str:
    """The account that an access key of this fake names."""
    return access_key[-12:]

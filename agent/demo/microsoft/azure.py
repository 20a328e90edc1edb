"""Azure over HTTP on loopback: Resource Manager, Resource Graph, Microsoft Graph and the token endpoint of a managed identity.

For the demonstration and for tests; what it answers is somebody else's. It denies as Azure does: Resource Manager and Microsoft Graph
say 403, Resource Graph says nothing and leaves the rows out. What an address takes is derived from the address, by the rule of "Azure
resource provider operations", and not from our own table.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from agent.demo.microsoft.queries import answered

VERSION = re.compile(r"20[12]\d-\d\d-\d\d(-preview)?")
WINDOW = 5.0
QUERIES = 15
DIRECTORY = {
    "/v1.0/users": "User.Read.All",
    "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy": "Policy.Read.All",
    "/v1.0/identity/conditionalAccess/policies": "Policy.Read.All",
    "/v1.0/roleManagement/directory/roleAssignments": "RoleManagement.Read.Directory",
    "/v1.0/deviceManagement/deviceCompliancePolicies": "DeviceManagementConfiguration.Read.All",
    "/v1.0/applications": "Application.Read.All",
    "/v1.0/reports/authenticationMethods/userRegistrationDetails": "AuditLog.Read.All",
}
TOKENS = frozenset({"/msi/token", "/metadata/identity/oauth2/token"})
Answer = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""
Headers: TypeAlias = "Message[str, str]"
"""A request's, whose names have no case."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the server understood it."""

    path: str
    action: str
    subscription: str
    authorization: str
    query: str = ""
    body: Any = None

    @property
    def text(self) -> str:
        """The text of the query, if it is one."""
        return str(self.body["query"]) if self.body else ""


@dataclass(kw_only=True)
class Trouble:
    """Something that goes wrong on purpose."""

    about: str
    """Part of a path, or of a query's text."""
    status: int = 500
    code: str = "InternalServerError"
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    times: int = 1 << 30


@dataclass(kw_only=True)
class FakeAzure:
    """The server."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    """Rows of Resource Graph."""
    answers: dict[str, Any] = field(default_factory=dict)
    """Lower-case path -> an object, or a list that is a listing."""
    page: int = 1000
    clock: Callable[[], float] = time.monotonic
    hold: threading.Event | None = None
    """What each answer but a token waits for."""
    asked: list[Asked] = field(default_factory=list)
    refused: int = 0
    """Queries beyond the quota."""
    denied: set[tuple[str, str]] = field(default_factory=set)
    """Action and subscription; `*` for every one."""
    troubles: list[Trouble] = field(default_factory=list)
    date: str = ""
    """What its answers are dated; empty for the machine's time."""
    spent: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> "FakeAzure":
        """Listen on a free port of loopback."""
        fake = self

        class Handler(_Handler):
            azure = fake

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What `STARCADENCE_AZURE_ENDPOINT` is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def environment(self) -> dict[str, str]:
        """That of an agent with a managed identity of App Service, whose Azure this is."""
        return {
            "STARCADENCE_AZURE_ENDPOINT": self.url,
            "IDENTITY_ENDPOINT": f"{self.url}/msi/token",
            "IDENTITY_HEADER": "secret",
        }

    def deny(self, action: str, subscription: str = "*") -> None:
        """Take a permission from the caller."""
        self.denied.add((action.lower(), subscription))

    def allow(self, action: str, subscription: str = "*") -> None:
        """Give it back."""
        self.denied.discard((action.lower(), subscription))

    def calm(self) -> None:
        """No trouble any more, nothing denied, and nothing asked yet."""
        with self._lock:
            self.denied.clear()
            self.troubles.clear()
            self.asked.clear()
            self.spent.clear()
            self.refused = 0

    def actions(self) -> set[str]:
        """Every permission that was used."""
        return {one.action for one in self.asked if one.action}

    def allows(self, action: str, subscription: str) -> bool:
        """The caller has the permission."""
        return not {(action.lower(), "*"), (action.lower(), subscription)} & self.denied

    def respond(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        """The answer to one request."""
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        where = unquote(parts.path)
        if where in TOKENS:
            return token(headers, query)
        if self.hold is not None:
            self.hold.wait(10)
        asked = self._heard(where, parts.query, headers, body)
        trouble = self._struck(asked)
        if trouble:
            return trouble.status, trouble.headers, error(trouble.code) if trouble.raw is None else trouble.raw
        if not asked.authorization.startswith("Bearer fake-token-for-"):
            who = {"WWW-Authenticate": 'Bearer authorization_uri="https://login.example/"'}
            return 401, who, error("AuthenticationFailed")
        return self._answer(method, asked, query)

    def _answer(self, method: str, asked: Asked, query: dict[str, str]) -> Answer:
        if method == "POST" and asked.path == "/providers/Microsoft.ResourceGraph/resources":
            return self._graph(asked.body)
        if method != "GET":
            return 405, {}, error("MethodNotAllowed")
        if asked.path.startswith("/v1.0/"):
            return self._directory(asked.path, query)
        return self._manager(asked, query)

    def _heard(self, where: str, query: str, headers: Headers, body: bytes) -> Asked:
        found = json.loads(body) if body else None
        asked = Asked(
            path=where, action=_action(where, queried=found is not None), query=query, body=found,
            subscription=next(iter(re.findall(r"^/subscriptions/([^/]+)", where)), ""), authorization=headers.get("Authorization", ""),
        )  # fmt: skip
        with self._lock:
            self.asked.append(asked)
        return asked

    def _struck(self, asked: Asked) -> Trouble | None:
        with self._lock:
            about = (
                one for one in self.troubles if one.times > 0 and (one.about in asked.path or one.about in asked.text)
            )
            trouble = next(about, None)
            if trouble:
                trouble.times -= 1
        return trouble

    def _graph(self, asked: dict[str, Any]) -> Answer:
        quota = self._spend()
        if quota is None:
            self.refused += 1
            over = {"Retry-After": "5", "x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"}
            return 429, over, error("RateLimiting")
        status, body = answered(asked, self.rows, self.allows, self.page)
        return status, quota, body

    def _spend(self) -> dict[str, str] | None:
        """Take a query from the quota of the window; `None` if there is none left."""
        with self._lock:
            now = self.clock()
            self.spent = [one for one in self.spent if now - one < WINDOW]
            if len(self.spent) >= QUERIES:
                return None
            self.spent.append(now)
            resets = int(WINDOW - (now - self.spent[0])) + 1
            return {
                "x-ms-user-quota-remaining": str(QUERIES - len(self.spent)),
                "x-ms-user-quota-resets-after": f"00:00:{resets:02d}",
            }

    def _manager(self, asked: Asked, query: dict[str, str]) -> Answer:
        where = asked.path.lower()
        if not VERSION.fullmatch(query.get("api-version", "")):
            return 400, {}, error("InvalidApiVersionParameter")
        if not self.allows(asked.action, asked.subscription):
            return 403, {}, error("AuthorizationFailed")
        if where.endswith("/providers/microsoft.authorization/permissions"):
            taken = sorted(name for name, place in self.denied if place in {"*", asked.subscription})
            return 200, {}, json.dumps({"value": [{"actions": ["*/read"], "notActions": taken}]}).encode()
        answer = self.answers.get(where)
        if answer is None:
            return 404, {}, error("ResourceNotFound")
        if not isinstance(answer, list):
            return 200, {}, json.dumps(answer).encode()
        if wanted := re.fullmatch(r"type eq '(\w+)'", query.get("$filter", "")):
            answer = [one for one in answer if one["properties"]["type"] == wanted[1]]
        return 200, {}, self._listing(asked.path, query, answer, "nextLink")

    def _directory(self, where: str, query: dict[str, str]) -> Answer:
        if not self.allows(DIRECTORY.get(where, ""), "*"):
            return 403, {}, error("Authorization_RequestDenied")
        answer = self.answers.get(where.lower())
        if not isinstance(answer, list):
            return (
                (404, {}, error("Request_ResourceNotFound"))
                if answer is None
                else (200, {}, json.dumps(answer).encode())
            )
        return 200, {}, self._listing(where, query, answer, "@odata.nextLink")

    def _listing(self, where: str, query: dict[str, str], every: list[Any], link: str) -> bytes:
        start = int(query.get("$skiptoken", "0"))
        answer: dict[str, Any] = {"value": every[start : start + self.page]}
        if start + self.page < len(every):
            kept = "&".join(f"{key}={value}" for key, value in query.items() if key != "$skiptoken")
            answer[link] = f"{self.url}{where}?{kept}&$skiptoken={start + self.page}"
        return json.dumps(answer).encode()


class _Handler(BaseHTTPRequestHandler):
    azure: FakeAzure
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, answer = self.azure.respond(self.command, self.path, self.headers, body)
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(answer)), "x-ms-request-id": "fake-request"}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names of http.server

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The date of an answer."""
        return self.azure.date or super().date_time_string(timestamp)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""


def token(headers: Headers, query: dict[str, str]) -> Answer:
    """A token for whoever asks as an application beside the identity's endpoint does."""
    if headers.get("X-IDENTITY-HEADER") != "secret" and headers.get("Metadata") != "true":
        return 401, {}, b"{}"
    given = {
        "access_token": f"fake-token-for-{query['resource']}", "expires_on": str(int(time.time()) + 86400), "expires_in": "86400",
        "resource": query["resource"], "token_type": "Bearer",
    }  # fmt: skip
    return 200, {}, json.dumps(given).encode()


def error(code: str) -> bytes:
    """An error as Azure words it."""
    return json.dumps({"error": {"code": code, "message": "no"}}).encode()


def _action(where: str, *, queried: bool) -> str:
    """The permission that an address takes: the provider and the types on the way, without the names between them."""
    if queried:
        return "Microsoft.ResourceGraph/resources/read"
    if where.startswith("/v1.0/"):
        return DIRECTORY.get(where, "")
    if where == "/subscriptions":
        return "Microsoft.Resources/subscriptions/read"
    provider, *rest = where.rpartition("/providers/")[2].split("/")
    return "/".join([provider, *rest[::2], "read"])

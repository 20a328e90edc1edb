"""A fake Azure over HTTP on loopback: Resource Manager, Resource Graph, Microsoft Graph and the token endpoint of a managed identity.

It denies as Azure does: Resource Manager and Microsoft Graph say 403, Resource Graph says nothing and leaves the rows out. What an
address takes is derived from the address, by the rule of "Azure resource provider operations", and not from our own table.
"""

import base64
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

QUERY = re.compile(
    r"(?P<table>\w+) \| where type =~ '(?P<type>[\w./]+)'(?: and (?P<field>[\w.]+) (?P<not>!?)in~ \((?P<values>[^)]+)\))?"
    r" \| project (?P<columns>[\w, ]+) \| order by (?P<order>[\w, ]+)"
)
"""With the counting of types, all of the query language that it understands."""
COUNTING = re.compile(
    r"resources \| where type !in~ \((?P<known>['\w./, ]+)\) \| summarize things=count\(\) by subscriptionId, type "
    r"\| extend id=strcat\(subscriptionId, '/', type\) \| project id, subscriptionId, type, things \| order by subscriptionId asc, id asc"
)
TABLES = frozenset(
    {"resources", "resourcecontainers", "authorizationresources", "recoveryservicesresources", "securityresources"}
)
ELSEWHERE = {
    "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems": "recoveryservicesresources",
    "microsoft.recoveryservices/vaults/backupjobs": "recoveryservicesresources",
    "microsoft.dataprotection/backupvaults/backupinstances": "recoveryservicesresources",
    "microsoft.dataprotection/backupvaults/backupjobs": "recoveryservicesresources",
    "microsoft.security/assessments": "securityresources",
    "microsoft.security/locations/alerts": "securityresources",
}
"""Types that are in another table than `resources`."""
VERSION = re.compile(r"20[12]\d-\d\d-\d\d(-preview)?")
WINDOW = 5.0
QUERIES = 15
DIRECTORY = {
    "/v1.0/users": "User.Read.All",
    "/v1.0/applications": "Application.Read.All",
    "/v1.0/reports/authenticationMethods/userRegistrationDetails": "AuditLog.Read.All",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the fake understood it."""

    path: str
    action: str
    subscription: str
    authorization: str
    query: str = ""
    body: Any = None


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
    """The server. What it answers is somebody else's: `tests.fakes.azure_estate` has a small tenant."""

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

    def respond(  # noqa: PLR0911 - one return for each way in which Azure answers
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one exchange."""
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        where = unquote(parts.path)
        if where in {"/msi/token", "/metadata/identity/oauth2/token"}:
            return self._token(headers, query)
        if self.hold is not None:
            self.hold.wait(10)
        text = json.loads(body)["query"] if body else ""
        subscription = next(iter(re.findall(r"^/subscriptions/([^/]+)", where)), "")
        action = _action(where, text)
        with self._lock:
            self.asked.append(Asked(
                path=where, action=action, subscription=subscription, authorization=headers.get("Authorization", ""), query=parts.query,
                body=json.loads(body) if body else None,
            ))  # fmt: skip
            trouble = next(
                (one for one in self.troubles if one.times > 0 and (one.about in where or one.about in text)), None
            )
            if trouble:
                trouble.times -= 1
        if trouble:
            return trouble.status, trouble.headers, _error(trouble.code) if trouble.raw is None else trouble.raw
        if not headers.get("Authorization", "").startswith("Bearer fake-token-for-"):
            return (
                401,
                {"WWW-Authenticate": 'Bearer authorization_uri="https://login.example/"'},
                _error("AuthenticationFailed"),
            )
        if method == "POST" and where == "/providers/Microsoft.ResourceGraph/resources":
            return self._graph(json.loads(body))
        if method != "GET":
            return 405, {}, _error("MethodNotAllowed")
        if where.startswith("/v1.0/"):
            return self._directory(where, query)
        return self._manager(where, subscription, action, query)

    def _token(self, headers: Any, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if headers.get("X-IDENTITY-HEADER") != "secret" and headers.get("Metadata") != "true":
            return 401, {}, b"{}"
        token = {
            "access_token": f"fake-token-for-{query['resource']}", "expires_on": str(int(time.time()) + 86400), "expires_in": "86400",
            "resource": query["resource"], "token_type": "Bearer",
        }  # fmt: skip
        return 200, {}, json.dumps(token).encode()

    def _graph(self, asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        quota = self._spend()
        if quota is None:
            self.refused += 1
            return (
                429,
                {"Retry-After": "5", "x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"},
                _error("RateLimiting"),
            )
        counting = COUNTING.fullmatch(asked["query"])
        if counting:
            return 200, quota, self._counted(counting["known"], frozenset(asked["subscriptions"]))
        found = QUERY.fullmatch(asked["query"])
        if found is None or found["table"] not in TABLES:
            inner = [{"code": "DisallowedLogicalTableName" if found else "ParserFailure", "message": "no"}]
            return 400, quota, json.dumps({"error": {"code": "BadRequest", "message": "no", "details": inner}}).encode()
        options = asked.get("options", {})
        columns = found["columns"].split(", ")
        right = ELSEWHERE.get(found["type"], "resources") == found["table"]
        matching = [
            row
            for row in self._matching(found["type"], frozenset(asked["subscriptions"]))
            if right and _chosen(row, found)
        ]
        start = int(base64.b64decode(options["$skipToken"])) if "$skipToken" in options else 0
        top = min(options.get("$top", 100), 1000, self.page)
        part = matching[start : start + top]
        answer: dict[str, Any] = {
            "totalRecords": len(matching), "count": len(part), "resultTruncated": "false", "facets": [],
            "data": [{column: row.get(column) for column in columns} for row in part],
        }  # fmt: skip
        if start + top < len(matching):
            answer["$skipToken"] = base64.b64encode(str(start + top).encode()).decode()
        return 200, quota, json.dumps(answer).encode()

    def _counted(self, known: str, subscriptions: frozenset[str]) -> bytes:
        """How many rows there are of each type but the known ones."""
        counts = Counter(
            (row["subscriptionId"], row["type"])
            for row in self.rows
            if f"'{row['type']}'" not in known
            and row["type"] not in ELSEWHERE
            and row["subscriptionId"] in subscriptions
        )
        data = [
            {"id": f"{subscription}/{kind}", "subscriptionId": subscription, "type": kind, "things": things}
            for (subscription, kind), things in sorted(counts.items())
        ]
        return json.dumps(
            {"totalRecords": len(data), "count": len(data), "resultTruncated": "false", "data": data}
        ).encode()

    def _matching(self, kind: str, subscriptions: frozenset[str]) -> list[dict[str, Any]]:
        """Rows in the query's order, without those that the caller may not read."""
        provider, _, rest = kind.partition("/")
        found = [
            row
            for row in self.rows
            if row["type"] == kind.lower()
            and row["subscriptionId"] in subscriptions
            and self.allows(f"{provider}/{rest}/read", row["subscriptionId"])
        ]
        return sorted(found, key=lambda row: (row["subscriptionId"], row["id"]))

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

    def _manager(
        self, where: str, subscription: str, action: str, query: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        if not VERSION.fullmatch(query.get("api-version", "")):
            return 400, {}, _error("InvalidApiVersionParameter")
        if not self.allows(action, subscription):
            return 403, {}, _error("AuthorizationFailed")
        if where.lower().endswith("/providers/microsoft.authorization/permissions"):
            taken = sorted(name for name, place in self.denied if place in {"*", subscription})
            return 200, {}, json.dumps({"value": [{"actions": ["*/read"], "notActions": taken}]}).encode()
        answer = self.answers.get(where.lower())
        if answer is None:
            return 404, {}, _error("ResourceNotFound")
        if not isinstance(answer, list):
            return 200, {}, json.dumps(answer).encode()
        if wanted := re.fullmatch(r"type eq '(\w+)'", query.get("$filter", "")):
            answer = [one for one in answer if one["properties"]["type"] == wanted[1]]
        return 200, {}, self._listing(where, query, answer, "nextLink")

    def _directory(self, where: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if not self.allows(DIRECTORY.get(where, ""), "*"):
            return 403, {}, _error("Authorization_RequestDenied")
        return 200, {}, self._listing(where, query, self.answers[where.lower()], "@odata.nextLink")

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

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Silence."""


def _chosen(row: dict[str, Any], found: re.Match[str]) -> bool:
    """The row meets the query's further condition: fields by the letter, values in any case."""
    if not found["field"]:
        return True
    value: Any = row
    for part in found["field"].split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return (f"'{value}'".lower() in found["values"].lower().split(", ")) is not bool(found["not"])


def _action(where: str, text: str) -> str:
    """The permission that an address takes: the provider and the types on the way, without the names between them."""
    if text:
        return "Microsoft.ResourceGraph/resources/read"
    if where.startswith("/v1.0/"):
        return DIRECTORY.get(where, "")
    if where == "/subscriptions":
        return "Microsoft.Resources/subscriptions/read"
    provider, *rest = where.rpartition("/providers/")[2].split("/")
    return "/".join([provider, *rest[::2], "read"])


def _error(code: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": "no"}}).encode()

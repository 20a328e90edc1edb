"""Reading pages: of Resource Graph by skip tokens, of Resource Manager and Microsoft Graph by links.

A page that is not as documented, that says that there is more without saying where, that leads back to one that was read, or that
leads to another host, ends the listing with a failure: what was yielded stays seen, and nobody takes the rest for empty.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from collectors.azure.operations import ARM, DIRECTORY, GRAPH
from collectors.azure.places import host_of
from collectors.azure.rates import GRAPH as GRAPH_BUCKET
from collectors.azure.wire import Question, Reply, Wire
from collectors.gap import Reason
from collectors.notes import Failure
from collectors.sighting import Call

ROWS = 1000
"""The most that Resource Graph gives in a page."""
OVERFLOW = "x-ms-tenant-subscription-limit-hit"


class Broken(Exception):
    """A page could not be read; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Owned(msgspec.Struct):
    """Of a row, whose it is."""

    subscriptionId: str  # noqa: N815 - Azure's name


class _Page(msgspec.Struct):
    """What a page of Resource Graph says of itself."""

    resultTruncated: str | bool = "false"  # noqa: N815 - Azure's name
    skip_token: str | None = msgspec.field(default=None, name="$skipToken")


class GraphPage(_Page, kw_only=True):
    """As much of a page as is read at first: its rows are decoded when they are wanted."""

    data: list[Owned]


class _Rows(_Page, kw_only=True):
    data: list[msgspec.Raw]


_pages = msgspec.json.Decoder(GraphPage)
_rows = msgspec.json.Decoder(_Rows)


def graph_pages(
    wire: Wire, operation: str, subscriptions: list[str], calls: list[Call]
) -> Iterator[tuple[list[str], bytes]]:
    """Each page of a table, in its query's order: whose its rows are, and as it came. Raises `Broken`.

    Exchanges are added to `calls` as they come.
    """
    options: dict[str, Any] = {"$top": ROWS, "resultFormat": "objectArray"}
    met: set[str] = set()
    while True:
        asked = {"query": GRAPH[operation].query, "subscriptions": subscriptions, "options": options}
        question = Question(
            operation=operation, service="manager", bucket=GRAPH_BUCKET, body=msgspec.json.encode(asked),
            url=f"{wire.place.manager}/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01",
        )  # fmt: skip
        reply = _answered(wire, question, calls)
        page = _graph_page(operation, reply.body)
        if reply.headers.get(OVERFLOW, "").lower() == "true":
            raise _malformed(operation, "more subscriptions than one query reaches")
        yield [row.subscriptionId for row in page.data], reply.body
        if not page.skip_token:
            if str(page.resultTruncated).lower() == "true":
                raise _malformed(operation, "more pages, and no way to them")
            return
        if page.skip_token in met:
            raise _malformed(operation, "a page that leads back to itself")
        met.add(page.skip_token)
        options["$skipToken"] = page.skip_token


def _graph_page(operation: str, body: bytes) -> GraphPage:
    try:
        return _pages.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _malformed(operation, _why_no_page(body)) from None


def _why_no_page(body: bytes) -> str:
    try:
        _rows.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "an answer without rows"
    return "a row without its subscription"


def linked_pages(
    wire: Wire, operation: str, calls: list[Call], *, bucket: str = "tenant", **parameters: str
) -> Iterator[dict[str, Any]]:
    """Each page of a listing of Resource Manager or Microsoft Graph. Raises `Broken`."""
    first = address(wire, operation, **parameters)
    next_url: str | None = first
    met: set[str] = set()
    while next_url:
        met.add(next_url)
        page = document(wire, operation, next_url, calls, bucket=bucket)
        if not isinstance(page.get("value"), list) or not all(isinstance(one, dict) for one in page["value"]):
            raise _malformed(operation, "an answer without value")
        yield page
        next_url = page.get("nextLink") or page.get("@odata.nextLink")
        if next_url is None:
            return
        if not isinstance(next_url, str) or not _beside(next_url, first):
            raise _malformed(operation, "a next page elsewhere")
        if next_url in met:
            raise _malformed(operation, "a page that leads back to itself")


def document(wire: Wire, operation: str, url: str, calls: list[Call], *, bucket: str = "tenant") -> dict[str, Any]:
    """One answer of Resource Manager or Microsoft Graph. Raises `Broken`."""
    question = Question(
        operation=operation, service="directory" if operation in DIRECTORY else "manager", url=url, bucket=bucket
    )
    reply = _answered(wire, question, calls)
    try:
        return msgspec.json.decode(reply.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _malformed(operation, "an answer that is no object") from None


def address(wire: Wire, operation: str, **parameters: str) -> str:
    """The URL of an operation of Resource Manager or Microsoft Graph."""
    found = ARM.get(operation) or DIRECTORY[operation]
    path = found.path.format_map({name: quote(value, safe="/") for name, value in parameters.items()})
    base = wire.place.directory if operation in DIRECTORY else wire.place.manager
    query = "&".join(filter(None, (f"api-version={found.version}" if found.version else "", found.query)))
    return f"{base}{path}?{query}"


def _beside(url: str, first: str) -> bool:
    """The link leads to the same place in the same way: no token follows it elsewhere."""
    return urlsplit(url).scheme == urlsplit(first).scheme and host_of(url) == host_of(first)


def _answered(wire: Wire, question: Question, calls: list[Call]) -> Reply:
    reply = wire.read(question)
    calls += reply.calls
    if reply.failure is not None:
        raise Broken(reply.failure)
    return reply


def _malformed(operation: str, detail: str) -> Broken:
    return Broken(Failure(operation=operation, reason=Reason.MALFORMED, detail=detail))


def rows_of(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements under `value` of a page."""
    found: list[dict[str, Any]] = element["value"]
    return found

"""Resource Graph as far as the agent asks it: two forms of query over rows, with skip tokens; others are errors as Azure words them."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
Allows = Callable[[str, str], bool]
"""Whether the caller has a permission in a subscription."""

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


def answered(asked: dict[str, Any], rows: Iterable[Row], allows: Allows, page: int) -> tuple[int, bytes]:
    """Status and body. What the caller may not read is left out in silence, as Azure does."""
    subscriptions = frozenset(asked["subscriptions"])
    if counting := COUNTING.fullmatch(asked["query"]):
        return 200, _counted(counting["known"], rows, subscriptions)
    found = QUERY.fullmatch(asked["query"])
    if found is None or found["table"] not in TABLES:
        inner = [{"code": "DisallowedLogicalTableName" if found else "ParserFailure", "message": "no"}]
        return 400, json.dumps({"error": {"code": "BadRequest", "message": "no", "details": inner}}).encode()
    right = ELSEWHERE.get(found["type"], "resources") == found["table"]
    matching = [row for row in _matching(found["type"], rows, subscriptions, allows) if right and _chosen(row, found)]
    return 200, _page(asked.get("options", {}), found["columns"].split(", "), matching, page)


def _page(options: dict[str, Any], columns: list[str], matching: list[Row], most: int) -> bytes:
    start = int(base64.b64decode(options["$skipToken"])) if "$skipToken" in options else 0
    top = min(options.get("$top", 100), 1000, most)
    part = matching[start : start + top]
    answer: dict[str, Any] = {
        "totalRecords": len(matching), "count": len(part), "resultTruncated": "false", "facets": [],
        "data": [{column: row.get(column) for column in columns} for row in part],
    }  # fmt: skip
    if start + top < len(matching):
        answer["$skipToken"] = base64.b64encode(str(start + top).encode()).decode()
    return json.dumps(answer).encode()


def _counted(known: str, rows: Iterable[Row], subscriptions: frozenset[str]) -> bytes:
    """How many rows there are of each type but the known ones."""
    counts = Counter(
        (row["subscriptionId"], row["type"])
        for row in rows
        if f"'{row['type']}'" not in known and row["type"] not in ELSEWHERE and row["subscriptionId"] in subscriptions
    )
    data = [
        {"id": f"{subscription}/{kind}", "subscriptionId": subscription, "type": kind, "things": things}
        for (subscription, kind), things in sorted(counts.items())
    ]
    return json.dumps(
        {"totalRecords": len(data), "count": len(data), "resultTruncated": "false", "data": data}
    ).encode()


def _matching(kind: str, rows: Iterable[Row], subscriptions: frozenset[str], allows: Allows) -> list[Row]:
    """Rows in the query's order, without those that the caller may not read."""
    provider, _, rest = kind.partition("/")
    found = [
        row
        for row in rows
        if row["type"] == kind.lower()
        and row["subscriptionId"] in subscriptions
        and allows(f"{provider}/{rest}/read", row["subscriptionId"])
    ]
    return sorted(found, key=lambda row: (row["subscriptionId"], row["id"]))


def _chosen(row: Row, found: re.Match[str]) -> bool:
    """The row meets the query's further condition: fields by the letter, values in any case."""
    if not found["field"]:
        return True
    value: Any = row
    for part in found["field"].split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return (f"'{value}'".lower() in found["values"].lower().split(", ")) is not bool(found["not"])

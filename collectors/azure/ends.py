"""When Azure's support of runtimes and of Kubernetes versions ends, as published; what is not in a table is not learned.

Sources: "Language runtime support policy" of App Service and of Functions with the calendars of Python, Node.js, .NET, PHP, Java and
PowerShell that they follow; "Supported Kubernetes versions in AKS" with its long-term support. Read in November 2026.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from collectors.resource import FAR

Ends = Mapping[str, str]
DOTNET: Ends = {
    "2.1": "2021-08-21", "3.1": "2022-12-13", "5.0": "2022-05-10", "6.0": "2024-11-12", "7.0": "2024-05-14", "8.0": "2026-11-10",
    "9.0": "2026-11-10", "10.0": "2028-11-14",
}  # fmt: skip
JAVA: Ends = {"8": "2026-11-30", "11": "2027-09-30", "17": "2027-09-30", "21": "2028-09-30", "25": "2030-09-30"}
RUNTIMES: Mapping[str, Ends] = {
    "python": {
        "2.7": "2020-01-01", "3.6": "2021-12-23", "3.7": "2023-06-27", "3.8": "2024-10-07", "3.9": "2025-10-31", "3.10": "2026-10-31",
        "3.11": "2027-10-31", "3.12": "2028-10-31", "3.13": "2029-10-31", "3.14": "2030-10-31",
    },
    "node": {
        "8": "2019-12-31", "10": "2021-04-30", "12": "2022-04-30", "14": "2023-04-30", "16": "2023-09-11", "18": "2025-04-30",
        "20": "2026-04-30", "22": "2027-04-30", "24": "2028-04-30",
    },
    "dotnet": DOTNET, "dotnetcore": DOTNET, "dotnet-isolated": DOTNET, "java": JAVA,
    "php": {
        "5.6": "2018-12-31", "7.0": "2019-01-10", "7.2": "2020-11-30", "7.3": "2021-12-06", "7.4": "2022-11-28", "8.0": "2023-11-26",
        "8.1": "2025-12-31", "8.2": "2026-12-31", "8.3": "2027-12-31", "8.4": "2028-12-31", "8.5": "2029-12-31",
    },
    "powershell": {"6": "2020-09-04", "7.0": "2022-12-03", "7.2": "2024-11-08", "7.4": "2026-11-10"},
    "ruby": {"2.5": "2021-03-31", "2.6": "2022-03-31", "2.7": "2023-03-31"},
}  # fmt: skip
OWN = frozenset({"docker", "compose", "kube", "sitecontainers", "custom"})
"""Stacks that bring their own runtime."""
KUBERNETES: Mapping[str, tuple[str, str]] = {
    "1.25": ("2024-01-14", "2024-01-14"), "1.26": ("2024-03-31", "2024-03-31"), "1.27": ("2024-07-31", "2025-07-31"),
    "1.28": ("2025-01-15", "2026-02-28"), "1.29": ("2025-03-31", "2026-04-30"), "1.30": ("2025-07-31", "2026-07-31"),
    "1.31": ("2025-11-30", "2026-11-30"), "1.32": ("2026-03-31", "2027-03-31"), "1.33": ("2026-06-30", "2027-06-30"),
    "1.34": ("2026-11-30", "2027-11-30"), "1.35": ("2027-03-31", "2028-03-31"),
}  # fmt: skip
"""Minor version -> end of standard support, end of long-term support."""
OLDEST = (1, 25)
LONG_GONE = datetime(2024, 1, 14, tzinfo=UTC)
_VERSION = re.compile(r"~?v?(\d+)(?:\.(\d+))?")


def runtime_ends(stack: str) -> datetime | None:
    """The end of a stack as App Service writes it: `PYTHON|3.11`, `NODE|20-lts`, `TOMCAT|10.0-java17`, `DOCKER|image`."""
    name, _, version = stack.lower().partition("|")
    if name in OWN:
        return FAR
    java = re.search(r"(?:java|jre)(\d+)$", version)
    if java:
        return _day(JAVA.get(java[1]))
    found = _VERSION.match(version)
    table = RUNTIMES.get(name)
    if table is None or found is None:
        return None
    return _day(
        table.get(f"{found[1]}.{found[2]}" if found[2] else "") or table.get(found[1]) or table.get(f"{found[1]}.0")
    )


def kubernetes_ends(version: str, *, lasting: bool) -> datetime | None:
    """The end of a Kubernetes version in AKS; `lasting` for clusters with long-term support."""
    found = _VERSION.match(version)
    if found is None or not found[2]:
        return None
    if (int(found[1]), int(found[2])) < OLDEST:
        return LONG_GONE
    ends = KUBERNETES.get(f"{found[1]}.{found[2]}")
    return None if ends is None else _day(ends[lasting])


def _day(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None

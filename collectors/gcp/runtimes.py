"""Until when Google supports the language runtimes of functions and App Engine ("Runtime support", as of 2026-01).

A runtime that is not in the table is not learned: it is newer than the table, or long gone.
"""

from datetime import UTC, datetime

from collectors.resource import FAR

ENDS = {
    "nodejs6": "2020-08-24", "nodejs8": "2020-06-05", "nodejs10": "2024-01-30", "nodejs12": "2024-01-30", "nodejs14": "2024-01-30",
    "nodejs16": "2024-01-30", "nodejs18": "2025-04-30", "nodejs20": "2026-04-30", "nodejs22": "2027-04-30", "nodejs24": "2028-04-30",
    "python27": "2024-01-30", "python37": "2024-01-30", "python38": "2024-10-14", "python39": "2025-10-05", "python310": "2026-10-04",
    "python311": "2027-10-24", "python312": "2028-10-02", "python313": "2029-10-10", "python314": "2030-10-10",
    "go111": "2024-01-30", "go113": "2024-01-30", "go116": "2024-01-30", "go118": "2024-01-30", "go119": "2024-04-30",
    "go120": "2024-05-01", "go121": "2024-08-13", "go122": "2025-02-11", "go123": "2025-08-12",
    "java8": "2024-01-31", "java11": "2024-10-31", "java17": "2027-10-31", "java21": "2031-10-31",
    "ruby25": "2024-01-30", "ruby26": "2024-01-30", "ruby27": "2024-01-30", "ruby30": "2024-03-31", "ruby32": "2026-03-31",
    "ruby33": "2027-03-31", "ruby34": "2028-03-31",
    "php55": "2024-01-30", "php72": "2024-01-30", "php73": "2024-01-30", "php74": "2024-01-30", "php81": "2025-12-31",
    "php82": "2026-12-31", "php83": "2027-12-31", "php84": "2028-12-31",
    "dotnet3": "2024-01-30", "dotnet6": "2024-11-12", "dotnet8": "2026-11-10",
}  # fmt: skip
"""Runtime -> the day from which Google no longer patches it (end of support of the language's own community)."""
OWN = frozenset({"custom", "vm:custom", "flex:custom"})
"""Runtimes that bring all with them: nothing of Google's ends."""


def ends(runtime: str | None) -> datetime | None:
    """When the support of a runtime ends; `FAR` for one that brings its own, `None` for one that is not known here."""
    if runtime in OWN:
        return FAR
    day = ENDS.get(runtime or "")
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None

"""SARIF 2.1.0: the results of tools that read code. A result with a `security-severity` is a vulnerability, any other is only listed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from agent.foreign.finding import Foreign, Severity, Status
from agent.foreign.told import Told, by_score, instant, latest, severity, shaped, word

LEVELS: dict[str, Severity] = {"error": "high", "warning": "medium", "note": "low", "none": "low"}


class Configuration(Struct):
    """How a rule is set, where a result does not say otherwise."""

    level: str | None = None


class Rule(Struct, rename="camel"):
    """What a tool looks for."""

    id: str
    properties: dict[str, Any] = field(default_factory=dict)
    default_configuration: Configuration = field(default_factory=Configuration)


class Driver(Struct, rename="camel"):
    """The tool itself."""

    name: str
    version: str | None = None
    semantic_version: str | None = None
    rules: list[Rule] = field(default_factory=list)


class Tool(Struct):
    """The tool and its extensions."""

    driver: Driver
    extensions: list[Driver] = field(default_factory=list)


class ArtifactLocation(Struct):
    """A file."""

    uri: str | None = None


class PhysicalLocation(Struct, rename="camel"):
    """A place in a file."""

    artifact_location: ArtifactLocation | None = None


class Location(Struct, rename="camel"):
    """Where a result stands."""

    physical_location: PhysicalLocation | None = None


class Named(Struct):
    """A rule by its id, or by its place among the driver's."""

    id: str | None = None
    index: int | None = None


class Result(Struct, rename="camel"):
    """One result."""

    rule_id: str | None = None
    rule_index: int | None = None
    rule: Named | None = None
    kind: str = "fail"
    level: str | None = None
    locations: list[Location] = field(default_factory=list)
    partial_fingerprints: dict[str, str] = field(default_factory=dict)
    suppressions: list[Any] | None = None
    baseline_state: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)


class Invocation(Struct, rename="camel"):
    """One start of the tool."""

    end_time_utc: str | None = None


class Control(Struct, rename="camel"):
    """The repository that was read."""

    repository_uri: str | None = None


class Automation(Struct):
    """The name of a recurring run."""

    id: str | None = None


class Run(Struct, rename="camel"):
    """One run of one tool."""

    tool: Tool
    results: list[Result] | None = None
    invocations: list[Invocation] = field(default_factory=list)
    version_control_provenance: list[Control] = field(default_factory=list)
    automation_details: Automation | None = None


class Log(Struct):
    """The file."""

    version: str
    runs: list[Run]


def is_sarif(value: Any) -> bool:
    """By the keys that no other format has."""
    return isinstance(value, dict) and isinstance(value.get("runs"), list) and "version" in value


def sarif(value: Any, name: str) -> Told:
    """Read a log; its runs are of one tool, or the file is called `SARIF`. Raises `Junk`."""
    log = shaped(value, Log, "a SARIF 2.1.0 log")
    tools = {run.tool.driver.name for run in log.runs}
    tool = word(tools.pop(), "tool.driver.name") if len(tools) == 1 else "SARIF"
    subjects = {_subject(run, name) for run in log.runs}
    found = tuple(one for run in log.runs for one in _run(run, tool, _subject(run, name)))
    ended = (instant(one.end_time_utc, "endTimeUtc") for run in log.runs for one in run.invocations)
    driver = log.runs[0].tool.driver if log.runs else Driver(name=tool)
    return Told(
        "SARIF", tool, driver.semantic_version or driver.version or "", latest(*ended), frozenset(subjects), found
    )


def _subject(run: Run, name: str) -> str:
    """What was read: the repository, the run's own name, or the file's."""
    said = [one.repository_uri for one in run.version_control_provenance if one.repository_uri]
    automation = run.automation_details.id if run.automation_details else None
    return word(said[0] if said else automation or name, "the run's subject")


def _run(run: Run, tool: str, subject: str) -> Iterator[Foreign]:
    rules = {one.id: one for driver in (run.tool.driver, *run.tool.extensions) for one in driver.rules}
    for one in run.results or ():
        if one.kind in {"notApplicable", "informational"} or one.baseline_state == "absent":
            continue
        name = _rule(one, run.tool.driver.rules)
        yield _finding(one, tool, subject, name, rules.get(name) or rules.get(name.rpartition("/")[0]))


def _rule(one: Result, rules: list[Rule]) -> str:
    """A result's rule: by its id, or by its place in the driver's list."""
    said = one.rule_id or (one.rule.id if one.rule else None)
    at = one.rule_index if one.rule_index is not None else one.rule.index if one.rule else None
    if said is None and at is not None and 0 <= at < len(rules):
        said = rules[at].id
    return word(said or "", "ruleId")


def _finding(one: Result, tool: str, subject: str, name: str, rule: Rule | None) -> Foreign:
    score = one.properties.get("security-severity", rule.properties.get("security-severity") if rule else None)
    weighed = by_score(score) or severity(str(score))
    level = one.level or (rule.default_configuration.level if rule else None) or "warning"  # as SARIF 3.27.10 has it
    status: Status = "passed" if one.kind == "pass" else "suppressed" if one.suppressions else "open"
    first: datetime | None = instant(one.provenance.get("firstDetectionTimeUtc"), "firstDetectionTimeUtc")
    return Foreign(
        tool=tool, rule=name, subject=subject, component=_component(one), kind="code" if score is None else "vulnerability",
        severity=weighed if score is not None else LEVELS.get(level), status=status, first_seen=first,
    )  # fmt: skip


def _component(one: Result) -> str:
    """The file, and the fingerprint where the tool gives one: lines move."""
    places = [place.physical_location for place in one.locations if place.physical_location]
    uris = [place.artifact_location.uri for place in places if place.artifact_location and place.artifact_location.uri]
    prints = [one.partial_fingerprints[name] for name in sorted(one.partial_fingerprints)][:1]
    said = "#".join([*uris[:1], *prints])
    return word(said, "a location") if said.strip() else ""

"""How a check is declared: one function, one decorator, links to CCM specifications."""

import ast
import functools
import hashlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from collectors.resource import Resource
from controls.verdict import Verdict, not_applicable

Severity = Literal["critical", "high", "medium", "low"]
SPECIFICATION = re.compile(r"CCM:(4\.0|4\.1):([A-Z&]{3}-\d{2})")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A check's claim on a specification, and how far it reaches."""

    specification: str
    """Version-qualified, e.g. `CCM:4.1:CEK-03`."""
    reach: Literal["full", "part"]
    words: str
    """For `part`: what remains unseen. For `full`: the rationale. Our own words."""


def full(specification: str, why: str) -> Link:
    """The check speaks for all of the specification; `why` is the written rationale."""
    return Link(specification=qualified(specification), reach="full", words=why)


def part(specification: str, unseen: str) -> Link:
    """The check speaks for a part of the specification; `unseen` says what remains."""
    return Link(specification=qualified(specification), reach="part", words=unseen)


def qualified(specification: str) -> str:
    """The same words if they are version-qualified; else `ValueError` that names both readings (law 6)."""
    if not SPECIFICATION.fullmatch(specification):
        bare = specification.rsplit(":", 1)[-1]
        raise ValueError(
            f"{specification!r} does not say its version: write CCM:4.0:{bare} or CCM:4.1:{bare}, which may differ"
        )
    return specification


@dataclass(frozen=True, kw_only=True)
class Check:
    """One judgement of one resource type. Made by the `check` decorator."""

    name: str
    """The function's name: a sentence that is true when it passes."""
    title: str
    """The docstring's first line."""
    rationale: str
    """The rest of the docstring: why it matters and how it tests, in our words."""
    judges: type[Resource]
    kinds: tuple[str, ...]
    """Kinds of the type that it speaks of; empty for all."""
    links: tuple[Link, ...]
    severity: Severity
    remediation: str
    metric: str | None
    """The CSA continuous audit metric that it feeds, e.g. `CEK-03-M3`."""
    observes: Literal["configuration", "effect"]
    """Whether it judges what is set, or what really happened (a log was delivered)."""
    function: Callable[..., Verdict]
    parameters: dict[str, int]
    """Keyword parameters with their defaults, `now` apart."""
    timed: bool
    """Takes `now`, the sweep's nominal instant."""

    def apart(self, resource: Resource) -> Verdict | None:
        """Not applicable, where kind or manager says so before any fact is read; else `None`."""
        if self.kinds and resource.kind not in self.kinds:
            return not_applicable(f"speaks of {', '.join(self.kinds)} only")
        if resource.managed_by == "provider":
            return not_applicable("inherited: the provider manages it")
        return None

    def judge(self, resource: Resource, *, now: datetime, **parameters: int) -> Verdict:
        """The verdict on one resource of the type that the check judges."""
        apart = self.apart(resource)
        if apart is not None:
            return apart
        if self.timed:
            return self.function(resource, now=now, **{**self.parameters, **parameters})
        return self.function(resource, **{**self.parameters, **parameters})

    @functools.cached_property
    def reads(self) -> tuple[str, ...]:
        """The facts that the function reads off its resource, found in its source; in alphabetical order."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(self.function)))
        function = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        subject = function.args.args[0].arg
        facts = {
            node.attr
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == subject
        }
        return tuple(sorted(facts & set(self.judges.__struct_fields__) - set(Resource.__struct_fields__)))

    @functools.cached_property
    def digest(self) -> str:
        """sha256 of the module that holds the check and of those whose functions it calls: under another the same facts may be judged
        otherwise."""
        home = sys.modules[self.function.__module__]
        called = {each.__module__ for each in vars(home).values() if inspect.isfunction(each)} - {
            __name__,
            home.__name__,
        }
        ours = {"controls", home.__name__.partition(".")[0]}
        sources = [inspect.getsource(sys.modules[name]) for name in sorted(called) if name.partition(".")[0] in ours]
        return hashlib.sha256("\n".join([self.name, inspect.getsource(home), *sources]).encode()).hexdigest()


def check(
    *links: Link,
    judges: type[Resource],
    severity: Severity,
    remediation: str,
    kinds: tuple[str, ...] = (),
    metric: str | None = None,
    observes: Literal["configuration", "effect"] = "configuration",
) -> Callable[[Callable[..., Verdict]], Check]:
    """Turn a pure function `(resource, *, now=..., parameter=default) -> Verdict` into a `Check` value.

    Nothing is registered: `controls.CHECKS` (in `controls/catalogue.py`) lists each once.
    """

    def declare(function: Callable[..., Verdict]) -> Check:
        title, _, rationale = inspect.cleandoc(function.__doc__ or "").partition("\n")
        if not title or not links:
            raise TypeError(f"{function.__name__} needs a docstring and at least one link to a specification")
        keywords: dict[str, Any] = {
            name: parameter.default
            for name, parameter in inspect.signature(function).parameters.items()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        }
        return Check(
            name=function.__name__, title=title, rationale=rationale.strip(), judges=judges, kinds=kinds, links=links,
            severity=severity, remediation=remediation, metric=metric, observes=observes, function=function,
            parameters={name: default for name, default in keywords.items() if name != "now"}, timed="now" in keywords,
        )  # fmt: skip

    return declare

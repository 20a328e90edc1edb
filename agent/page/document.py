"""A report as one HTML file: no network, no fonts from elsewhere, the same bytes for the same report.

The page's own policy admits exactly its own style sheet and its own script, by digest; everything that comes from outside is escaped
by Jinja and made legible (`agent.page.legible`). A name that a template does not find is an error (`StrictUndefined`), never an empty
place.
"""

import base64
import functools
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from agent.canonical import encode
from agent.page import legible, numbers, pictures, story
from agent.page.clauses import Table, tables
from agent.report import Report, public
from controls.tally import Result

MOST_KEPT = 2048

FILTERS = {
    "anchor": lambda name, prefix: legible.anchor(prefix, name),
    "count": numbers.count,
    "day": numbers.day,
    "duration": numbers.duration,
    "exactly": numbers.exactly,
    "fact": legible.fact,
    "instant": numbers.instant,
    "stamp": numbers.stamp,
}


@functools.cache
def environment() -> Environment:
    """The templates of this package; each is compiled once per process."""
    made = Environment(
        loader=PackageLoader("agent.page"), autoescape=True, undefined=StrictUndefined, finalize=legible.legible,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters.update(FILTERS)
    made.globals.update(numbers=numbers, pictures=pictures, story=story, Result=Result, kept=kept)
    return made


_KEPT: dict[tuple[str, bytes], Markup] = {}
"""Rows as they were rendered, oldest first."""


def kept(name: str, row: object) -> Markup:
    """A template that speaks of one row alone, rendered once for each content: the catalogue's two hundred rows are mostly the same in
    every report of a programme, and so is what the checks say of themselves.
    """
    key = (name, encode(row))
    found = _KEPT.get(key)
    if found is None:
        found = _KEPT[key] = Markup(environment().get_template(name).render(row=row))  # noqa: S704 - what a template of ours rendered
        if len(_KEPT) > MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
    return found


@functools.cache
def part(name: str) -> str:
    """The text of the style sheet or the script, as the package holds it."""
    environment_loader = environment().loader
    assert environment_loader is not None
    return environment_loader.get_source(environment(), name)[0]


def render(report: Report, *, switch: tuple[Table, ...] | None = None) -> str:
    """The page of a report: the auditor's, or everybody's if its edition says `public`.

    `switch` are the frameworks whose clauses the auditor's page offers; those of our own tables where none are given.

    A public page is made of the public edition only, whatever is handed in: what must not be told never reaches the template.
    """
    if report.edition == "public":
        report = public(report)
    word = " · ".join(name for name, said in (("SIMULATED", report.simulated), ("INTERIM", report.interim)) if said)
    style, script = f"\n{part('page.css')}{running_head(word)}", f"\n{part('page.js')}"
    own = f"style-src {source(style)}; script-src {source(script)}"
    policy = f"default-src 'none'; {own}; img-src data:; base-uri 'none'; form-action 'none'"
    return environment().get_template("page.html.j2").render(
        report=report, auditor=report.edition != "public", word=word, policy=policy, switch=tables(report) if switch is None else switch,
        style=Markup(style), script=Markup(script),  # noqa: S704 - files of this package, the same for every report
    )  # fmt: skip


def running_head(word: str) -> str:
    """The page margin of every printed sheet: our own fixed word if there is one, and the number of the sheet."""
    head = f'@page {{ @top-center {{ content: "{word}"; font: bold 11pt sans-serif; letter-spacing: 0.3em; color: #7a1f17; }} }}\n'
    return head if word else ""


def source(text: str) -> str:
    """A style sheet or script as the policy names it. Source: Content Security Policy Level 3, hash sources."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

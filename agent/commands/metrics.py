"""`starcadence catalog metrics`: CSA's continuous audit metrics, and what gives each. Reads nothing but the installed package."""

import textwrap
from collections.abc import Iterator

import click
import msgspec

from controls import ccm
from controls.catalogue import CHECKS
from controls.metering import METRICS
from controls.metrics import Metric

NAMES = frozenset(check.name for check in CHECKS)
WIDTH = 80
PAGE = """# CSA's continuous audit metrics

Made from the code by `make reference`.

CSA's catalogue of continuous audit metrics has {all}: {true} are
computed from what the sweeps see and from the agent's own state, {with_} more with a register, {false} are not. Ids, objectives and
sampling periods are CSA's facts; what is counted is said here in our words.

- A count is made for each source on each cloud by itself, at the closing sweep. Nothing is added across checks or clouds: a metric's
  value is its weakest measure, and its result its worst.
- What was not learned widens the value: its lower end counts it against A, its upper end for it. It is *met* only if the lower end meets
  the objective and no place was unseen. An empty denominator gives no value at all: *nothing to judge*, never 100%.
- `metrics: {{BCR-08-M1: 99%}}` in the programme sets an objective of your own; a metric without any has a value and no result.
- `starcadence verify --replay BUNDLE` counts all of them again from the evidence in the bundle.

"""


@click.command()
@click.option("--ccm", "version", default="4.1.0", show_default=True, metavar="VERSION", help="4.0.13 or 4.1.0.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def metrics(*, version: str, as_json: bool) -> None:
    """CSA's continuous audit metrics: whether each is computed, from what, and what it would need."""
    from agent.errors import UsageError

    try:
        edition = ccm.release(version)
    except ValueError as refused:
        raise UsageError(str(refused)) from refused
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([_row(one, edition) for one in METRICS]), indent=2))
    else:
        for line in _lines(edition):
            click.echo(line)


def _row(one: Metric, version: ccm.Version) -> dict[str, object]:
    state = one.computed(NAMES)
    return {
        "metric": one.id, "specification": one.specification(version), "computed": state if state == "with" else state == "true",
        "from": [name for name in one.sources if one.basis not in ("checks", "findings") or name in NAMES], "needs": _needs(one),
    }  # fmt: skip


def _needs(one: Metric) -> str:
    missing = f"the check {' or '.join(one.sources)}" if one.computed(NAMES) == "false" else ""
    return one.needs or missing


def _lines(version: ccm.Version) -> Iterator[str]:
    for one in METRICS:
        state = one.computed(NAMES)
        head = f"{one.id:<11}{one.specification(version) or '-':<16}{state:<7}"
        yield from textwrap.wrap(
            _source(one), WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
        )
        yield from textwrap.wrap(f"A: {one.a}; B: {one.b}", WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 14)
    states = [one.computed(NAMES) for one in METRICS]
    yield f"{states.count('true')} of {len(states)} are computed, {states.count('with')} more with a register"


def _source(one: Metric) -> str:
    return f"needs {_needs(one)}" if one.computed(NAMES) == "false" else ", ".join(one.sources)


def page() -> str:
    """docs/csa-metrics.md: what exactly is counted for each."""
    states = [one.computed(NAMES) for one in METRICS]
    counts = {
        "all": len(states),
        "true": states.count("true"),
        "with_": states.count("with"),
        "false": states.count("false"),
    }
    return PAGE.format(**counts) + "\n".join(map(_section, METRICS))


def _section(one: Metric) -> str:
    """One metric as a section of the page."""
    goal = f"{'at least' if one.direction == 'higher' else 'at most'} {one.slo}" if one.slo else "none"
    facts = (
        ("measures", ", ".join(f"`{each}`" for version in ("4.0", "4.1") if (each := one.specification(version)))),
        ("computed", {"true": "yes", "with": f"with {one.needs}", "false": f"no; it would need {_needs(one)}"}[one.computed(NAMES)]),
        ("A", one.a), ("B", one.b), ("from", ", ".join(f"`{each}`" for each in one.sources) or "nothing yet"),
        ("objective", goal), ("sampling period", one.sampling or "none given"),
    )  # fmt: skip
    rows = "".join(f"| {name} | {text} |\n" for name, text in facts)
    return f"## {one.id}\n\n| | |\n|---|---|\n{rows}" + (f"\n{one.caveat}\n" if one.caveat else "")

"""CSA's continuous audit metrics: what we count for each, and what a count says against its objective. Pure.

Ids, objectives, sampling periods and directions are facts of CSA's catalogue; every word is ours. A measure is one count of one source on
one cloud; nothing is added across them: a metric is its weakest measure. An empty denominator gives no value, never 100%.
"""

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Literal

import msgspec

from controls import ccm
from controls.tally import Result, Tally, against, worst

Direction = Literal["higher", "lower"]
"""Whether a larger value is better."""
Basis = Literal["checks", "findings", "state", "register", "imported", "none"]
"""What is counted: verdicts of checks, facts of findings, our own state, rows of a register, findings of other tools;
`none` where nothing can be."""
NO_SHARE = "not a share"
"""B of a metric whose value is a slope."""
Computed = Literal["true", "with", "false"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of CSA's catalogue as we count it."""

    id: str
    """As CSA numbers it, after a specification of CCM 4.0: `CEK-03-M3`."""
    slo: str | None
    """The objective that CSA recommends; `None` where it gives none. For `lower`, the most that it may be."""
    sampling: str | None
    """The sampling period that CSA gives, ISO 8601."""
    basis: Basis
    sources: tuple[str, ...]
    """Names of checks; or of what else is counted."""
    a: str
    """What we count as A."""
    b: str
    """What we count as B."""
    caveat: str = ""
    """Where our count differs from the catalogue's idea, or the catalogue from itself."""
    needs: str = ""
    """For what is computed only with something from outside, or not at all: what it would need."""
    direction: Direction = "higher"

    def specification(self, version: ccm.Version) -> str | None:
        """The specification that it measures; `None` where that version has none such."""
        return ccm.translate(f"CCM:4.0:{self.id.rpartition('-')[0]}", version).target

    def computed(self, checks: Collection[str]) -> Computed:
        """Whether these checks (and our own state) give it, a register would, or nothing that we read does."""
        if self.basis in {"register", "imported"}:
            return "with"
        if self.basis == "state":
            return "true"
        return "true" if self.basis != "none" and set(self.sources) & set(checks) else "false"


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What one source on one cloud gave. The tally is of what is as it should be, whatever the metric's direction."""

    source: str
    provider: str = ""
    """A cloud; empty for our own state and for registers."""
    tally: Tally = Tally()
    result: Result | None = None
    """Over the cycle, where the source is swept; `None` to hold the tally itself against the objective."""
    closing: Result | None = None
    slope: Fraction | None = None
    """For a metric that is no share: its value."""


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source of a metric on one cloud, at the closing sweep."""

    source: str
    provider: str
    a: int
    b: int
    unknown: int
    """Of B: what may or may not belong to A. The value's two ends are without and with them."""
    unseen: int
    """Places of which nobody knows what they hold."""
    low: str | None
    """Lower end of the value, `n/d`; `None` where there was nothing to count."""
    high: str | None
    closing: Result | None
    """At the closing sweep; `None` where there is no objective."""
    result: Result | None
    """Over the cycle."""


class Metered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One metric of one cycle of one service, as `metrics.json` and the report show it."""

    id: str
    specification: str
    computed: Computed
    direction: Direction
    slo: str | None
    slo_of: str
    """`CSA` for the recommended objective, `programme` where the provider set its own, empty where there is none."""
    sampling: str | None
    a: str
    b: str
    caveat: str
    needs: str
    low: str | None
    """The weakest measure's lower end."""
    high: str | None
    closing: Result | None
    result: Result | None
    """The worst measure's, over the cycle; `not shown` where it is computed and there is no measure."""
    measures: tuple[Measure, ...]


def metered(
    metric: Metric, version: ccm.Version, counts: Iterable[Count], checks: Collection[str], slo: str | None = None
) -> Metered | None:
    """A metric with what was counted for it; `None` where the CCM version has no such specification. `slo` is the provider's own."""
    specification = metric.specification(version)
    if specification is None:
        return None
    goal = slo or metric.slo
    measures = tuple(_measure(metric.direction, one, _share(goal)) for one in counts)
    state = metric.computed(checks)
    if state == "with" and measures:
        state = "true"
    ends = [(Fraction(one.low), Fraction(one.high)) for one in measures if one.low is not None and one.high is not None]
    weakest = min if metric.direction == "higher" else max
    low, high = (weakest(end) for end in zip(*ends, strict=True)) if ends else (None, None)
    held = bool(goal) and state == "true"
    return Metered(
        id=metric.id, specification=specification, computed=state, direction=metric.direction, slo=goal,
        slo_of="programme" if slo else "CSA" if goal else "", sampling=metric.sampling, a=metric.a, b=metric.b, caveat=metric.caveat,
        needs="" if state == "true" else metric.needs, low=_written(low), high=_written(high),
        closing=worst(one.closing for one in measures if one.closing) if held else None,
        result=worst(one.result for one in measures if one.result) if held else None, measures=measures,
    )  # fmt: skip


def good(direction: Direction, slo: Fraction) -> Fraction:
    """The share that must be as it should be: the objective itself, or all but what may be amiss."""
    return slo if direction == "higher" else 1 - slo


def _measure(direction: Direction, one: Count, slo: Fraction | None) -> Measure:
    tally = one.tally
    said = against(tally, good(direction, slo)) if slo is not None and one.slope is None else None
    low, high = tally.range or (None, None)
    if direction == "lower" and low is not None and high is not None:
        low, high = 1 - high, 1 - low
    if one.slope is not None:
        low = high = one.slope
    return Measure(
        source=one.source, provider=one.provider, a=tally.passed if direction == "higher" else tally.failed, b=tally.population,
        unknown=tally.unknown, unseen=tally.unseen, low=_written(low), high=_written(high),
        closing=(one.closing or said) if slo is not None else None, result=(one.result or one.closing or said) if slo is not None else None,
    )  # fmt: skip


def _share(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text.removesuffix("%")) / 100


def _written(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"

"""Pictures as inline SVG, drawn in percent of the space they get, so that they fit a phone and a sheet of paper alike.

Every quantity is drawn with a texture as well as a colour (solid, crossed, hatched, hollow), and stands in words beside the picture. No
string from outside enters one: only numbers and the fixed names below.
"""

from collections.abc import Mapping
from fractions import Fraction

from markupsafe import Markup

from agent.page.numbers import exactly, percent, share
from controls.tally import Result

CLASSES = {Result.MET: "met", Result.MISSED: "missed", Result.NOT_SHOWN: "not-shown", Result.NOTHING: "nothing"}
"""The style of each result; its word is the result itself."""

ORDER = (Result.MET, Result.NOTHING, Result.NOT_SHOWN, Result.MISSED)
"""How results are stacked: what is out of objective stands at the end where it meets the eye."""

MARKS = {
    "met": '<circle cx="8" cy="8" r="7.5"/><path class="cut" d="M4.4 8.3l2.5 2.6 4.8-5.4"/>',
    "missed": '<path d="M1 1h14v14H1z"/><path class="cut" d="M5 5l6 6M11 5l-6 6"/>',
    "not-shown": '<path d="M8 0l8 8-8 8-8-8z"/><path class="cut" d="M6 6.4a2 2 0 1 1 2.6 1.9L8 9.2v.7"/><path class="cut" d="M8 11.9v.2"/>',
    "nothing": '<circle class="line" cx="8" cy="8" r="6.5"/><path class="line" d="M5 8h6"/>',
    "complete": '<path d="M1 1h14v14H1z"/>',
    "partial": '<path class="line" d="M1.5 1.5h13v13h-13z"/><path d="M1 15V1h7v14z"/>',
    "empty": '<path class="line dashed" d="M1.5 1.5h13v13h-13z"/><path class="line" d="M5 5l6 6M11 5l-6 6"/>',
    "better": '<path d="M8 2l6 7H10v5H6V9H2z"/>',
    "worse": '<path d="M8 14l6-7H10V2H6v5H2z"/>',
    "same": '<path d="M2 5h12v2H2zM2 9h12v2H2z"/>',
}
"""Marks of 16 by 16, by shape: none is told from another by colour alone."""


def symbols() -> Markup:
    """The marks and textures, defined once per page; every picture refers to them."""
    marks = "".join(f'<symbol id="m-{name}" viewBox="0 0 16 16">{shape}</symbol>' for name, shape in MARKS.items())
    textures = (
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="tint" width="6" height="6"/><rect class="ink" width="2.4" height="6"/></pattern>'
        '<pattern id="cross" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="solid" width="6" height="6"/><path class="gap" d="M0 0h6M0 0v6"/></pattern>'
    )
    return Markup(f'<svg class="symbols" aria-hidden="true" focusable="false"><defs>{textures}</defs>{marks}</svg>')


def mark(name: str) -> Markup:
    """A mark beside its word; readers aloud are given the word alone."""
    return Markup(f'<svg class="mark {name}" aria-hidden="true" focusable="false"><use href="#m-{name}"/></svg>')


def place(value: Fraction) -> str:
    """A share of the space as SVG writes it: `97.5%`, with at most four decimals and no exponent."""
    text = f"{float(value * 100):.4f}".rstrip("0").rstrip(".")
    return f"{text}%"


def bar(low: str, high: str, slo: str) -> Markup:
    """A value's range against its objective: solid up to the lower end, hatched to the upper, a marker at the objective."""
    start, end, goal = share(low), share(high), share(slo)
    said = f"from {percent(start)} to {percent(end)} against an objective of {exactly(slo)}"
    held = "missed" if end < goal else "met" if start >= goal else "not-shown"
    parts = [f'<rect class="track" width="100%" height="{THICK}" y="8"/>']
    if start:
        parts.append(f'<rect class="fill {held}" width="{place(start)}" height="{THICK}" y="8"/>')
    if end > start:
        parts.append(f'<rect class="maybe" x="{place(start)}" width="{place(end - start)}" height="{THICK}" y="8"/>')
    parts.append(
        f'<svg class="goal" x="{place(goal)}"><path d="M0 7L-4.5 0h9z"/><path class="line" d="M0 6v{THICK + 5}"/></svg>'
    )
    return Markup(f'<svg class="range" role="img" aria-label="{said}">{"".join(parts)}</svg>')


THICK = 12
"""Pixels."""


def stack(counts: Mapping[Result, int]) -> Markup:
    """Counts side by side, in shares of their sum. Decorative: the counts stand beside it in words."""
    total, at, parts = sum(counts.values()), Fraction(0), []
    for result in ORDER:
        if number := counts.get(result, 0):
            width = Fraction(number, total)
            parts.append(f'<rect class="fill {CLASSES[result]}" x="{place(at)}" width="{place(width)}" height="100%"/>')
            at += width
    track = "" if parts else '<rect class="track" width="100%" height="100%"/>'
    return Markup(f'<svg class="stack" aria-hidden="true" focusable="false">{track}{"".join(parts)}</svg>')


def column(counts: Mapping[Result, int], most: int, *, empty: bool) -> Markup:
    """One cycle or sweep as a column, as tall as its share of `most`; one that was missed is an empty frame with a cross."""
    if empty:
        inside = '<rect class="absent" width="100%" height="100%"/><svg x="50%" y="50%"><path class="line" d="M-5-5L5 5M5-5L-5 5"/></svg>'
        return Markup(f'<svg class="column" aria-hidden="true" focusable="false">{inside}</svg>')
    at, parts = Fraction(1), []
    for result in ORDER:
        if number := counts.get(result, 0):
            height = Fraction(number, max(most, 1))
            at -= height
            parts.append(
                f'<rect class="fill {CLASSES[result]}" y="{place(at)}" width="100%" height="{place(height)}"/>'
            )
    floor = "" if parts else '<rect class="track" y="92%" width="100%" height="8%"/>'
    return Markup(f'<svg class="column" aria-hidden="true" focusable="false">{floor}{"".join(parts)}</svg>')


def stamp(word: str) -> Markup:
    """A word across the whole page, on the screen and on every printed sheet."""
    return Markup(
        '<svg class="stamp" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="stamp" width="560" height="300" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)">'
        f'<text x="20" y="120">{word}</text><text x="300" y="270">{word}</text></pattern></defs>'
        '<rect width="100%" height="100%" fill="url(#stamp)"/></svg>'
    )

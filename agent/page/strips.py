"""A cycle as a strip of days: one mark for each, told apart by height and texture as well as by colour."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup

from agent.page.pictures import place

STATES = {
    "complete": '<rect class="fill met" x="{x}" width="{w}" height="100%"/>',
    "partial": '<rect class="maybe" x="{x}" width="{w}" y="40%" height="60%"/>',
    "missed": '<rect class="absent" x="{x}" width="{w}" height="100%"/>',
    "open": '<rect class="track" x="{x}" width="{w}" y="88%" height="12%"/>',
}
"""Full and solid; low and hatched; an empty frame; a line on the ground."""
FILLED = Fraction(4, 5)
"""Of each place in the strip; the rest keeps it apart from the next."""


def strip(days: Sequence[str]) -> Markup:
    """The days of a cycle in order, each `complete`, `partial`, `missed` or `open`. Decorative: `counts` says it in words."""
    width = Fraction(1, max(len(days), 1))
    parts = (
        STATES[day].format(x=place(width * number), w=place(width * FILLED)) for number, day in enumerate(days)
    )  # fixed names and numbers only
    return Markup(f'<svg class="strip" aria-hidden="true" focusable="false">{"".join(parts)}</svg>')  # noqa: S704


def counts(days: Sequence[str]) -> str:
    """`28 complete, 1 partial, 1 missed`; what has not come yet is `to come`."""
    found = Counter(days)
    words = {"complete": "complete", "partial": "partial", "missed": "missed", "open": "to come"}
    return ", ".join(f"{found[state]} {word}" for state, word in words.items() if found[state]) or "none due"

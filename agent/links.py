"""The chain of a service's cycles: each names the manifest of the one before, so that none can be dropped, made again or re-ordered
under a later one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

import msgspec

from agent.errors import VerificationError
from agent.statement import Statement


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One sealed cycle, as its signed statement tells it."""

    service: str
    cycle: str
    start: datetime
    end: datetime
    manifest: str
    previous: str | None

    @classmethod
    def of(cls, statement: Statement) -> "Link":
        """The link that a statement makes."""
        said = statement.predicate
        return cls(
            service=said.service, cycle=said.cycle, start=said.start, end=said.end,
            manifest=statement.manifest, previous=said.previous,
        )  # fmt: skip


def chained(links: Iterable[Link], *, whole: bool) -> tuple[Link, ...]:
    """The cycles of one service in their order, held together; editions of one bundle are one link.

    With `whole` the first must have no cycle before it. Raises `VerificationError` where one is dropped, doubled or out of its order.
    """
    ordered = tuple(
        sorted({link.manifest: link for link in links}.values(), key=lambda link: (link.start, link.manifest))
    )
    if whole and ordered and ordered[0].previous is not None:
        raise VerificationError(f"a cycle before {ordered[0].cycle} of {ordered[0].service} was dropped")
    for one, other in pairwise(ordered):
        if one.cycle == other.cycle:
            raise VerificationError(f"there are two different bundles of {one.service} for {one.cycle}")
        if one.end > other.start:
            raise VerificationError(f"{one.cycle} and {other.cycle} of {one.service} overlap")
        if other.previous != one.manifest:
            raise VerificationError(
                f"{other.cycle} of {one.service} does not follow {one.cycle}: a cycle was dropped, re-ordered or made again"
            )
    return ordered


def witness(links: Sequence[Link], manifest: str, head: str | None) -> str | None:
    """In words, what stands against dropping or re-making the cycle with this manifest; `None` if nothing does.

    `head` is the manifest digest of some cycle, noted elsewhere. Raises `VerificationError` if it is of none of these.
    """
    digests = [link.manifest for link in links]
    if head is not None and head not in digests:
        raise VerificationError(f"the digest {head} is of none of the cycles here: one was dropped or made again")
    here = digests.index(manifest)
    if head is not None and digests.index(head) >= here:
        return "the digest that you gave stands against dropping or re-making it"
    if here + 1 < len(links):
        return f"the later cycle {links[here + 1].cycle} stands against dropping or re-making it"
    return None

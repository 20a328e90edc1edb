"""What the watches have in common: one for every account, region and kind, be its service on or off."""

from collections.abc import Iterator
from typing import Any

from collectors.aws.elements import arn
from collectors.collector import Item, Session, Unseen
from collectors.watching import Watch


def places(session: Session, *kinds: str) -> Iterator[Item]:
    """One item for each kind, made from the cell: that there is something to watch is known without a call."""
    return ({"AccountId": session.account, "RegionName": session.region, "Kind": kind} for kind in kinds)


def looks(session: Session, collector: str, kind: str) -> bool | None:
    """Whether the account's watch of that kind is on in the session's region, as a collector beside it has seen.

    Raises `Unseen` where that collector could not look.
    """
    found = session.seen(collector)
    if found is None:
        raise Unseen(collector)
    here = (one for one in found if isinstance(one, Watch) and (one.region, one.kind) == (session.region, kind))
    return next((one.enabled for one in here), None)


def watch(session: Session, service: str, kind: str, **facts: Any) -> Watch:
    """The watch of one kind over the cell's account and region, with what was learned of it."""
    return Watch(
        id=arn(session, service, kind.replace(" ", "-")), provider="aws", account=session.account, region=session.region,
        kind=kind, name=f"{kind} in {session.region}", managed_by="customer", **facts,
    )  # fmt: skip

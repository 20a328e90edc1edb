"""What a session writes down while it works on one listing or one item: the machinery turns it into evidence, gaps and calls."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from collectors.collector import Session
from collectors.gap import Reason
from collectors.sighting import Call


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One thing that was asked and not learned."""

    operation: str
    """`service.Operation` in the provider's words; empty if no call was made."""
    reason: Reason
    detail: str
    """The provider's error code or our own words, one line."""


@dataclass(kw_only=True)
class Notes:
    """The notebook of one listing or of one item. Only one thread writes in it at a time."""

    answers: list[tuple[str, Any]] = field(default_factory=list)
    """Operation and answer, as the SDK parsed it, of each `ask`."""
    failures: list[Failure] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    """HTTP exchanges; their subject is filled in when the item's id is known."""
    cites: list[str] = field(default_factory=list)
    listing: str = ""
    """The operation that the latest element of a listing came from."""

    @property
    def blank(self) -> bool:
        """Nothing was asked, and nothing failed: there is nothing to keep of it."""
        return not (self.answers or self.failures or self.calls or self.cites)


class NotedSession(Session, Protocol):
    """A session that keeps notes; what `visit` needs of each cloud's session."""

    notes: Notes

    def apart(self) -> "NotedSession":
        """The same session with an empty notebook, so that items can be described side by side."""
        ...

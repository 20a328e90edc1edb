"""Amazon Macie in one account and region: whether it looks for sensitive data in the object stores.

That a session is enabled and not paused is what is read; which jobs it runs, and what they found, is not.
"""

from collections.abc import Iterator

from collectors.aws.elements import text
from collectors.aws.watches import places, watch
from collectors.collector import Item, Session, collector
from collectors.watching import Watch

KIND = "data discovery"
OFF = ("NotEnabled",)
"""What `collectors.aws.faults` makes of Macie's way to say so: a refusal whose message differs from that of a real one."""
STATES = {"ENABLED": True, "PAUSED": False}


@collector(
    "aws.discoveries",
    sees=Watch,
    kinds=(KIND,),
    learns=("enabled",),
    moves=("updatedAt",),
    grants=("macie2:GetMacieSession",),
    where="region",
)
class Discoveries:
    """The data discovery of the cell, once."""

    def list(self, session: Session) -> Iterator[Item]:
        """One item."""
        return places(session, KIND)

    def describe(self, session: Session, item: Item) -> Watch:  # noqa: ARG002 - the item is the cell
        """One call."""
        answer = session.ask("macie2.GetMacieSession", absent=OFF)
        enabled = False if answer == {} else STATES.get(text(answer, "status") or "")
        return watch(session, "macie2", KIND, enabled=enabled)

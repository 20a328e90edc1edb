"""What one account's facts rest on in another account of the organisation: an administrator's analyzers, the organisation's own policies.

Each such question is asked once in a sweep, by whichever cell comes first (what an account is asked about itself and one region: once in a
cell); every item that needs the answer keeps it as its evidence, or has the gap. Only accounts in scope are asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from collectors.aws.gathered import CellSession, Gathered
from collectors.collector import Item

if TYPE_CHECKING:  # the wire loads the SDK, and the collectors, which name sessions, must not
    from collectors.aws.wire import Identity


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The other accounts of a sweep, and what was asked there."""

    identity: "Callable[[str], Identity]"
    """Who reads an account."""
    management: str | None = None
    """The account that the organisation is managed from; `None` without an organisation in scope."""
    accounts: frozenset[str] = frozenset()
    """Those in scope."""
    gathered: Gathered = field(default_factory=Gathered)


class OrganizationSession(CellSession, Protocol):
    """A session that also reads other accounts of the organisation. `AwsSession` is one."""

    management_account: str | None

    def elsewhere(
        self,
        account: str,
        operation: str,
        key: str = "",
        /,
        *,
        absent: tuple[str, ...] = (),
        region: str | None = None,
        only: Callable[[Item], bool] | None = None,
        mine: Callable[[Item], bool] | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """As `ask`, of another account (or of this one, where others ask the same); asked once in the sweep.

        With `key` it is a listing: the answer holds the elements of all pages, or `only` some of them for everybody who asks, and of these
        `mine` for who asks now. `region` is the session's own if not given.
        """
        ...

"""What the programme says of AWS, as a shape: `agent.programme.AwsScope` has it, and the imports keep going one way."""

from collections.abc import Sequence
from typing import Protocol


class Exclusion(Protocol):
    """An account or region that the programme leaves out, and why."""

    @property
    def reason(self) -> str:
        """Why, as reports print it."""
        ...

    @property
    def owner(self) -> str:
        """Who decided."""
        ...

    @property
    def account(self) -> str | None:
        """The account; `None` for a region of every account."""
        ...

    @property
    def region(self) -> str | None:
        """The region; `None` for the whole account."""
        ...


class Aggregator(Protocol):
    """An aggregator of AWS Config, and where it stands."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def account(self) -> str:
        """The account that has it."""
        ...

    @property
    def region(self) -> str:
        """The region in which it was made."""
        ...


class Scope(Protocol):
    """Which accounts and regions are looked at, and as whom."""

    @property
    def organization(self) -> str | None:
        """Its id; all of its accounts are then in scope, excluded with a reason, or unallocated."""
        ...

    @property
    def accounts(self) -> Sequence[str]:
        """Only these; without any, all of the organisation's, or without one the ambient account."""
        ...

    @property
    def role(self) -> str | None:
        """Name of the role that is assumed in every account; `None` for the ambient credentials in their own."""
        ...

    @property
    def external_id(self) -> str | None:
        """What the role's trust asks for."""
        ...

    @property
    def regions(self) -> Sequence[str]:
        """Only these of the enabled regions; without any, all."""
        ...

    @property
    def exclude(self) -> Sequence[Exclusion]:
        """What is left out, each with its reason."""
        ...

    @property
    def aggregator(self) -> Aggregator | None:
        """By which whole accounts are read at once; `None` to ask every service itself."""
        ...

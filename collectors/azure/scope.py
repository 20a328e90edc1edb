"""What the programme says of Azure, as a shape: `agent.programme.AzureScope` has it, and the imports keep going one way."""

from collections.abc import Sequence
from typing import Protocol


class Exclusion(Protocol):
    """A subscription that the programme leaves out, and why."""

    @property
    def subscription(self) -> str:
        """Its id."""
        ...

    @property
    def reason(self) -> str:
        """Why, as reports print it."""
        ...

    @property
    def owner(self) -> str:
        """Who decided."""
        ...


class Scope(Protocol):
    """Which subscriptions are looked at, in which cloud, and as whom."""

    @property
    def cloud(self) -> str:
        """A name of `collectors.azure.places.PLACES`."""
        ...

    @property
    def tenant(self) -> str | None:
        """Every subscription under its root management group is then in scope, excluded with a reason, or unallocated."""
        ...

    @property
    def management_group(self) -> str | None:
        """As `tenant`, for one management group of it."""
        ...

    @property
    def subscriptions(self) -> Sequence[str]:
        """Only these; without any, all of the group's, or without one all that the credentials list."""
        ...

    @property
    def credentials(self) -> str:
        """Which of the ways of `collectors.azure.credentials` to take."""
        ...

    @property
    def client_id(self) -> str | None:
        """Of a user-assigned managed identity or a workload identity."""
        ...

    @property
    def exclude(self) -> Sequence[Exclusion]:
        """What is left out, each with its reason."""
        ...

"""What the programme says of Google Cloud, as a shape: `agent.programme.GcpScope` has it, and the imports keep going one way."""

from collections.abc import Sequence
from typing import Protocol


class Exclusion(Protocol):
    """A project, or all that lies in a folder, which the programme leaves out, and why."""

    @property
    def reason(self) -> str:
        """Why, as reports print it."""
        ...

    @property
    def owner(self) -> str:
        """Who decided."""
        ...

    @property
    def project(self) -> str | None:
        """The project's id."""
        ...

    @property
    def folder(self) -> str | None:
        """The folder's number: every project in it, at any depth."""
        ...


class Scope(Protocol):
    """Which projects are looked at, and as whom."""

    @property
    def organization(self) -> str | None:
        """Its number; all of its projects are then in scope, excluded with a reason, or unallocated."""
        ...

    @property
    def folders(self) -> Sequence[str]:
        """Numbers of folders, where no organisation is named: all of their projects, as with an organisation."""
        ...

    @property
    def projects(self) -> Sequence[str]:
        """Only these ids; without any, all of the organisation's or folders', or without those the ambient project."""
        ...

    @property
    def domains(self) -> Sequence[str]:
        """The organisation's own domains besides its primary one."""
        ...

    @property
    def impersonate(self) -> str | None:
        """E-mail of the service account that is impersonated; `None` for the ambient identity itself."""
        ...

    @property
    def quota_project(self) -> str | None:
        """The project whose quota is used; `None` for that of the credentials."""
        ...

    @property
    def exclude(self) -> Sequence[Exclusion]:
        """What is left out, each with its reason."""
        ...

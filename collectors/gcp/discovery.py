"""Discovery: which projects there are, which of them are in scope, and what lies above them.

What cannot be found out is a gap in the discovery cell `gcp.organization` (or, for one declared project, `gcp.enabled_regions`), which
concerns every check; nothing that the world does ends discovery. An account is a project, by its id; a region is not a place to look
in, since the inventory is not divided so: every cell is `global`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.collector import Cell
from collectors.gap import Gap, Reason
from collectors.gcp.elements import text
from collectors.gcp.inventory import Inventory, Shelf
from collectors.gcp.lineage import LEVELS
from collectors.gcp.scope import Scope
from collectors.gcp.session import RESOURCE
from collectors.gcp.territory import Territory
from collectors.gcp.wire import OPERATION, Wire
from collectors.notes import Failure
from collectors.redaction import Redactor
from collectors.sighting import Call, Estate, Member

UNDECIDED = "neither in scope nor excluded with a reason"


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """One project as the inventory, or else the scope, names it."""

    project: str
    name: str | None = None
    open: bool = True
    above: tuple[str, ...] = ()


class Discovery:
    """One discovery. `estate` is called once, and fills the territory."""

    def __init__(
        self, scope: Scope, wire: Wire, inventory: Inventory, redactor: Redactor, territory: Territory
    ) -> None:
        self._scope = scope
        self._wire = wire
        self._inventory = inventory
        self._redactor = redactor
        self._territory = territory
        self._gaps: list[Gap] = []
        self._calls: list[Call] = []
        self._read = ""

    def estate(self) -> Estate:
        """Projects, their states, and gaps."""
        failure = self._wire.ready()
        if failure is not None:
            self._gap(self._place, "organization", failure)
        self._territory.roots = self._roots()
        self._territory.domains = frozenset(domain.lower() for domain in self._scope.domains) or None
        if failure is None and not self._territory.roots:
            nothing = Failure(operation="", reason=Reason.NO_ROLE, detail="no project in the scope or the credentials")
            self._gap(self._place, "organization", nothing)
        listed = {} if failure else self._listed()
        for project in self._declared() - listed.keys():
            listed[project] = _Listed(project=project)
        members = tuple(self._member(listed[project]) for project in sorted(listed))
        return Estate(
            provider="gcp", organization=self._scope.organization, management_account=None, members=members,
            gaps=tuple(sorted(set(self._gaps))), calls=tuple(self._calls),
            read=datetime.fromisoformat(self._read) if self._read else None,
        )  # fmt: skip

    @property
    def _place(self) -> str:
        """What gaps of the whole discovery are named after."""
        folders = ".".join(self._scope.folders)
        return self._scope.organization or folders or self._wire.project or "unknown"

    def _roots(self) -> tuple[str, ...]:
        if self._scope.organization:
            return (f"organizations/{self._scope.organization}",)
        if self._scope.folders:
            return tuple(f"folders/{folder}" for folder in self._scope.folders)
        return tuple(f"projects/{project}" for project in sorted(self._named()))

    def _named(self) -> set[str]:
        """Projects that the scope looks at by name, or else the ambient one."""
        return set(self._scope.projects) or {self._wire.project or ""} - {""}

    def _declared(self) -> set[str]:
        """Projects that must appear whatever the inventory says."""
        whole = self._scope.organization or self._scope.folders
        excluded = {one.project for one in self._scope.exclude if one.project}
        return (set(self._scope.projects) if whole else self._named()) | excluded

    def _listed(self) -> dict[str, _Listed]:
        found: dict[str, _Listed] = {}
        whole = True
        for root in self._territory.roots:
            for collection in LEVELS:
                shelf = self._inventory.shelf(root, LEVELS[collection], RESOURCE)
                self._noted(root, shelf)
                whole = whole and shelf.failure is None
                for owner in sorted(shelf.frames):
                    for asset in shelf.assets(owner):
                        self._took(root, collection, asset, found)
        if not whole or not found:
            return found
        if self._scope.organization:
            self._territory.projects = frozenset(found)
        return found

    def _took(self, root: str, collection: str, asset: dict[str, Any], found: dict[str, _Listed]) -> None:
        """Remember one project, folder or organisation."""
        territory, values = self._territory, asset.get("resource", {}).get("data", {})
        name = asset["name"].removeprefix("//cloudresourcemanager.googleapis.com/")
        territory.root_of[name] = root
        if collection == "organizations":
            domain = text(values, "displayName")
            if domain and "." in domain:
                territory.domains = frozenset({domain.lower(), *(territory.domains or ())})
        if collection != "projects":
            number = name.split("/", 1)[1]
            territory.owners[number] = name
            left_out = {f"folders/{one.folder}" for one in self._scope.exclude if one.folder}
            if not left_out & {name, *asset["ancestors"]}:
                territory.above += (number,)
            return
        project = text(values, "projectId")
        if project is None:
            self._gap(self._place, "organization", _malformed("a project without an id"))
            return
        territory.owners[project] = name
        territory.ids |= {name: project, f"projects/{project}": project}
        title = text(values, "name") or text(values, "displayName")
        state = text(values, "lifecycleState") or text(values, "state")
        found[project] = _Listed(
            project=project, name=self._redactor.text(title) if title else None,
            open=state not in {"DELETE_REQUESTED", "DELETE_IN_PROGRESS"}, above=tuple(asset["ancestors"]),
        )  # fmt: skip

    def _member(self, listed: _Listed) -> Member:
        """How the scope takes one project."""
        if not listed.open:
            return Member(account=listed.project, name=listed.name, state="closed", reason="deletion requested")
        for one in self._scope.exclude:
            if one.project == listed.project or (one.folder and f"folders/{one.folder}" in listed.above):
                return Member(
                    account=listed.project, name=listed.name, state="excluded", reason=one.reason, owner=one.owner
                )
        whole = self._scope.organization or self._scope.folders
        if whole and self._scope.projects and listed.project not in self._scope.projects:
            failure = Failure(operation="", reason=Reason.UNALLOCATED, detail=UNDECIDED)
            self._gap(listed.project, "organization", failure)
            return Member(account=listed.project, name=listed.name, state="unallocated")
        if listed.project not in self._territory.owners and not self._gaps:
            self._gap(listed.project, "enabled_regions", _malformed("a project that the inventory does not hold"))
        return Member(account=listed.project, name=listed.name, state="in scope", regions=("global",))

    def _noted(self, root: str, shelf: Shelf) -> None:
        self._calls += shelf.calls
        self._read = self._read or shelf.read
        if shelf.failure is not None:
            kind, _, name = root.partition("/")
            place = "enabled_regions" if kind == "projects" else "organization"
            self._gap(name, place, shelf.failure)

    def _gap(self, account: str, place: str, failure: Failure) -> None:
        cell = Cell(provider="gcp", account=account, region="global", collector=f"gcp.{place}")
        self._gaps.append(
            Gap(cell=cell.key, operation=failure.operation, subject="", reason=failure.reason, detail=failure.detail)
        )


def _malformed(words: str) -> Failure:
    return Failure(operation=OPERATION, reason=Reason.MALFORMED, detail=words)

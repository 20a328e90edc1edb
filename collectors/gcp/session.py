"""What a collector may do in one cell of Google Cloud: `collectors.collector.Session`, and shorter words for an inventory."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from collectors.collector import Item, Unseen
from collectors.gap import Reason
from collectors.gcp.inventory import OWNER, Inventory, Shelf
from collectors.gcp.territory import Territory
from collectors.gcp.wire import OPERATION
from collectors.notes import Failure, Notes
from collectors.resource import Resource
from collectors.sighting import Call

T = TypeVar("T")

RESOURCE, IAM_POLICY, ORG_POLICY = "RESOURCE", "IAM_POLICY", "ORG_POLICY"
ACCESS_POLICY, OS_INVENTORY = "ACCESS_POLICY", "OS_INVENTORY"
ABOVE = "lies above the scope"
"""A gap's words where a policy that is inherited stands on a folder or organisation which the programme does not name."""


@dataclass(kw_only=True)
class _Joined:
    """What the items of one cell ask for besides themselves, worked out once."""

    memo: dict[tuple[str, str], Any] = field(default_factory=dict)
    calls: dict[tuple[str, str, str], list[Call]] = field(default_factory=dict)
    """The exchange that said that there is no more of each."""
    lock: threading.RLock = field(default_factory=threading.RLock)


def _by_name(assets: Iterator[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {asset["name"]: asset for asset in assets}


def _by_parent(index: Mapping[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """`a/keys/1` under `a`."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, asset in index.items():
        found[name.rsplit("/", 2)[0]].append(asset)
    return found


class GcpSession:
    """One cell's session. `apart` gives each item its own, with its own notes, so that items are described side by side."""

    partition = "gcp"

    def __init__(
        self, *, inventory: Inventory, territory: Territory, account: str, region: str,
        seen: Mapping[str, tuple[Resource, ...] | None], joined: _Joined | None = None,
    ) -> None:  # fmt: skip
        self.account = account
        self.region = region
        self.territory = territory
        self.organization_accounts = territory.projects
        self.notes = Notes()
        self._inventory = inventory
        self._seen = seen
        self._joined = joined or _Joined()

    def apart(self) -> "GcpSession":
        """The same cell's session with an empty notebook."""
        return GcpSession(
            inventory=self._inventory, territory=self.territory, account=self.account, region=self.region, seen=self._seen,
            joined=self._joined,
        )  # fmt: skip

    @property
    def owner(self) -> str:
        """The cell's project, folder or organisation as assets name it: `projects/<number>`. Raises `Unseen` if discovery missed it."""
        owner = self.territory.owners.get(self.account)
        if owner is None:
            self._note(Reason.UNREACHABLE, f"{self.account} was not found")
            raise Unseen(f"{self.account} was not found")
        return owner

    def pages(self, operation: str, key: str, /, **parameters: Any) -> Iterator[Item]:
        """Assets of the cell's owner: `pages("cloudasset.ListAssets", "assets", assetType=..., contentType=...)`."""
        if (operation, key) != (OPERATION, "assets"):
            raise ValueError(f"{operation} is not what Google Cloud is read through")
        return self.assets(parameters["assetType"], parameters.get("contentType", RESOURCE))

    def ask(
        self,
        operation: str,
        /,
        *,
        absent: tuple[str, ...] = (),  # noqa: ARG002 - an inventory has no error codes of its own for absence
        gone: tuple[str, ...] = (),  # noqa: ARG002
        region: str | None = None,  # noqa: ARG002
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """One asset by name, as evidence: `{}` if the inventory has none such, `None` and a gap if that was not learned."""
        if operation != OPERATION:
            raise ValueError(f"{operation} is not what Google Cloud is read through")
        found = self.named(parameters["assetType"], parameters["contentType"], parameters["name"])
        if found:
            self.notes.answers.append((operation, found))
        return found

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        """What a needed collector saw; `None`, and a gap of this item, if any cell of it has a gap."""
        resources = self._seen.get(collector)
        if resources is None:
            self.notes.failures.append(Failure(operation="", reason=Reason.NEEDS, detail=collector))
        return resources

    def cite(self, resource: Resource) -> None:
        """Say that a joined fact of the item at hand came from that resource."""
        self.notes.cites.append(resource.id)

    def assets(self, asset_type: str, content: str = RESOURCE) -> Iterator[dict[str, Any]]:
        """Every asset of that type which the cell's owner has. Raises `Unseen` where the listing could not be read to its end."""
        owner = self.owner
        shelf = self._shelf(owner, asset_type, content)
        if shelf is None:
            raise Unseen(ABOVE)
        self.notes.calls += shelf.evidence(owner)
        self.notes.listing = OPERATION
        yield from shelf.assets(owner)
        if shelf.failure is not None:
            self.notes.failures.append(shelf.failure)
            raise Unseen(shelf.failure.detail)

    def known(self, asset_type: str) -> Iterator[dict[str, Any]]:
        """As `assets`, then those of which only an IAM policy is listed: the inventory is eventually consistent, either may come first."""
        listed = set()
        for asset in self.assets(asset_type):
            listed.add(asset["name"])
            yield asset
        for asset in self.loose(asset_type, IAM_POLICY):
            if asset["name"] not in listed:
                yield {key: value for key, value in asset.items() if key != "iamPolicy"}

    def loose(self, asset_type: str, content: str = RESOURCE) -> Iterator[dict[str, Any]]:
        """Assets of a listing that another one rests on; none where it was not learned, which whoever asks by item is told."""
        shelf = self._shelf(self.owner, asset_type, content)
        return iter(()) if shelf is None or shelf.failure is not None else shelf.assets(self.owner)

    def policy(self, item: Item) -> dict[str, Any] | None:
        """The IAM policy that stands on the item itself, as evidence; `{}` for none, `None` and a gap if not learned."""
        found = self.own(item["assetType"], IAM_POLICY, item["name"])
        return None if found is None else dict(found.get("iamPolicy", {}))

    def own(self, asset_type: str, content: str, name: str) -> dict[str, Any] | None:
        """One of the cell's own assets by its full name, as evidence; `{}` and `None` as `ask`."""
        found = self.named(asset_type, content, name, owner=self.owner)
        if found:
            self.notes.answers.append((OPERATION, found))
        return found

    def named(self, asset_type: str, content: str, name: str, owner: str | None = None) -> dict[str, Any] | None:
        """One asset by its full name, which is not kept as evidence; `{}` and `None` as `ask`."""
        whose = owner or self._owner_of(name)
        if self.territory.root(whose) is None:  # a name may call a project by what discovery does not know
            near = (self._index(self.owner, asset_type, content) or {}).get(name)
            if near is not None:
                return near
        index = self._index(whose, asset_type, content)
        return None if index is None else index.get(name, {})

    def of(self, level: str, asset_type: str) -> tuple[dict[str, Any], ...] | None:
        """The assets of a type that stand on one project, folder or organisation, as evidence; `None` and a gap if not learned."""
        index = self._index(level, asset_type, RESOURCE)
        if index is None:
            return None
        self.notes.answers += ((OPERATION, asset) for asset in index.values())
        return tuple(index.values())

    def anywhere(self, asset_type: str, name: str, content: str = RESOURCE) -> dict[str, Any] | None:
        """One asset whose name does not say where it lies, of any project under the same root; `{}` and `None` as `ask`."""
        owner = self.owner
        shelf = self._shelf(owner, asset_type, content)
        return None if shelf is None else self.named(asset_type, content, name, owner=shelf.homes.get(name, owner))

    def under(self, asset_type: str, parent: str) -> tuple[dict[str, Any], ...] | None:
        """The cell's assets of a type that are part of another one, as evidence; `None` and a gap if not learned."""
        index = self._index(self.owner, asset_type, RESOURCE)
        if index is None:
            return None
        found = self.once(self.owner, f"parts {asset_type}", lambda: _by_parent(index)).get(parent, ())
        self.notes.answers += ((OPERATION, asset) for asset in found)
        return tuple(found)

    def once(self, level: str, what: str, make: Callable[[], T]) -> T:
        """Something that is worked out of one level's assets, for every item that asks: by the cell, or above projects by the sweep."""
        memo = self._joined.memo if level.startswith("projects/") else self._inventory.memo
        with self._joined.lock:
            if (level, what) not in memo:
                memo[level, what] = make()
            found: T = memo[level, what]
            return found

    def unlearned(self, words: str) -> None:
        """Note what the answers at hand do not tell, in our words: a gap of the item."""
        self._note(Reason.UNSUPPORTED, words)

    def joined(self) -> tuple[Call, ...]:
        """The exchanges behind what the items of the cell asked for besides, each once."""
        calls = self._joined.calls
        return tuple(dict.fromkeys(call for key in sorted(calls) for call in calls[key]))

    def _owner_of(self, name: str) -> str:
        """Whose asset a full name is: of the project, folder or organisation that it names, else of the cell's."""
        found = OWNER.search(name)
        return self.owner if found is None else self.known_as(found[0])

    def known_as(self, owner: str) -> str:
        """`projects/<number>` of a project by either name; what is not known stays as it is."""
        project = self.territory.ids.get(owner)
        return self.territory.owners.get(project, owner) if project else owner

    def worked_out(
        self, what: str, asset_type: str, content: str, make: Callable[[Iterator[Any]], T], owner: str | None = None, *,
        raw: bool = False,
    ) -> T | None:  # fmt: skip
        """Something made once of all of an owner's assets of a type (the cell's, unless named); `None` and a gap if not learned.

        `raw` gives them as protocol buffers.
        """
        owner = owner or self.owner
        shelf = self._shelf(owner, asset_type, content)
        if shelf is None:
            return None
        key = (owner, asset_type, content)
        with self._joined.lock:
            self._joined.calls[key] = shelf.calls[-1:]
        if shelf.failure is not None:
            self.notes.failures.append(shelf.failure)
            return None
        return self.once(
            owner, f"{what} of {content} {asset_type}", lambda: make((shelf.messages if raw else shelf.assets)(owner))
        )

    def read_time(self, asset_type: str, content: str = RESOURCE) -> str:
        """When a listing was true, as RFC 3339; empty for one that brought nothing."""
        shelf = self._shelf(self.owner, asset_type, content)
        return shelf.read if shelf is not None else ""

    def _index(self, owner: str, asset_type: str, content: str) -> dict[str, dict[str, Any]] | None:
        return self.worked_out("index", asset_type, content, _by_name, owner)

    def _shelf(self, owner: str, asset_type: str, content: str) -> Shelf | None:
        root = self.territory.root(owner)
        if root is None:
            self._note(Reason.UNALLOCATED, f"{owner} {ABOVE}")
            return None
        return self._inventory.shelf(root, asset_type, content)

    def _note(self, reason: Reason, detail: str) -> None:
        self.notes.failures.append(Failure(operation="", reason=reason, detail=detail))

"""Discovery: which subscriptions there are, and which of them are in scope.

The management group's own list of descendants says which subscriptions exist, loudly where it may not be read; the list of what the
credentials see says which are open, and which of the first they cannot read. What cannot be found out is a gap in a discovery cell.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from collectors.azure.pages import Broken, linked_pages, rows_of
from collectors.azure.scope import Exclusion, Scope
from collectors.azure.wire import Wire
from collectors.collector import Cell
from collectors.gap import Gap, Reason
from collectors.notes import Failure
from collectors.redaction import Redactor
from collectors.sighting import Call, Estate, Member

CLOSED = frozenset({"disabled", "deleted", "expired"})
"""States of a subscription in which nothing runs."""


class Discovery:
    """One discovery. `estate` is called once."""

    def __init__(self, scope: Scope, wire: Wire, redactor: Redactor) -> None:
        self.tenant = scope.tenant.lower() if scope.tenant else None
        """The tenant; the credentials' own where the scope does not say."""
        self._scope = scope
        self._wire = wire
        self._redactor = redactor
        self._gaps: set[Gap] = set()
        self._calls: list[Call] = []

    def estate(self) -> Estate:
        """Subscriptions, how the scope takes each, and gaps."""
        visible = self._visible()
        names = self._names(visible or {})
        members = tuple(self._member(one, names[one], visible) for one in sorted(names))
        self.tenant = self.tenant or self._only_tenant(members, visible or {})
        return Estate(
            provider="azure", organization=self._group, management_account=self.tenant, members=members,
            gaps=tuple(sorted(self._gaps)), calls=tuple(self._calls), read=_instant(self._calls),
        )  # fmt: skip

    @property
    def _group(self) -> str | None:
        """The management group that is looked at; a tenant's root group has the tenant's id."""
        return self._scope.management_group or (self.tenant if self._scope.tenant else None)

    def _visible(self) -> dict[str, Mapping[str, Any]] | None:
        """What the credentials see, by id; `None` if that could not be read to its end."""
        operation = "arm.Subscriptions"
        found: dict[str, Mapping[str, Any]] = {}
        try:
            for page in linked_pages(self._wire, operation, self._calls):
                for one in rows_of(page):
                    found[str(one["subscriptionId"]).lower()] = one
        except KeyError:
            self._gap(operation, Reason.MALFORMED, "a subscription without an id")
            return None
        except Broken as broken:
            self._failed(broken.failure)
            return None
        if not found:
            self._gap(operation, Reason.DENIED, "no subscription is visible to these credentials")
        return found

    def _only_tenant(self, members: tuple[Member, ...], visible: Mapping[str, Mapping[str, Any]]) -> str | None:
        """The tenant of all subscriptions in scope; with several, nobody knows whose users are meant: a gap."""
        rows = [visible.get(one.account, {}) for one in members if one.state == "in scope"]
        tenants = {str(row["tenantId"]).lower() for row in rows if row.get("tenantId")}
        if len(tenants) > 1:
            self._gap("arm.Subscriptions", Reason.UNSUPPORTED, "subscriptions of several tenants in one scope")
        return tenants.pop() if len(tenants) == 1 else None

    def _names(self, visible: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
        """Every subscription that the scope speaks of, with its name."""
        declared = {one.lower() for one in self._scope.subscriptions} | self._excluded.keys()
        said = {one: _name(row) for one, row in visible.items()}
        if self._group:
            listed = self._descendants()
            if listed:
                named = {one.lower() for one in self._scope.subscriptions}
                return {**{one: said.get(one) for one in named}, **listed}
            declared |= {one for one, row in visible.items() if str(row.get("tenantId")).lower() == self.tenant}
        elif not self._scope.subscriptions:
            declared |= visible.keys()
        return {one: said.get(one) for one in declared}

    def _descendants(self) -> dict[str, str | None]:
        """The subscriptions under the management group, as far as they can be listed."""
        operation = "arm.Descendants"
        found: dict[str, str | None] = {}
        try:
            for page in linked_pages(self._wire, operation, self._calls, group=str(self._group)):
                for one in rows_of(page):
                    if str(one.get("type", "")).lower().endswith("/subscriptions"):
                        found[str(one["name"]).lower()] = _name(one.get("properties") or {})
        except KeyError:
            self._gap(operation, Reason.MALFORMED, "a subscription without an id")
        except Broken as broken:
            self._failed(broken.failure)
        else:
            if not found:
                self._gap(operation, Reason.MALFORMED, "a management group without subscriptions")
        return found

    @property
    def _excluded(self) -> dict[str, Exclusion]:
        return {one.subscription.lower(): one for one in self._scope.exclude}

    def _member(self, account: str, name: str | None, visible: Mapping[str, Mapping[str, Any]] | None) -> Member:
        """How the scope takes one subscription."""
        shown = self._redactor.text(name) if name else None
        row = (visible or {}).get(account)
        named = {one.lower() for one in self._scope.subscriptions}
        excluded = self._excluded.get(account)
        if row is not None and str(row.get("state")).lower() in CLOSED:
            return Member(account=account, name=shown, state="closed", reason=f"{row['state']}".lower())
        if excluded is not None:
            return Member(account=account, name=shown, state="excluded", reason=excluded.reason, owner=excluded.owner)
        if self._group and named and account not in named:
            self._gap("", Reason.UNALLOCATED, "neither in scope nor excluded with a reason", account=account)
            return Member(account=account, name=shown, state="unallocated")
        if visible is not None and row is None:
            self._gap(
                "arm.Subscriptions",
                Reason.NO_ROLE,
                "not visible to these credentials",
                account=account,
                of="enabled_regions",
            )
        return Member(account=account, name=shown, state="in scope", regions=("global",))

    def _failed(self, failure: Failure) -> None:
        self._gap(failure.operation, failure.reason, failure.detail)

    def _gap(self, operation: str, reason: Reason, detail: str, *, account: str = "", of: str = "organization") -> None:
        place = account or self._group or self.tenant or "unknown"
        cell = Cell(provider="azure", account=place, region="global", collector=f"azure.{of}")
        self._gaps.add(Gap(cell=cell.key, operation=operation, subject="", reason=reason, detail=detail))


def _name(row: Mapping[str, Any]) -> str | None:
    found = row.get("displayName")
    return found if isinstance(found, str) and found else None


def _instant(calls: list[Call]) -> datetime | None:
    """When Azure says that the first answer was given."""
    for call in calls:
        if call.date:
            try:
                return parsedate_to_datetime(call.date).astimezone(UTC)
            except ValueError:
                return None
    return None

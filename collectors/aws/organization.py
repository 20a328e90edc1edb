"""Discovery: which accounts there are, which of them are in scope, and which regions they have enabled.

What cannot be found out is a gap in a discovery cell (`aws.organization`, `aws.enabled_regions`), which concerns every check;
nothing that the world does ends discovery.
"""

import re
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from collectors.aws.closing import closed
from collectors.aws.elsewhere import Elsewhere
from collectors.aws.identities import Identities
from collectors.aws.scope import Scope
from collectors.aws.session import AwsSession
from collectors.aws.wire import Identity, Wire
from collectors.collector import Cell, Unseen
from collectors.gap import Gap, Reason
from collectors.notes import Failure
from collectors.redaction import Redactor
from collectors.sighting import Call, Estate, Member

NOBODY = frozenset({Reason.NO_ROLE})
"""Without an identity no other region says more."""
_CALLER = re.compile(r"arn:([a-z-]+):(?:iam|sts)::(\d{12}):.+")
"""Partition and account of an identity."""


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """One account as the organisation, or else the scope, names it."""

    account: str
    name: str | None = None
    open: bool = True


class Discovery:
    """One discovery. `estate` is called once."""

    def __init__(self, scope: Scope, wire: Wire, identities: Identities, redactor: Redactor) -> None:
        self.organization_accounts: frozenset[str] | None = None
        """Every account that is ours; `None` if the organisation could not be read to its end."""
        self._scope = scope
        self._wire = wire
        self._identities = identities
        self._redactor = redactor
        self._gaps: list[Gap] = []
        self._calls: list[Call] = []
        self._management: str | None = None
        self.elsewhere = Elsewhere(identity=identities.of)
        """What was asked of the management account so far."""

    def estate(self, pool: Executor) -> Estate:
        """Accounts, regions and gaps. Regions are asked side by side on `pool`."""
        self._who_are_we()
        listed = self._organization() if self._scope.organization else self._declared()
        readable = frozenset({self._management or ""} - {""} - self._passed_over())
        self.elsewhere = replace(self.elsewhere, management=self._management, accounts=readable)
        members = tuple(pool.map(self._member, sorted(listed, key=lambda one: one.account)))
        for member, gaps, calls in members:
            self._gaps += gaps
            self._calls += (*calls, *self._identities.drained(member.account))
        return Estate(
            provider="aws",
            organization=self._scope.organization,
            management_account=self._management,
            members=tuple(member for member, _, _ in members),
            gaps=tuple(sorted(self._gaps)),
            calls=tuple(self._calls),
            read=_instant(self._calls),
        )

    def _who_are_we(self) -> None:
        """The ambient account and its partition; a gap, as the first door gave it, if nobody can say."""
        ambient = self._identities.ambient
        *others, last = self._identities.doors()
        why: list[Failure] = []
        for door in (*others, last):
            session = self._session(ambient, door)
            answer = session.ask("sts.GetCallerIdentity")
            why = why or session.notes.failures
            if door == last or answer is not None or NOBODY & {one.reason for one in session.notes.failures}:
                break
            self._calls += session.notes.calls
        session.notes.failures = why if answer is None else []
        said = _CALLER.fullmatch(str(answer.get("Arn"))) if answer is not None else None
        if said is not None:
            self._identities.partition, ambient.account = said.groups()
        elif answer is not None:
            _malformed(session, "sts.GetCallerIdentity", "no account in the answer")
        self._noted(session)

    def _organization(self) -> list[_Listed]:
        """Every account of the organisation that the scope names; else what the scope names by itself."""
        operation = "organizations.DescribeOrganization"
        session = self._session(self._identities.ambient, "global")
        answer = session.ask(operation)
        found = (answer or {}).get("Organization") or {}
        listed: list[_Listed] = []
        if found.get("Id") == self._scope.organization:
            self._management = found.get("MasterAccountId")
            listed = self._accounts(session)
        elif found.get("Id"):
            failure = Failure(operation=operation, reason=Reason.NO_ROLE, detail="credentials of another organization")
            session.notes.failures.append(failure)
        elif answer is not None:
            _malformed(session, operation, "no organization in the answer")
        self._noted(session)
        return listed or self._declared()

    def _accounts(self, session: AwsSession) -> list[_Listed]:
        """Accounts as far as they can be listed; only to the end of the listing is the organisation known."""
        operation = "organizations.ListAccounts"
        listed: list[_Listed] = []
        try:
            for entry in session.pages(operation, "Accounts"):
                if not entry.get("Id"):
                    _malformed(session, operation, "an account without an id")
                    return listed
                state = entry.get("State") or entry.get("Status")
                name = self._redactor.text(str(entry["Name"])) if entry.get("Name") else None
                opened = state not in {"SUSPENDED", "PENDING_CLOSURE", "CLOSED"}
                listed.append(_Listed(account=str(entry["Id"]), name=name, open=opened))
        except Unseen:
            return listed
        if not listed:
            _malformed(session, operation, "an organization without accounts")
            return listed
        self.organization_accounts = frozenset(one.account for one in listed)
        return listed

    def _declared(self) -> list[_Listed]:
        """The accounts that the scope names, or the ambient one, and those that it excludes."""
        named = set(self._scope.accounts) or {self._identities.ambient.account} - {""}
        excluded = {one.account for one in self._scope.exclude if one.account and not one.region}
        if not self._scope.organization:
            self.organization_accounts = frozenset(named | excluded | {self._identities.ambient.account} - {""})
        return [_Listed(account=account) for account in named | excluded]

    def _member(self, listed: _Listed) -> tuple[Member, list[Gap], list[Call]]:
        """How the scope takes one account, with its regions if it is looked at."""
        account = listed.account
        excluded = next((one for one in self._scope.exclude if one.account == account and not one.region), None)
        if not listed.open:
            return Member(account=account, name=listed.name, state="closed", reason="suspended or closing"), [], []
        if excluded is not None:
            member = Member(
                account=account, name=listed.name, state="excluded", reason=excluded.reason, owner=excluded.owner
            )
            return member, [], []
        if self._scope.organization and self._scope.accounts and account not in self._scope.accounts:
            failure = Failure(
                operation="", reason=Reason.UNALLOCATED, detail="neither in scope nor excluded with a reason"
            )
            return (
                Member(account=account, name=listed.name, state="unallocated"),
                [_gap(account, "aws.organization", failure)],
                [],
            )
        return self._in_scope(listed)

    def _passed_over(self) -> set[str]:
        """Accounts of the organisation in which nothing is asked."""
        excluded = {one.account for one in self._scope.exclude if one.account and not one.region}
        unnamed = {self._management} - set(self._scope.accounts) if self._scope.accounts else set()
        return {account for account in excluded | unnamed if account}

    def _in_scope(self, listed: _Listed) -> tuple[Member, list[Gap], list[Call]]:
        session = self._session(self._identities.of(listed.account), "global")
        enabled, failures = self._enabled(session)
        left_out = {one.region for one in self._scope.exclude if one.region and one.account in {None, listed.account}}
        wanted = set(self._scope.regions) & enabled if self._scope.regions else enabled
        role = f"arn:{self._identities.partition}:iam::{listed.account}:role/{self._scope.role}"
        shut = closed(session, listed.account, role if self._scope.role else None, wanted - left_out)
        member = Member(
            account=listed.account, name=listed.name, state="in scope",
            regions=tuple(sorted(wanted - left_out - {one.region for one in shut})),
            regions_excluded=tuple(sorted(wanted & left_out)), regions_closed=shut,
        )  # fmt: skip
        return member, [_gap(listed.account, "aws.enabled_regions", one) for one in failures], session.notes.calls

    def _enabled(self, session: AwsSession) -> tuple[set[str], list[Failure]]:
        """Enabled regions, from the first door that tells; else those that the scope names, so that what can be seen is seen, and why not
        all are known.
        """
        why: list[Failure] = []
        for door in self._identities.doors():
            asked = session.apart()
            regions = _regions(asked, door)
            session.notes.calls += asked.notes.calls
            if not asked.notes.failures:
                return regions, []
            why = why or asked.notes.failures
            if NOBODY & {one.reason for one in asked.notes.failures}:
                return set(), why
        return set(self._scope.regions), why

    def _session(self, identity: Identity, region: str) -> AwsSession:
        return AwsSession(
            wire=self._wire, identity=identity, region=region, partition=self._identities.partition, organization_accounts=None, seen={},
            elsewhere=self.elsewhere,
        )  # fmt: skip

    def _noted(self, session: AwsSession) -> None:
        place = self._scope.organization or self._identities.ambient.account or "unknown"
        self._gaps += (_gap(place, "aws.organization", failure) for failure in session.notes.failures)
        self._calls += session.notes.calls


def _regions(session: AwsSession, door: str) -> set[str]:
    """The regions that are enabled, as one of them tells; the session has noted why there are none."""
    operation = "ec2.DescribeRegions"
    try:
        regions = {str(one.get("RegionName", "")) for one in session.pages(operation, "Regions", region=door)}
    except Unseen:
        return set()
    if not regions or "" in regions:
        _malformed(session, operation, "regions without names")
    return regions


def _malformed(session: AwsSession, operation: str, detail: str) -> None:
    session.notes.failures.append(Failure(operation=operation, reason=Reason.MALFORMED, detail=detail))


def _gap(account: str, collector: str, failure: Failure) -> Gap:
    cell = Cell(provider="aws", account=account, region="global", collector=collector)
    return Gap(cell=cell.key, operation=failure.operation, subject="", reason=failure.reason, detail=failure.detail)


def _instant(calls: Iterable[Call]) -> datetime | None:
    """When the provider says that the first answer was given."""
    for call in calls:
        if call.date:
            try:
                return parsedate_to_datetime(call.date).astimezone(UTC)
            except ValueError:
                return None
    return None

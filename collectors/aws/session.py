"""What a collector may do in one AWS cell: `collectors.collector.Session`, with a notebook."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from collectors.aws.administered import Delegated, told
from collectors.aws.aggregate import SELECT, Aggregate
from collectors.aws.aside import Aside
from collectors.aws.bucket_settings import BucketSettings
from collectors.aws.census import Census
from collectors.aws.elsewhere import Elsewhere
from collectors.aws.gathered import Gathered, Keep, Reading, indexed
from collectors.aws.paging import PAGE_SIZES, UNLISTED_PAGING, Broken, elements, following
from collectors.aws.places import GLOBAL_SERVICES, home
from collectors.aws.wire import Identity, Reply, Wire
from collectors.collector import Gone, Item, Unseen
from collectors.gap import Reason
from collectors.notes import Failure, Notes
from collectors.resource import Resource

NOT_IN_SCOPE = "an account that is not in scope"
READS = re.compile(r"[a-z][a-z0-9-]*\.(?:BatchGet|Describe|Get|List|Search|Select|GenerateCredentialReport)\w*")
"""What a session may ask: nothing that changes anything, but for the report that AWS makes on demand."""


class AwsSession:
    """One cell's session. `apart` gives each item its own, with its own notes, so that items are described side by side."""

    def __init__(
        self, *, wire: Wire, identity: Identity, region: str, partition: str, organization_accounts: frozenset[str] | None,
        seen: Mapping[str, tuple[Resource, ...] | None], gathered: Gathered | None = None,
        elsewhere: Elsewhere | None = None, census: Census | None = None, shared: Gathered | None = None,
        aggregate: Aggregate | None = None, settings: BucketSettings | None = None,
    ) -> None:  # fmt: skip
        """`shared` keeps what several cells of the account ask alike; `aggregate` may tell the cell's own listings, `settings` what is
        asked of a bucket."""
        self.account = identity.account
        self.region = region
        self.partition = partition
        self.organization_accounts = organization_accounts
        self.notes = Notes()
        self._wire = wire
        self._identity = identity
        self._seen = seen
        self._gathered = gathered or Gathered()
        self._shared = shared or self._gathered
        self.census = census or Census()
        self._elsewhere = elsewhere or Elsewhere(identity=lambda _: identity)
        self.management_account = self._elsewhere.management
        self._told: set[str] = set()
        self._aggregate, self._settings = aggregate, settings
        self._row: Item | None = None
        self.aside = Aside()
        """What the cell met on roads that spare calls."""

    def apart(self) -> "AwsSession":
        """The same cell's session with an empty notebook; but for the configuration item that the latest element of a listing is."""
        session = AwsSession(
            wire=self._wire, identity=self._identity, region=self.region, partition=self.partition,
            organization_accounts=self.organization_accounts, seen=self._seen, gathered=self._gathered,
            elsewhere=self._elsewhere, census=self.census, shared=self._shared, settings=self._settings,
        )  # fmt: skip
        session.aside = self.aside
        if self._row is not None:
            session.notes.answers.append((SELECT, self._row))
        return session

    def at(self, account: str, region: str) -> "AwsSession":
        """A session in another place, with its own notes."""
        return AwsSession(
            wire=self._wire, identity=self._elsewhere.identity(account), region=region, partition=self.partition,
            organization_accounts=self.organization_accounts, seen={},
        )  # fmt: skip

    def in_scope(self) -> frozenset[str]:
        """The accounts that are looked at."""
        return self._elsewhere.accounts

    def kept(self) -> Gathered:
        """What is shared with the other cells of the account."""
        return self._shared

    def shape(self, operation: str) -> Any:
        """botocore's shape of an operation's answer."""
        service, _, name = operation.partition(".")
        return self._wire.clients.client(service).meta.service_model.operation_model(name).output_shape

    def pages(self, operation: str, key: str, /, *, region: str | None = None, **parameters: Any) -> Iterator[Item]:
        """Every element under `key` of every page, by the token rules of botocore's paginators.json; `region` as in `ask`.

        A bare name of a listing of names is given as `{key: name}`. Raises `Unseen` when a page cannot be read, lacks the key, says that
        there is more without saying where, or leads back to a page that was already read. What an aggregator of AWS Config tells is not
        asked of the service.
        """
        if self._aggregate is not None and region is None and not parameters:
            listing = self._aggregate.listing(self, operation, self.aside)
            if listing is not None:
                self.aside.told.add(listing.captured)
                for told in listing.elements:
                    self.notes.listing, self._row = "", told.row
                    yield told.item
                return
        self._row = None
        yield from (element for _, element in self.parts(operation, (key,), region=region, **parameters))

    def parts(
        self, operation: str, keys: tuple[str, ...], /, *, region: str | None = None, **parameters: Any
    ) -> Iterator[tuple[str, Item]]:
        """As `pages`, of a listing that has its elements under several keys: each with its key. Every page has all of them."""
        paging = self._wire.clients.paging(operation) or UNLISTED_PAGING.get(operation, {})
        size = PAGE_SIZES.get(operation)
        if size is not None and paging:
            parameters = {paging["limit_key"]: size, **parameters}
        met: set[tuple[str, ...]] = set()
        while True:
            page = self._page(operation, parameters, region)
            try:
                for key in keys:
                    for element in elements(operation, key, page):
                        self.notes.listing = operation
                        yield key, element
                tokens = following(paging, page)
            except Broken as broken:
                raise self._unseen(operation, str(broken)) from broken
            if not tokens:
                return
            if (mark := tuple(map(str, tokens.values()))) in met:
                raise self._unseen(operation, "a page that leads back to itself")
            met.add(mark)
            parameters = {**parameters, **tokens}

    def ask(
        self,
        operation: str,
        /,
        *,
        absent: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        region: str | None = None,
        **parameters: Any,
    ) -> dict[str, Any] | None:
        """One answer about the item at hand; see `collectors.collector.Session.ask`."""
        if self._settings is not None and region is not None:
            held = self._settings.answer(self, operation, region, parameters, self.aside)
            if held is not None:
                return self._held(*held)
        reply = self._read(operation, parameters, region)
        if reply.failure is None:
            answer = reply.answer or {}
            self.notes.answers.append((operation, answer))
            self.notes.listing = operation
            return answer
        if reply.failure.detail in gone:
            raise Gone(reply.failure.detail)
        if reply.failure.detail in absent:
            self.notes.answers.append((operation, {"Error": {"Code": reply.failure.detail}}))
            return {}
        self.notes.failures.append(reply.failure)
        return None

    def seen(self, collector: str) -> tuple[Resource, ...] | None:
        """What a needed collector saw; `None`, and a gap of this item, if any cell of it has a gap."""
        resources = self._seen.get(collector)
        if resources is None:
            self.notes.failures.append(Failure(operation="", reason=Reason.NEEDS, detail=collector))
        return resources

    def joined(self, collector: str) -> Mapping[str, Resource] | None:
        """What a needed collector saw, by id; see `collectors.aws.gathered`."""
        resources = self.seen(collector)
        if resources is None:
            return None
        return self._gathered.once(collector, lambda: {resource.id: resource for resource in resources})

    def among(
        self, operation: str, key: str, /, *, by: str, of: Any, keep: Keep | None = None, newest: str = "", absent: tuple[str, ...] = (),
        **parameters: Any,
    ) -> tuple[Item, ...] | None:  # fmt: skip
        """Elements of a listing that is read once for the cell; see `collectors.aws.gathered`."""
        name = f"{self._place(operation)} {operation} {key} {by} {newest} {sorted(parameters.items())}"
        index, failures = self._shared.once(name, lambda: self._reading(operation, key, by, newest, parameters))
        if any(one.detail not in absent for one in failures):
            self.notes.failures += failures
            return None
        found = index.get(of, ()) if keep is None else keep(index.get(of, ()))
        self.notes.answers.append((operation, {key: list(found)}))
        return found

    def every(
        self, operation: str, key: str, /, *, gone: tuple[str, ...] = (), **parameters: Any
    ) -> tuple[Item, ...] | None:
        """Every element of a listing about the item at hand; see `collectors.aws.gathered`."""
        session = self.apart()
        try:
            elements = tuple(session.pages(operation, key, **parameters))
        except Unseen as unseen:
            if str(unseen) in gone:
                raise Gone(str(unseen)) from unseen
            elements = None
        self.notes.calls += session.notes.calls
        self.notes.failures += session.notes.failures
        if elements is not None:
            self.notes.answers.append((operation, {key: list(elements)}))
        return elements

    def common(self, operation: str, /, *, absent: tuple[str, ...] = (), **parameters: Any) -> dict[str, Any] | None:
        """An answer that is asked for once in the cell; see `collectors.aws.gathered`."""
        name = f"{self._place(operation)} {operation} {absent} {sorted(parameters.items())}"
        notes, answer = self._shared.once(name, lambda: self._answered(operation, absent, parameters))
        self.notes.answers += notes.answers
        self.notes.failures += notes.failures
        return answer

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
        """An answer from another account, asked for once in the sweep; see `collectors.aws.elsewhere`."""
        if account not in {*self._elsewhere.accounts, self.account}:
            self.notes.failures.append(Failure(operation=operation, reason=Reason.NO_ROLE, detail=NOT_IN_SCOPE))
            return None
        where = region or self.region
        name = f"{account} {where} {operation} {key} {only} {sorted(parameters.items())}"
        make = partial(self._asked_there, account, where, operation, key, absent, only, parameters)
        # What only this account's own cells of one region ask is not kept for the whole sweep.
        own = account == self.account and where != "global"
        notes, answer = (self._shared if own else self._elsewhere.gathered).once(name, make)
        told = notes.answers
        if answer is not None and mine is not None:
            answer = {key: [one for one in answer[key] if mine(one)]}
            told = [(operation, answer)]
        if name not in self._told:  # an item that asks twice has one piece of evidence
            self._told.add(name)
            self.notes.failures += notes.failures
            self.notes.answers += told
        return answer

    def administered(
        self, delegated: Delegated, keep: Callable[[Item], Item], **parameters: Any
    ) -> Iterator[Item] | None:
        """What a service's administrator tells of the account; see `collectors.aws.administered`."""
        found = told(self, delegated, keep, parameters)
        return None if found is None else self._found(delegated.listing, found)

    def _found(self, operation: str, elements: tuple[Item, ...]) -> Iterator[Item]:
        for element in elements:
            self.notes.listing = operation
            yield element

    def swept(self) -> Gathered:
        """What is kept for the whole sweep."""
        return self._elsewhere.gathered

    def cite(self, resource: Resource) -> None:
        """Say that a joined fact of the item at hand came from that resource."""
        self.notes.cites.append(resource.id)

    def _held(self, row: Item, answer: dict[str, Any]) -> dict[str, Any]:
        """An answer that a configuration item holds; the item is kept once."""
        if not any(operation == SELECT for operation, _ in self.notes.answers):
            self.notes.answers.append((SELECT, row))
        return answer

    def _place(self, operation: str) -> str:
        """What tells a question apart from the same one in another region: nothing, for services that know none."""
        return "everywhere" if operation.partition(".")[0] in GLOBAL_SERVICES else self.region

    def _reading(self, operation: str, key: str, by: str, newest: str, parameters: dict[str, Any]) -> Reading:
        session = self.apart()
        try:
            index = indexed(session.pages(operation, key, **parameters), by, newest)
        except Unseen:
            index = {}
        self.notes.calls += session.notes.calls
        return index, tuple(session.notes.failures)

    def _answered(
        self, operation: str, absent: tuple[str, ...], parameters: dict[str, Any]
    ) -> tuple[Notes, dict[str, Any] | None]:
        session = self.apart()
        answer = session.ask(operation, absent=absent, **parameters)
        self.notes.calls += session.notes.calls
        return session.notes, answer

    def _asked_there(
        self,
        account: str,
        region: str,
        operation: str,
        key: str,
        absent: tuple[str, ...],
        only: Callable[[Item], bool] | None,
        parameters: dict[str, Any],
    ) -> tuple[Notes, dict[str, Any] | None]:
        """What another account's session answered, or all elements of its listing; the calls are this one's."""
        there = self.at(account, region)
        answer = (
            _listed(there, operation, key, only, parameters)
            if key
            else there.ask(operation, absent=absent, **parameters)
        )
        self.notes.calls += there.notes.calls
        return there.notes, answer

    def _page(self, operation: str, parameters: dict[str, Any], region: str | None) -> dict[str, Any]:
        reply = self._read(operation, parameters, region)
        if reply.failure is not None:
            self.notes.failures.append(reply.failure)
            raise Unseen(reply.failure.detail)
        return reply.answer or {}

    def _read(self, operation: str, parameters: dict[str, Any], region: str | None) -> Reply:
        if not READS.fullmatch(operation):
            raise ValueError(f"{operation} is not a read")
        where = region or (home(self.partition) if self.region == "global" else self.region)
        reply = self._wire.read(self._identity, where, operation, parameters)
        self.notes.calls += reply.calls
        return reply

    def _unseen(self, operation: str, detail: str) -> Unseen:
        self.notes.failures.append(Failure(operation=operation, reason=Reason.MALFORMED, detail=detail))
        return Unseen(detail)


def _listed(
    session: AwsSession, operation: str, key: str, only: Callable[[Item], bool] | None, parameters: dict[str, Any]
) -> dict[str, Any] | None:
    """A listing's elements as one answer; the session has noted why there is none."""
    try:
        answer = {key: [one for one in session.pages(operation, key, **parameters) if only is None or only(one)]}
    except Unseen:
        return None
    session.notes.answers.append((operation, answer))
    return answer

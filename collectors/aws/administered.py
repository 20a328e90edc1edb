"""What a service's delegated administrator tells of all its members: in a quiet region one listing instead of one for each account.

The administrator's listing holds the findings of all members, and has to be read to its end before any of them is sure to have none. So
it is read as long as that takes a tenth of the calls at most that the members' own listings take at least; a region with more findings
than that is read account by account. Only members that the administrator calls enabled are believed to be told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec
import zstandard

from collectors.aws.aside import Aside
from collectors.aws.elements import text
from collectors.aws.gathered import CellSession, Gathered
from collectors.collector import Item, Unseen
from collectors.notes import Notes

R = TypeVar("R")
FEW = 10
"""An organisation with fewer accounts in scope is asked account by account: who administers, and whom, has to be asked too."""
NOBODY = ("ResourceNotFoundException",)


@dataclass(frozen=True, kw_only=True)
class Delegated:
    """A service that an organisation may delegate, and how its administrator tells."""

    administrator: str
    """The operation that tells the management account who that is."""
    members: str
    """The operation that lists members."""
    listing: str
    """The operation that lists what is found in all of them."""
    key: str
    owner: str
    """Under which an element names the account that it is about."""
    page: int
    """The most elements that one page has."""


INSPECTOR = Delegated(
    administrator="inspector2.GetDelegatedAdminAccount", members="inspector2.ListMembers", listing="inspector2.ListFindings",
    key="findings", owner="awsAccountId", page=100,
)  # fmt: skip


class Member(Protocol):
    """A cell's session, as far as this road needs it. `AwsSession` is one."""

    account: str
    region: str
    notes: Notes
    aside: Aside
    management_account: str | None

    def in_scope(self) -> frozenset[str]:
        """The accounts that are looked at."""
        ...

    def at(self, account: str, region: str) -> "Asked":
        """A session of its own in another place."""
        ...

    def swept(self) -> Gathered:
        """What is kept for the whole sweep."""
        ...


class Asked(CellSession, Protocol):
    """A session in another place."""

    notes: Notes


class AdministeredSession(CellSession, Protocol):
    """A session that can also be told by a service's administrator. `AwsSession` is one."""

    def administered(
        self, delegated: Delegated, keep: Callable[[Item], Item], **parameters: Any
    ) -> Iterator[Item] | None:
        """What is kept of the account's own elements; `None` where the account itself is to be asked."""
        ...


def told(
    member: Member, delegated: Delegated, keep: Callable[[Item], Item], parameters: Mapping[str, Any]
) -> tuple[Item, ...] | None:
    """What is kept of the member's own elements of the administrator's listing; `None` where nobody tells them surely."""
    if len(member.in_scope()) < FEW:
        return None
    asked = f"{delegated.administrator} {member.region}"
    administrator = member.swept().once(asked, lambda: _administrator(member, delegated))
    if administrator is None:
        return None
    place = f"{administrator} {member.region} {delegated.listing}"
    members = member.swept().once(f"{place} members", lambda: _members(member, delegated, administrator))
    if member.account not in members:
        return None
    most = max(1, len(members) // 10) * delegated.page
    packed = member.swept().once(
        place,
        lambda: _read(
            member, administrator, delegated.listing, delegated.key, parameters, partial(_packed, delegated, keep, most)
        ),
    )  # fmt: skip
    if packed is None:
        return None
    mine = packed.get(member.account)
    elements = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(mine), type=list[bytes]) if mine else ()
    return tuple(map(msgspec.msgpack.decode, elements))


def _packed(
    delegated: Delegated, keep: Callable[[Item], Item], most: int, listed: Iterator[Item]
) -> dict[str, bytes] | None:
    """What is kept of each account's elements, packed until that account is looked at; `None` if there are too many, or one is nobody's."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for number, element in enumerate(listed):
        owner = text(element, delegated.owner)
        if number >= most or owner is None:
            return None
        found[owner].append(msgspec.msgpack.encode(keep(element)))
    pack = zstandard.ZstdCompressor(level=3).compress
    return {account: pack(msgspec.msgpack.encode(elements)) for account, elements in found.items()}


def _administrator(member: Member, delegated: Delegated) -> str | None:
    """The account to which the organisation has delegated the service in that region, if it is looked at."""
    management = member.management_account
    if management is None or management not in member.in_scope():
        return None
    there = member.at(management, member.region)
    answer = there.ask(delegated.administrator, absent=NOBODY)
    member.notes.calls += there.notes.calls
    member.aside.miss(f"{management} in {member.region}", *there.notes.failures)
    said = (answer or {}).get("delegatedAdmin") or {}
    account = text(said, "accountId")
    return account if account in member.in_scope() and text(said, "relationshipStatus") == "ENABLED" else None


def _members(member: Member, delegated: Delegated, administrator: str) -> frozenset[str]:
    """The accounts in scope for which the administrator tells in that region, itself included."""
    listed = _read(member, administrator, delegated.members, "members", {"onlyAssociated": True}, list)
    if listed is None:
        return frozenset()
    enabled = {text(one, "accountId") or "" for one in listed if text(one, "relationshipStatus") == "ENABLED"}
    return frozenset(enabled | {administrator}) & member.in_scope()


def _read(
    member: Member,
    account: str,
    operation: str,
    key: str,
    parameters: Mapping[str, Any],
    take: Callable[[Iterator[Item]], R],
) -> R | None:
    """What is taken of another account's listing; `None`, and a failure aside, where it was not read."""
    there = member.at(account, member.region)
    try:
        return take(there.pages(operation, key, **parameters))
    except Unseen:
        member.aside.miss(f"{account} in {member.region}", *there.notes.failures)
        return None
    finally:
        member.notes.calls += there.notes.calls

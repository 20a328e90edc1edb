"""Looking before leaping: whether a run would find its keys, its store, its clouds and its permissions, and what to do where not."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from agent.errors import AgentError
from agent.journal import Journal
from agent.keys import load_salt_key
from agent.planning import Cloud
from agent.reading import Loaded
from agent.signing import open_signer
from agent.stores.opening import open_store
from agent.visiting import in_turn
from collectors.collector import Cell
from collectors.gap import Gap, Reason
from collectors.sighting import Estate, Visit

NOBODY = "no ambient credentials"
"""What a discovery gap says when there is nobody to ask as."""
State = Literal["ok", "warning", "failed"]

REMEDIES = {
    Reason.DENIED: "allow it to the role: `starcadence permissions {cloud}` prints exactly what it needs",
    Reason.WITHHELD: "spare the role in the organisation's policy that denies it, or leave out of the scope, with a reason, what it closes",
    Reason.NO_ROLE: "make the role in that account and let this identity assume it, or exclude the account with a reason",
    Reason.THROTTLED: "run again later, or lower what else uses the account's rate",
    Reason.UNREACHABLE: "check network, DNS and proxy towards the provider's endpoints",
    Reason.FAILED: "the provider answers with an error of its own: run again later",
    Reason.MALFORMED: "report it: the answer has not the documented shape",
    Reason.EXPIRED: "renew the credentials",
    Reason.UNSUPPORTED: "leave the region out of the scope with a reason, or accept the gap",
    Reason.REDACTED: "take the secret out of the resource's settings",
    Reason.NEEDS: "mend the gap of the collector that it needs",
    Reason.STALE: "see in AWS Config why that account and region no longer tell the aggregator",
    Reason.UNALLOCATED: "list the account in the scope, or exclude it with a reason",
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    what: str
    state: State
    words: str
    remedy: str = ""


def preflight(loaded: Loaded, clouds: Callable[[bytes], tuple[Cloud, ...]]) -> Iterator[Finding]:
    """Every finding in the order in which a run would meet it. `clouds` opens the programme's clouds with the salt key."""
    yield Finding(what="programme", state="ok", words=f"{loaded.path}: {len(loaded.programme.services)} services")
    yield _tried(
        "signing key", lambda: f"{loaded.programme.signing.key}: P-256, fingerprint {open_signer(loaded).fingerprint}"
    )
    yield _tried("salt key", lambda: f"{loaded.salt_key}: {len(load_salt_key(loaded.salt_key))} bytes")
    yield _tried("store", lambda: _store(loaded))
    try:
        opened = clouds(load_salt_key(loaded.salt_key))
    except AgentError as error:
        yield Finding(what="clouds", state="failed", words=str(error))
        return
    for cloud in opened:
        try:
            yield from _cloud(cloud)
        finally:
            cloud.access.close()


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, state="ok", words=look())
    except AgentError as error:
        return Finding(what=what, state="failed", words=str(error))


def _store(loaded: Loaded) -> str:
    store = open_store(loaded.store, loaded.programme.store_options)
    store.ready()
    journal = Journal(store)
    said = (
        f"{journal.height} journal entries that hold together"
        if journal.height
        else "no journal yet: `starcadence commit` begins it"
    )
    return f"{loaded.store}: writable, and what stands cannot be overwritten by us; {said}"


def _cloud(cloud: Cloud) -> Iterator[Finding]:
    estate = cloud.access.discover()
    in_scope = [member for member in estate.members if member.state == "in scope"]
    others = len(estate.members) - len(in_scope)
    yield Finding(
        what=f"{cloud.name} discovery", state="ok" if in_scope and not estate.gaps else "failed" if not in_scope else "warning",
        words=f"{len(in_scope)} accounts in scope, {others} excluded, unallocated or closed",
        remedy="" if in_scope else f"give this identity the permissions of discovery: `starcadence permissions {cloud.name}`",
    )  # fmt: skip
    for gap in dict.fromkeys(estate.gaps):
        yield _gap(cloud, gap)
    for member in estate.members:
        if member.state == "unallocated":
            yield Finding(
                what=f"account {member.account}",
                state="warning",
                words="unallocated",
                remedy=REMEDIES[Reason.UNALLOCATED],
            )
    yield from _permissions(cloud, estate)


def _permissions(cloud: Cloud, estate: Estate) -> Iterator[Finding]:
    """One cell of each collector, in the first account that can be read: what is denied there is denied everywhere by the same role."""
    blind = {Cell.of(gap.cell).account for gap in estate.gaps}
    cells: dict[str, Cell] = {}
    for cell in cloud.access.cells(estate, cloud.collectors):
        if cell.account not in blind:
            cells.setdefault(cell.collector, cell)
    for one in in_turn(cloud.collectors):
        if one.name in cells:
            visit = cloud.access.visit(cells[one.name], one, {})
            yield from _visited(cloud, visit, cells[one.name])


def _visited(cloud: Cloud, visit: Visit, cell: Cell) -> Iterator[Finding]:
    gaps = {(gap.operation, gap.reason): gap for gap in visit.gaps if gap.reason is not Reason.NEEDS}
    if not gaps:
        yield Finding(
            what=cell.collector,
            state="ok",
            words=f"{len(visit.sightings)} resources in {cell.account} {cell.region}, {len(visit.calls)} calls",
        )
    for gap in gaps.values():
        yield _gap(cloud, gap)


def _gap(cloud: Cloud, gap: Gap) -> Finding:
    remedy = REMEDIES[gap.reason].format(cloud=cloud.name)
    if gap.detail == NOBODY:
        remedy = "give this process credentials: environment, profile, or the role of its instance, task or pod"
    if cloud.name == "aws" and gap.reason is Reason.DENIED and gap.operation:
        from collectors.aws.permissions import action

        remedy = f"allow {action(gap.operation)} to the role; {remedy}"
    if cloud.name == "gcp" and gap.reason is Reason.DENIED:
        from collectors.gcp.permissions import remedied

        remedy = remedied(gap.detail, remedy)
    if cloud.name == "azure" and gap.reason is Reason.DENIED and gap.operation:
        from collectors.azure import permissions

        remedy = permissions.remedied(gap.operation, gap.detail, remedy)
    return Finding(
        what=gap.cell,
        state="failed" if not gap.subject else "warning",
        words=f"{gap.operation} {gap.reason}: {gap.detail}".strip(),
        remedy=remedy,
    )

"""What discovery proposes for a first programme: the organisation, and which of its accounts cannot be looked at yet."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace

from agent import starter
from agent.programme import AwsScope
from agent.starter import Answers
from collectors.collector import Cell
from collectors.gap import Gap, Reason
from collectors.notes import Failure
from collectors.sighting import Estate, Member

ENABLED_REGIONS = "aws.enabled_regions"
REMEDIES = {
    Reason.NO_ROLE: "the role cannot be assumed: deploy it there, or exclude the account with a reason",
    Reason.DENIED: "the role may not do what it needs: see `starcadence permissions aws`",
}


def propose(answers: Answers) -> tuple[Answers, tuple[str, ...]]:
    """Ask AWS: the answers with what was learned, and the accounts in which the role cannot be assumed. Never raises for the world."""
    from collectors.aws.belonging import organization
    from collectors.aws.cloud import Aws

    found, failure = (answers.organization, None) if answers.organization else organization()
    if failure:
        why = f"{failure.operation or 'AWS'} ({failure.reason}{_detail(failure)})"
        return replace(
            answers, remarks=(f"not learned: {why}; run init --discover again with credentials that may ask",)
        ), ()
    role = answers.role or (starter.ROLE if found else None)
    external_id = os.environ.get(starter.EXTERNAL_ID)
    scope = AwsScope(organization=found, role=role, external_id=external_id)
    access = Aws(scope, session_name="starcadence-init", pseudonym_key=secrets.token_bytes(32))
    try:
        estate = access.discover()
    finally:
        access.close()
    return proposed(replace(answers, role=role, external_id=external_id is not None), estate)


def proposed(answers: Answers, estate: Estate) -> tuple[Answers, tuple[str, ...]]:
    """The answers with what the estate says, and the accounts in which the role cannot be assumed."""
    faults = {Cell.of(gap.cell).account: gap for gap in estate.gaps if Cell.of(gap.cell).collector == ENABLED_REGIONS}
    lacking = tuple(sorted(account for account, gap in faults.items() if gap.reason is Reason.NO_ROLE))
    remarks = (*_unlearned(estate), *_listed(estate, faults))
    return replace(answers, organization=estate.organization, remarks=remarks), lacking


def _unlearned(estate: Estate) -> Iterator[str]:
    """What could not be asked of the organisation itself."""
    for gap in sorted(estate.gaps):
        if Cell.of(gap.cell).collector != ENABLED_REGIONS:
            yield f"not learned: {gap.operation or gap.cell} ({gap.reason}{_detail(gap)})"


def _listed(estate: Estate, faults: dict[str, Gap]) -> Iterator[str]:
    if estate.members:
        yield f"Found {len(estate.members)} account{'s' if len(estate.members) > 1 else ''}:"
    for member in sorted(estate.members, key=lambda one: one.account):
        yield f"  {member.account}  {_state(member, estate, faults.get(member.account))}"


def _state(member: Member, estate: Estate, gap: Gap | None) -> str:
    words = [member.name or "", "management account" if member.account == estate.management_account else ""]
    words.append("closed" if member.state == "closed" else "")
    if gap:
        words.append(f"{gap.reason}{_detail(gap)}: {REMEDIES.get(gap.reason, 'try again later')}")
    elif member.regions:
        words.append(f"{len(member.regions)} enabled regions")
    return ", ".join(filter(None, words))


def _detail(found: Gap | Failure) -> str:
    return f", {found.detail}" if found.detail else ""

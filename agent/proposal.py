"""What discovery proposes for a first programme: the organisation, and which of its accounts cannot be looked at yet."""

from collections.abc import Iterator

from agent import starter
from agent.starter import Answers
from collectors.collector import Cell
from collectors.gap import Gap, Reason
from collectors.sighting import Estate, Member

ENABLED_REGIONS = "aws.enabled_regions"
REMEDIES = {
    Reason.NO_ROLE: "the role cannot be assumed: deploy it there, or exclude the account with a reason",
    Reason.DENIED: "the role may not do what it needs: see `starcadence permissions aws`",
}


def proposed(answers: Answers, estate: Estate) -> tuple[Answers, tuple[str, ...]]:
    """The answers with what the estate says, and the accounts in which the role cannot be assumed."""
    organization = answers.organization or estate.organization
    faults = {Cell.of(gap.cell).account: gap for gap in estate.gaps if Cell.of(gap.cell).collector == ENABLED_REGIONS}
    lacking = tuple(sorted(account for account, gap in faults.items() if gap.reason is Reason.NO_ROLE))
    role = answers.role or (starter.ROLE if organization else None)
    remarks = (*_unlearned(estate), *_listed(estate, faults))
    return Answers(name=answers.name, organization=organization, role=role, remarks=remarks), lacking


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


def _detail(gap: Gap) -> str:
    return f", {gap.detail}" if gap.detail else ""

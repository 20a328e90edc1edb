"""Findings of members by the organisation's administrator: the same as their own accounts tell, in fewer calls, or they tell themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from agent.programme import AwsScope, Exclusion
from collectors.aws.catalogue import COLLECTORS
from collectors.aws.cloud import Aws
from collectors.gap import Reason
from collectors.sighting import Visit
from collectors.watching import Watch
from tests.conftest import ambient
from tests.fakes import pages
from tests.fakes.aws import FakeAws, Refusal, Request
from tests.fakes.estate import Estate
from tests.fakes.pages import THEN, paged

MANAGEMENT = "111122223333"
ACCOUNTS = (MANAGEMENT, *(f"2222333344{number:02}" for number in range(11)))
REGION = "eu-west-1"
VULNERABILITIES = next(one for one in COLLECTORS if one.name == "aws.vulnerabilities")
ADMINISTRATOR, MEMBERS, LISTING = (
    f"inspector2.{name}" for name in ("GetDelegatedAdminAccount", "ListMembers", "ListFindings")
)


@dataclass(kw_only=True)
class Fleet(Estate):
    """Twelve accounts, and how many findings each of them has."""

    accounts: tuple[str, ...] = ACCOUNTS
    regions: tuple[str, ...] = (REGION,)
    found: dict[str, int] = field(default_factory=lambda: {ACCOUNTS[3]: 2, ACCOUNTS[7]: 1})
    nameless: str = ""
    """An account whose findings do not say whose they are when the administrator is asked."""

    def answer(self, request: Request) -> dict[str, Any]:
        """The estate's answer, or these findings."""
        if request.operation != LISTING:
            return super().answer(request)
        whose = [one["value"] for one in request.parameters["filterCriteria"].get("awsAccountId", ())]
        told = [one for one in self.accounts if one not in self.alone] if request.account == MANAGEMENT else []
        entries = [
            finding(account, number) for account in whose or told for number in range(self.found.get(account, 0))
        ]
        for one in entries:
            if not whose and one["awsAccountId"] == self.nameless:
                del one["awsAccountId"]
        return paged(request, "findings", entries, given="nextToken", asked="nextToken", most=100)


def finding(account: str, number: int) -> dict[str, Any]:
    return {
        "findingArn": f"arn:aws:inspector2:{REGION}:{account}:finding/{number}", "awsAccountId": account, "severity": "HIGH",
        "type": "PACKAGE_VULNERABILITY", "status": "ACTIVE", "description": "long", "firstObservedAt": THEN, "lastObservedAt": THEN,
        "remediation": {}, "resources": [{"type": "AWS_EC2_INSTANCE", "id": "i-1"}],
        "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2026-0001", "source": "NVD"},
    }  # fmt: skip


class Fleets:
    """A server, and looks at all accounts of its fleet."""

    def __init__(self, server: FakeAws) -> None:
        self.server = server

    def look(self, fleet: Fleet | None = None, *troubles: tuple[str, Exception], **scope: Any) -> dict[str, Visit]:
        """What each account's cell sees; the troubles are the management account's only."""
        estate = fleet or Fleet()
        self.server.calm()
        self.server.answers = estate.answer
        for operation, raised in troubles:
            self.server.trouble(operation, raised, account=MANAGEMENT)
        said = AwsScope(organization=estate.organization, role="Audit", **scope)
        aws = Aws(said, session_name="test", pseudonym_key=b"key", clock=lambda: 0.0, sleep=lambda _: None)
        cells = aws.cells(aws.discover(), [VULNERABILITIES])
        found = {
            cell.account: aws.visit(cell, VULNERABILITIES, {"aws.scanners": watched(cell.account)}) for cell in cells
        }
        aws.close()
        return found

    def asked(self, operation: str) -> list[str]:
        """Which accounts were asked, each time."""
        return [one.account for one in self.server.requests if one.operation == operation]


def watched(account: str) -> tuple[Watch, ...]:
    """Inspector is on there."""
    kind = "vulnerability scanning"
    return (Watch(id="arn:x", provider="aws", account=account, region=REGION, kind=kind, enabled=True),)


def kept(visits: dict[str, Visit]) -> dict[str, object]:
    """All that is kept of a look but for calls and gaps."""
    return {account: (visit.cell, visit.sightings, visit.readings) for account, visit in visits.items()}


@pytest.fixture(scope="module")
def fleets() -> Iterator[Fleets]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE", 1000)
        server = FakeAws(answers=Fleet().answer).start()
        ambient(patch, MANAGEMENT, server.url)
        yield Fleets(server)
        server.stop()


@pytest.fixture(scope="module")
def own(fleets: Fleets) -> dict[str, object]:
    """What the accounts tell of themselves."""
    found = fleets.look(Fleet(alone=ACCOUNTS[1:]))
    assert set(fleets.asked(LISTING)) == set(ACCOUNTS)
    return kept(found)


def test_one_listing_of_the_administrator_tells_what_each_account_tells(fleets: Fleets, own: dict[str, object]) -> None:
    found = fleets.look()
    assert kept(found) == own
    assert [len(found[account].sightings) for account in (ACCOUNTS[0], ACCOUNTS[3], ACCOUNTS[7])] == [0, 2, 1]
    asked = [fleets.asked(operation) for operation in (ADMINISTRATOR, MEMBERS, LISTING)]
    assert asked == [[MANAGEMENT]] * 3
    assert [gap for visit in found.values() for gap in visit.gaps] == []


def test_an_account_that_is_no_member_is_asked_itself(fleets: Fleets, own: dict[str, object]) -> None:
    found = fleets.look(Fleet(alone=(ACCOUNTS[3],)))
    assert kept(found) == own
    assert sorted(fleets.asked(LISTING)) == sorted([MANAGEMENT, ACCOUNTS[3]])


def test_a_finding_that_is_nobodys_leaves_each_account_to_tell_itself(fleets: Fleets, own: dict[str, object]) -> None:
    found = fleets.look(Fleet(nameless=ACCOUNTS[3]))
    assert kept(found) == own
    assert set(fleets.asked(LISTING)) == set(ACCOUNTS)


def test_a_busy_region_is_read_account_by_account(fleets: Fleets) -> None:
    busy = {ACCOUNTS[3]: 101, ACCOUNTS[4]: 1}
    found = fleets.look(Fleet(found=busy))
    assert {account: len(visit.sightings) for account, visit in found.items() if visit.sightings} == busy
    assert sorted(fleets.asked(LISTING)) == sorted([MANAGEMENT, MANAGEMENT, MANAGEMENT, ACCOUNTS[3], *ACCOUNTS[1:]])


@pytest.mark.parametrize("operation", [ADMINISTRATOR, MEMBERS])
def test_an_administrator_who_does_not_tell_is_said_once_and_the_accounts_tell(
    fleets: Fleets, own: dict[str, object], operation: str
) -> None:
    found = fleets.look(None, (operation, Refusal("AccessDeniedException", 403)))
    assert kept(found) == own
    [gap] = [gap for visit in found.values() for gap in visit.gaps]
    assert (gap.operation, gap.subject, gap.reason) == (operation, f"{MANAGEMENT} in {REGION}", Reason.DENIED)
    assert all(visit.complete for visit in found.values())
    assert sorted(fleets.asked(LISTING)) == sorted(ACCOUNTS)


def test_a_listing_of_the_administrator_that_is_refused_costs_its_own_findings_only(
    fleets: Fleets, own: dict[str, object]
) -> None:
    found = fleets.look(None, (LISTING, Refusal("AccessDeniedException", 403)))
    assert {account: visit for account, visit in kept(found).items() if account != MANAGEMENT} == {
        account: visit for account, visit in own.items() if account != MANAGEMENT
    }
    assert [account for account, visit in found.items() if not visit.complete] == [MANAGEMENT]


@pytest.mark.parametrize(
    ("answer", "scope"),
    [
        (Refusal("ResourceNotFoundException", 404), {}),
        (None, {"exclude": tuple(Exclusion(account=one, reason="x", owner="o") for one in ACCOUNTS[9:])}),
        (None, {"exclude": (Exclusion(account=MANAGEMENT, reason="x", owner="o"),)}),
    ],
    ids=["nobody administers", "few accounts", "management left out"],
)
def test_where_nobody_can_tell_for_others_each_tells_itself(
    fleets: Fleets, answer: Exception | None, scope: dict[str, Any]
) -> None:
    found = fleets.look(None, *([(ADMINISTRATOR, answer)] if answer else []), **scope)
    assert sorted(fleets.asked(LISTING)) == sorted(found)
    assert fleets.asked(MEMBERS) == []
    assert [gap for visit in found.values() for gap in visit.gaps] == []


def test_an_account_may_be_looked_at_twice(fleets: Fleets) -> None:
    fleets.server.calm()
    fleet = Fleet()
    fleets.server.answers = fleet.answer
    aws = Aws(
        AwsScope(organization=fleet.organization, role="Audit"), session_name="test", pseudonym_key=b"key", clock=lambda: 0.0,
        sleep=lambda _: None,
    )  # fmt: skip
    cell = next(one for one in aws.cells(aws.discover(), [VULNERABILITIES]) if one.account == ACCOUNTS[3])
    first, second = (aws.visit(cell, VULNERABILITIES, {"aws.scanners": watched(cell.account)}) for _ in range(2))
    aws.close()
    assert len(first.sightings) == 2
    assert told(first) == told(second)


def told(visit: Visit) -> tuple[object, ...]:
    return visit.sightings, visit.readings, visit.gaps

"""Work: one item per check, account and owner, whose key stays; overdue by severity; reopened, never doubled; gone when it is done."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.answers import read, template
from agent.cli import cli
from agent.keys import load_signer
from agent.observed import observe
from agent.renewal import renewals
from agent.reviewing import sealed_cycle, sign
from agent.steps import lives
from agent.work import Item, work
from controls.catalogue import CHECKS
from tests.agent.living import DAY, PROGRAMME, Life, begin

OWNERS = "owners: {storage-lead: {email: storage@cloud.example}}"
EXCEPTION = (
    "id: legacy-volume\ncheck: data_is_encrypted_at_rest\nrequester: storage-lead\napprover: security-lead\n"
    "rationale: replaced in October\ncreated: 2026-08-20\nexpires: 2026-09-10\naccounts: ['111122223333']\n"
)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return begin(tmp_path, programme=PROGRAMME + "remediate_within: {high: 3d, medium: 90d}\n")


def items(life: Life) -> tuple[Item, ...]:
    agent, now = life.agent, life.clock.now
    programme, entries = agent.loaded.programme, agent.journal.entries
    observed = observe(agent.store, agent.journal, programme, agent.loaded.exceptions)
    return work(
        programme,
        observed,
        lives(entries, now),
        renewals(programme, entries, now),
        agent.loaded.exceptions,
        CHECKS,
        now,
    )


def of(life: Life, kind: str) -> list[Item]:
    return [one for one in items(life) if one.kind == kind]


def owners(life: Life, text: str) -> None:
    path = life.folder / "programme.yaml"
    path.write_text(path.read_text().replace(OWNERS, f"owners: {{storage-lead: {{email: s@cloud.example}}, {text}}}"))


def test_a_programme_in_order_has_no_work(life: Life) -> None:
    assert items(life) == ()
    life.days(2)
    assert items(life) == ()


def test_what_fails_is_one_item_for_check_account_and_owner(life: Life) -> None:
    for name in ("one", "two"):
        life.cloud.volume(name, encrypted=False)
    life.run()
    (item,) = items(life)
    assert (item.kind, item.state, item.owner, item.account, item.count) == (
        "deviation",
        "new",
        "storage-lead",
        "111122223333",
        2,
    )
    assert item.due == datetime(2026, 9, 4, tzinfo=UTC) and item.severity == "high"
    assert [one.rsplit("/", 1)[1] for one in item.resources] == ["one", "two"]


def test_what_stands_longer_than_promised_is_overdue_and_first(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    life.run()
    key = items(life)[0].key
    life.days(5)
    (item,) = items(life)
    assert (item.key, item.state, item.since) == (key, "overdue", datetime(2026, 9, 1, tzinfo=UTC))


def test_what_comes_back_is_the_same_item_reopened(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    life.days(2)
    key = items(life)[0].key
    life.cloud.volume("one", encrypted=True)
    life.days(1)
    assert items(life) == ()
    life.cloud.volume("two", encrypted=False)
    life.days(1)
    (item,) = items(life)
    assert (item.key, item.reopened, item.state) == (key, True, "new")


def test_what_goes_on_while_something_else_is_mended_was_never_closed(life: Life) -> None:
    for name in ("one", "two"):
        life.cloud.volume(name, encrypted=False)
    life.days(2)
    life.cloud.volume("one", encrypted=True)
    life.days(2)
    (item,) = items(life)
    assert (item.count, item.reopened) == (1, False)


def test_what_three_sweeps_could_not_judge_is_work(life: Life) -> None:
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    life.days(2)
    assert of(life, "unknown") == []
    life.days(1)
    found = of(life, "unknown")
    assert {one.check for one in found} >= {"data_is_encrypted_at_rest"}
    assert {(one.account, one.owner, one.since.day) for one in found} == {("111122223333", "storage-lead", 1)}
    life.cloud.denied.clear()
    life.days(1)
    assert of(life, "unknown") == []


@pytest.mark.parametrize(
    ("claims", "owner"),
    [
        ("b: {tags: {team: red}}, a: {accounts: ['111122223333']}", "b"),
        ("b: {tags: {team: blue}}, a: {accounts: ['111122223333']}", "a"),
        ("b: {accounts: ['111122223333']}, a: {specifications: ['CCM:4.1:CEK-*']}", "b"),
        ("b: {accounts: ['444455556666']}, a: {specifications: ['CCM:4.1:CEK-*']}", "a"),
        ("b: {specifications: ['CCM:4.1:CEK-03']}, c: {specifications: ['CCM:4.1:CEK-*']}", "b"),
        ("b: {specifications: ['CCM:4.1:AIS-01']}", "storage-lead"),
    ],
)
def test_an_owner_is_found_by_tags_then_account_then_specification_then_commitment(
    life: Life, claims: str, owner: str
) -> None:
    owners(life, claims)
    life.cloud.volume("one", encrypted=False, tags={"team": "red"})
    life.run()
    assert [one.owner for one in of(life, "deviation")] == [owner]


def test_owners_share_what_their_tags_divide(life: Life) -> None:
    owners(life, "red: {tags: {team: red}}, blue: {tags: {team: blue}}")
    for name, team in (("one", "red"), ("two", "blue")):
        life.cloud.volume(name, encrypted=False, tags={"team": team})
    life.run()
    found = of(life, "deviation")
    assert {one.owner for one in found} == {"red", "blue"} and len({one.key for one in found}) == 2


def test_an_approved_exception_is_work_before_it_ends_and_after_while_its_failure_stands(life: Life) -> None:
    life.cloud.volume("one", encrypted=False)
    (life.folder / "exceptions" / "one.yaml").write_text(EXCEPTION)
    life.run()
    (item,) = items(life)
    assert (item.kind, item.state, item.count) == ("exception", "open", 1)
    assert item.due == datetime(2026, 9, 11, tzinfo=UTC) and "ends on 2026-09-10" in item.words
    life.days(12)
    (expired,) = of(life, "exception")
    assert (expired.key, expired.state) == (item.key, "overdue") and "ended on 2026-09-10" in expired.words
    assert len(of(life, "deviation")) == 1
    life.cloud.volume("one", encrypted=True)
    life.run()
    life.clock.now += DAY
    life.run()
    assert items(life) == ()


def test_reviews_are_due_after_the_seal_and_gone_once_signed(life: Life) -> None:
    life.run()
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    assert [one.kind for one in items(life)] == ["seal"]
    life.run()
    (item,) = of(life, "review")
    assert (item.state, item.owner, item.due) == ("open", "storage-lead", datetime(2026, 10, 11, tzinfo=UTC))
    life.clock.now = datetime(2026, 10, 12, tzinfo=UTC)
    assert [one.state for one in of(life, "review")] == ["overdue"]
    agent = life.agent
    sign(
        agent.store, agent.journal, sealed_cycle(agent.store, agent.journal, "2026-09", None), (), reviewer="Ada Beispiel",
        programme=load_signer(life.folder / "keys" / "signing.pem"), own=None, now=life.clock.now,
    )  # fmt: skip
    assert of(life, "review") == []


def test_what_a_review_promised_is_held_against_it(life: Life) -> None:
    (life.folder / "programme.yaml").write_text(PROGRAMME)
    for name in ("one", "two"):
        life.cloud.volume(name, encrypted=False)
    life.run()
    life.clock.now = datetime(2026, 10, 1, 1, tzinfo=UTC)
    life.run()
    agent = life.agent
    sealed = sealed_cycle(agent.store, agent.journal, "2026-09", None)
    text = template("object-store", "2026-09", sealed.report.deviations, ())
    for key, value in (("cause", "x"), ("action", "y"), ("owner", "storage-lead"), ("due", "2026-10-20")):
        text = text.replace(f"    {key}:", f"    {key}: {value}")
    path = life.folder / "answers.yaml"
    path.write_text(text.replace("# ticket:", "ticket: OPS-7").replace("2026-10-20", "2026-10-05", 1))
    given = read(path, "object-store", "2026-09", sealed.report.deviations, ("storage-lead",))[1]
    sign(
        agent.store, agent.journal, sealed, given, reviewer="Ada Beispiel",
        programme=load_signer(life.folder / "keys" / "signing.pem"), own=None, now=life.clock.now,
    )  # fmt: skip
    (item,) = of(life, "deviation")
    assert (item.state, item.promised, item.tickets, item.due) == ("open", date(2026, 10, 5), ("OPS-7",), None)
    life.clock.now = datetime(2026, 10, 5, 23, tzinfo=UTC)
    assert of(life, "deviation")[0].state == "open"
    life.clock.now = datetime(2026, 10, 6, tzinfo=UTC)
    assert of(life, "deviation")[0].state == "overdue"


def test_a_renewal_near_its_day_is_work(tmp_path: Path) -> None:
    text = PROGRAMME.replace("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    registry: {submitted: 2026-08-03}\n")
    life = begin(tmp_path, programme=text)
    (item,) = items(life)
    assert (item.kind, item.state) == ("renewal", "open")
    life.clock.now = datetime(2026, 9, 3, tzinfo=UTC)
    assert [one.state for one in items(life)] == ["overdue"]


def typed(life: Life, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["work", "--programme", str(life.folder / "programme.yaml"), *arguments])


def test_the_command_lists_and_filters(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.commands.work.now", life.clock)
    assert typed(life).output == "nothing is to be done\n"
    life.cloud.volume("one", encrypted=False)
    life.run()
    key = items(life)[0].key
    assert f"{key}  new deviation  storage-lead, due 2026-09-04" in typed(life).output
    assert [one["key"] for one in json.loads(typed(life, "--json", "--owner", "storage-lead").output)] == [key]
    head, row = typed(life, "--csv").output.splitlines()
    assert head.startswith("key,kind,state,owner") and row.startswith(f"{key},deviation,new,storage-lead,object-store")
    assert "'nobody' is not under `owners`" in str(typed(life, "--owner", "nobody").exception)

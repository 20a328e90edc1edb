"""Reports to draw: a rich one on an outage story, an empty one, a huge one, a hostile one, and one with a canary in every secret place."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from msgspec.structs import replace

from agent.papers import Amiss, RecordRow, RegisterRow, SupplierRow
from agent.report import (
    AccountRow,
    Change,
    CheckRow,
    CycleRow,
    Deviation,
    ExceptionRow,
    GapRow,
    Mended,
    Objective,
    Reach,
    Report,
    Specification,
    SweepRow,
)
from agent.suppliers import Inherited
from controls import ccm
from controls.metering import METRICS
from controls.metrics import Count, Metered, metered
from controls.tally import Result, Tally, against, worst

MET, MISSED, NOT_SHOWN, NOTHING = Result.MET, Result.MISSED, Result.NOT_SHOWN, Result.NOTHING
START = datetime(2026, 9, 30, 22, tzinfo=UTC)
END = datetime(2026, 10, 31, 23, tzinfo=UTC)
CHECKS = (
    ("data_is_encrypted_at_rest", "Data stores encrypt what they hold.", "DataStore", "high", ("CCM:4.1:CEK-03", "CCM:4.1:DSP-17")),
    ("keys_rotate", "Keys are rotated within a year.", "Key", "medium", ("CCM:4.1:CEK-12",)),
    ("people_use_a_second_factor", "People who sign in use a second factor.", "Identity", "critical", ("CCM:4.1:IAM-14",)),
    ("nobody_holds_every_right", "No identity holds every right.", "Identity", "critical", ("CCM:4.1:IAM-05", "CCM:4.1:IAM-09")),
    ("data_is_not_public", "Data stores are closed to the public.", "DataStore", "critical", ("CCM:4.1:DSP-17",)),
    ("networks_admit_no_one_by_default", "Administrative ports are closed to the internet.", "Network", "high", ("CCM:4.1:I&S-03",)),
    ("trails_cover_every_region", "Every account and region is logged.", "Trail", "high", ("CCM:4.1:LOG-08", "CCM:4.1:LOG-10")),
    ("backups_exist", "Databases are backed up.", "DataStore", "medium", ("CCM:4.1:BCR-08",)),
    ("queues_are_private", "Queues are closed to other accounts.", "Queue", "low", ("CCM:4.1:IPY-03",)),
)  # fmt: skip

TALLIES = {
    "data_is_encrypted_at_rest": Tally(passed=39, failed=1, unknown=1, not_applicable=3),
    "keys_rotate": Tally(passed=12, failed=1, excepted=1),
    "people_use_a_second_factor": Tally(passed=24),
    "nobody_holds_every_right": Tally(passed=61, failed=0, unknown=2, unseen=1),
    "data_is_not_public": Tally(passed=41),
    "networks_admit_no_one_by_default": Tally(passed=33, failed=4, carried=1),
    "trails_cover_every_region": Tally(passed=9, unseen=2),
    "backups_exist": Tally(passed=6),
    "queues_are_private": Tally(not_applicable=2),
}


def at(day: int, hour: int = 3) -> datetime:
    """An instant of the sample's October."""
    return datetime(2026, 10, day, hour, 17, tzinfo=UTC)


def objective(check: str, **changes: Any) -> Objective:
    tally = TALLIES[check]
    ends = tally.range
    closing = against(tally, Fraction(1))
    made = Objective(
        check=check, provider="aws", reach="part", tally=tally, low=str(ends[0]) if ends else None, high=str(ends[1]) if ends else None,
        slo="1", closing=closing, due=31, taken=29, within={MET: 29, MISSED: 12, NOT_SHOWN: 22, NOTHING: 0}[closing],
        nothing=29 if closing is NOTHING else 0, tolerance="1/10", result=closing, longest_unseen=172_800 + 3_600,
        first_low="3/4", breach_at_least=86_400 if closing is MISSED else 0, breach_at_most=259_200 if closing is MISSED else 0,
        mended=3 if closing is MISSED else 0, remediation_median=86_400 if closing is MISSED else None,
        remediation_p90=172_800 if closing is MISSED else None, remediation_worst=259_200 if closing is MISSED else None,
    )  # fmt: skip
    return replace(made, **changes)


def specification(reference: str, title: str, domain: str) -> Specification:
    """A row of the matrix: committed to if one of the sample's checks speaks of it."""
    held = tuple(objective(name) for name, *_, ids in CHECKS if reference in ids)
    base = Specification(
        id=reference, title=title, domain=domain, committed=False, responsibility=None, ours=None, customers=None, owner=None, basis="none",
        reach="none", unseen="a matter of people and papers, which no check of a cloud's configuration can see", result=None, closing=None,
        previous=None, history=(), slo=None, tolerance=None,
    )  # fmt: skip
    if not held:
        return base
    result = worst(row.result for row in held)
    return replace(
        base, committed=True, responsibility="shared", ours="encryption on the provider's side and who may turn it off",
        customers="the keys that they bring themselves", owner="security-lead", basis="checks", reach="part",
        unseen="keys in use inside workloads", result=result, closing=result, slo="100%", tolerance="10%", objectives=held,
        previous={MET: MET, MISSED: MET, NOT_SHOWN: MISSED, NOTHING: None}[result],
        history=(("2026-08", MISSED), ("2026-09", MET)),
    )  # fmt: skip


def specifications() -> tuple[Specification, ...]:
    return tuple(specification(row.id, row.title, row.domain) for row in ccm.specifications("4.1"))


def deviation(number: int, **changes: Any) -> Deviation:
    name, title, _, severity, ids = CHECKS[(0, 1, 5)[number % 3]]
    made = Deviation(
        check=name, title=title, severity=severity, specifications=ids, resource=f"arn:aws:s3:::example-{number:05d}-archive",
        name=f"archive {number}", kind="object store", account="111122223333", region="eu-west-1",
        reason="no encryption by default, and uploads without it are accepted",
        remediation="Turn on default encryption with a key of your own.", facts={"encrypted": False, "key": None, "public": "none"},
        failing_after=at(3) if number % 4 else None, failing_by=at(4), last_seen=at(31), exception=None, new=bool(number % 4),
    )  # fmt: skip
    return replace(made, **changes)


def check(name: str, title: str, judges: str, severity: str, ids: tuple[str, ...]) -> CheckRow:
    return CheckRow(
        name=name, title=title, judges=judges, severity=severity, kinds=("object store", "volume") if judges == "DataStore" else (),
        rationale="What is stolen with a disk or a backup stays unreadable.\n\nReads the setting that the provider enforces on new data.",
        remediation="Turn it on where it is off.", reads=("encrypted", "key"), observes="configuration",
        links=tuple((one, "part", "keys in use inside workloads") for one in ids), parameters={"days": 365}, digest="4f" * 32,
    )  # fmt: skip


def sweep(day: int) -> SweepRow:
    slot = START + timedelta(days=day - 1)
    if day in {14, 15}:
        return SweepRow(
            slot=slot,
            nominal=None,
            state="missed",
            cells=0,
            unseen=0,
            gaps=0,
            resources=0,
            met=0,
            missed=0,
            not_shown=0,
            nothing=0,
        )
    partial = day in {13, 16, 31}
    return SweepRow(
        slot=slot, nominal=slot + timedelta(hours=5, minutes=17), state="partial" if partial else "complete", cells=96,
        unseen=3 if partial else 0, gaps=5 if partial else 1, resources=312, met=5 if partial else 7, missed=3,
        not_shown=3 if partial else 1, nothing=1,
    )  # fmt: skip


def year() -> tuple[CycleRow, ...]:
    rows = []
    for number in range(12):
        month = datetime(2025 + (number + 10) // 12, (number + 10) % 12 + 1, 1, tzinfo=UTC)
        state = {3: "missed", 5: "sealed late", 8: "partial", 11: "partial"}.get(number, "sealed")
        gone = state == "missed"
        rows.append(
            CycleRow(
                id=f"{month:%Y-%m}",
                start=month,
                end=month + timedelta(days=30),
                state=state,
                met=0 if gone else 5 + number // 3,
                missed=0 if gone else 3 - number // 6,
                not_shown=0 if gone else 2,
                nothing=0 if gone else 1,
            )
        )
    return tuple(rows)


def reach() -> Reach:
    return Reach(
        organization="o-exampleorg01", organization_known=True, in_scope=3, excluded=1, unallocated=1, closed=0, cells=96, cells_unseen=3,
        resources={"DataStore": 44, "Identity": 87, "Key": 13, "Network": 37, "Trail": 9}, inherited=17,
        hosts=("iam.amazonaws.com", "s3.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com"),
        accounts=(
            AccountRow(
                account="111122223333", name="production", state="in scope", reason=None, owner=None, regions=("eu-west-1", "us-east-1"),
            ),
            AccountRow(
                account="222233334444", name="logs", state="in scope", reason=None, owner=None, regions=("eu-west-1",),
                regions_closed={"sa-east-1": "p-regions"},
            ),
            AccountRow(account="333344445555", name="tools", state="in scope", reason=None, owner=None, regions=("eu-west-1",)),
            AccountRow(
                account="012345670123", name="sandbox", state="excluded", reason="no customer data", owner="platform-lead", regions=(),
            ),
            AccountRow(account="444455556666", name=None, state="unallocated", reason=None, owner=None, regions=()),
        ),
    )  # fmt: skip


def metric(reference: str, tally: Tally, **changes: Any) -> Metered:
    """A metric as one count gives it."""
    one = next(each for each in METRICS if each.id == reference)
    counted = Count(source=one.sources[0], provider="aws", tally=tally)
    made = metered(one, "4.1", [counted], one.sources)
    assert made is not None
    return replace(made, **changes)


def metrics() -> tuple[Metered, ...]:
    """One that is met, one missed, one as a range, one without value, and one that counts what is amiss."""
    return (
        metric("CEK-03-M3", Tally(passed=40)), metric("CEK-04-M1", Tally(passed=8, failed=4)),
        metric("IAM-09-M1", Tally(passed=199, unknown=1)), metric("UEM-04-M1", Tally()),
        metric("AIS-07-M6", Tally(passed=97, failed=3)),
    )  # fmt: skip


def papers() -> dict[str, Any]:
    """A current and an expired record, a register with a row that fails, a supplier with an open link."""
    record = RecordRow(
        id="access-policy", title="Access policy", kind="policy", version="3", specifications=("CCM:4.1:IAM-01",), owner="security-lead",
        approver="Ada Beispiel", effective=date(2026, 1, 15), due=date(2027, 1, 16), state="current", result=MET, digest="3c" * 32,
        published=True,
    )  # fmt: skip
    amiss = Amiss(
        number=2, outcome="failed", asked="Resolved in time.", row={"id": "INC-7", "detected": "2026-10-02T08:00:00Z"}
    )
    register = RegisterRow(
        kind="incidents", file="registers/incidents.csv", query="every ticket of the queue security", extractor="nightly job",
        first=date(2026, 9, 29), last=date(2026, 10, 29), rows=12, tally=Tally(passed=11, failed=1), amiss=(amiss,),
        specifications=("CCM:4.1:SEF-07",),
    )  # fmt: skip
    inherited = Inherited(
        id="hosting", name="Example Hosting", scheme="SOC 2 Type II", kind="attested", until=date(2026, 12, 15), result=MET, reach="part",
        words=("user controls that nothing shows: CUEC-2",), open=("CUEC-2",),
    )  # fmt: skip
    return {
        "records": (
            record,
            replace(record, id="plan", title="Incident plan", state="expired", result=MISSED, published=False),
        ),
        "registers": (register,),
        "suppliers": (SupplierRow(report=inherited, specifications=("CCM:4.1:DCS-09",), owner="platform-lead"),),
    }


def rich(**changes: Any) -> Report:
    """A month with an outage, mended and new deviations, gaps, exceptions and all 207 specifications."""
    rows = specifications()
    deviations = tuple(
        deviation(number, exception="keys-of-the-old-vault" if number == 1 else None) for number in range(6)
    )
    made = Report(
        provider="Example Cloud GmbH", contact="assurance@cloud.example", service="object-store", service_name="Example Object Store",
        owner="storage-lead", level="1", ccm="4.1.0", edition="auditor", cycle="2026-10", interim=False, start=START, end=END, days=31,
        days_of=31, time_zone="Europe/Berlin", cadence="monthly", sweep_every=86_400, simulated=False, tool="0.1.0", state="partial",
        sealed_late=False, specifications=rows, deviations=deviations,
        counts={str(result): sum(row.committed and row.result == result for row in rows) for result in Result},
        deviations_by_severity={"high": 4, "medium": 2}, excepted=1,
        mended=(
            Mended(
                check="data_is_not_public", title="Data stores are closed to the public.", resource="arn:aws:s3:::example-mended",
                account="111122223333", region="eu-west-1", how="mended", failing_by=at(2), after=at(8), by=at(9),
            ),
        ),
        changes=tuple(
            Change(specification=row.id, before=row.previous, after=row.result)
            for row in rows
            if row.committed and row.previous != row.result
        ),
        gaps=(
            GapRow(
                reason="denied", collector="aws.buckets", account="111122223333", region="eu-west-1", operation="s3.GetBucketPolicy",
                detail="AccessDenied", sweeps=29, resources=1, cell_unseen=False, closing=True,
            ),
            GapRow(
                reason="no role", collector="aws.trails", account="333344445555", region="eu-west-1", operation="", detail="not assumed",
                sweeps=3, resources=0, cell_unseen=True, closing=True,
            ),
            GapRow(
                reason="unallocated", collector="aws.organization", account="444455556666", region="global", operation="", detail="",
                sweeps=29, resources=0, cell_unseen=True, closing=True,
            ),
        ),
        gaps_by_reason={"denied": 29, "no role": 3, "unallocated": 29},
        exceptions=(
            ExceptionRow(
                id="keys-of-the-old-vault", check="keys_rotate", requester="vault-lead", approver="security-lead",
                rationale="The old vault is switched off in December; its key wraps nothing new.",
                compensating_control="access to the vault is logged and reviewed weekly", created="2026-06-01", expires="2026-12-31",
                state="in force", covers=1,
            ),
            ExceptionRow(
                id="open-ports-of-the-lab", check="networks_admit_no_one_by_default", requester="lab-lead", approver="security-lead",
                rationale="The lab needed remote access for a visit.", compensating_control=None, created="2026-04-15",
                expires="2026-10-15", state="expired", covers=0,
            ),
        ),
        sweeps=tuple(sweep(day) for day in range(1, 32)), year=year(), reach=reach(), checks=tuple(check(*row) for row in CHECKS),
        next_cycle_ends=datetime(2026, 11, 30, 23, tzinfo=UTC), next_seal_due=datetime(2026, 12, 2, 23, tzinfo=UTC), journal_height=87,
        journal_head="9c" * 32, fingerprint="1a" * 32, previous_bundle="7e" * 32,
        proves=(
            "The holder of the key named below sealed these figures, and nothing in the bundle has changed since.",
            "Every figure can be computed again from the facts in the bundle.",
        ),
        rests_on=(
            "The provider runs the agent, chooses the scope and holds the key.",
            "A sweep sees what is configured at its instant; what happened between two sweeps is not seen.",
        ),
        metrics=metrics(), **papers(),
    )  # fmt: skip
    return replace(made, **changes)


def few() -> Report:
    """The rich one with one specification in eight, for what is slow to look at."""
    report = rich()
    return replace(
        report, specifications=tuple(row for n, row in enumerate(report.specifications) if row.committed or n % 8 == 0)
    )


def empty() -> Report:
    """A first, short cycle with nothing committed to, nothing seen and nothing to tell."""
    bare = Reach(
        organization=None, organization_known=False, accounts=(), in_scope=0, excluded=0, unallocated=0, closed=0, cells=0, cells_unseen=0,
        resources={}, inherited=0, hosts=(),
    )  # fmt: skip
    return rich(
        specifications=(), counts={}, deviations=(), deviations_by_severity={}, excepted=0, mended=(), changes=(), gaps=(),
        gaps_by_reason={}, metrics=(), records=(), registers=(), suppliers=(),
        exceptions=(), sweeps=(), year=(), reach=bare, checks=(), previous_bundle=None, proves=(), rests_on=(), days=17,
        start=datetime(2026, 10, 14, 22, tzinfo=UTC), state="complete",
    )  # fmt: skip


def huge(number: int = 5_000) -> Report:
    """So many deviations that nobody can read them without a search."""
    return rich(deviations=tuple(deviation(n) for n in range(number)), deviations_by_severity={"high": number})


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe\u200b{{ 7 * 7 }}"
LONG = "arn:aws:iam::111122223333:role/" + "a" * 600


def hostile() -> Report:
    """Everything that a cloud or a third party names says something evil."""
    report = rich()
    rows = tuple(
        deviation(
            n,
            resource=LONG,
            name=HOSTILE,
            kind=HOSTILE,
            region=HOSTILE,
            reason=HOSTILE,
            facts={HOSTILE: HOSTILE, "n": [HOSTILE, 1]},
            title=HOSTILE,
            check=HOSTILE,
            severity=HOSTILE,
            exception=HOSTILE,
            remediation=HOSTILE,
        )
        for n in range(3)
    )
    return replace(
        report, provider=HOSTILE, service_name=LONG, deviations=rows, deviations_by_severity={HOSTILE: 3},
        gaps=tuple(replace(row, reason=HOSTILE, detail=HOSTILE, operation=LONG, account=HOSTILE) for row in report.gaps),
        records=tuple(replace(row, title=HOSTILE, approver=LONG) for row in report.records),
        registers=tuple(
            replace(row, query=HOSTILE, extractor=LONG, amiss=tuple(replace(one, row={HOSTILE: HOSTILE}) for one in row.amiss))
            for row in report.registers
        ),
        suppliers=tuple(replace(row, report=replace(row.report, name=HOSTILE, words=(HOSTILE,))) for row in report.suppliers),
        gaps_by_reason={HOSTILE: 3}, mended=tuple(replace(row, resource=LONG, title=HOSTILE) for row in report.mended),
        exceptions=tuple(replace(row, id=HOSTILE, rationale=HOSTILE) for row in report.exceptions),
        checks=tuple(replace(row, title=HOSTILE, name=HOSTILE, rationale=HOSTILE, parameters={HOSTILE: 1}) for row in report.checks[:1]),
        reach=replace(
            report.reach, resources={HOSTILE: 1}, hosts=(HOSTILE, LONG),
            accounts=tuple(replace(row, name=HOSTILE, reason=LONG) for row in report.reach.accounts),
        ),
    )  # fmt: skip


SECRET = "canary"


def canaries() -> Report:
    """A canary in every place that the public edition must not tell."""
    report = rich()
    told = tuple(
        deviation(
            1, resource=SECRET, name=SECRET, kind=SECRET, account=SECRET, region=SECRET, reason=SECRET, remediation=SECRET,
            facts={SECRET: SECRET}, exception=SECRET, title=SECRET, check=SECRET,
        ) for _ in range(2)
    )  # fmt: skip
    return replace(
        report, deviations=told, owner=SECRET, mended=tuple(replace(row, resource=SECRET, account=SECRET) for row in report.mended),
        gaps=tuple(replace(row, account=SECRET, operation=SECRET, detail=SECRET, collector=SECRET) for row in report.gaps),
        exceptions=tuple(
            replace(
                row, id=SECRET, requester=SECRET, approver=SECRET, rationale=SECRET, compensating_control=SECRET, check=SECRET
            ) for row in report.exceptions
        ),
        specifications=tuple(replace(row, owner=SECRET) for row in report.specifications),
        records=tuple(replace(row, id=SECRET, title=SECRET, owner=SECRET, approver=SECRET) for row in report.records),
        registers=tuple(
            replace(row, file=SECRET, query=SECRET, amiss=tuple(replace(one, row={SECRET: SECRET}) for one in row.amiss))
            for row in report.registers
        ),
        suppliers=tuple(replace(row, owner=SECRET, report=replace(row.report, name=SECRET)) for row in report.suppliers),
        checks=tuple(replace(row, remediation=SECRET) for row in report.checks),
        reach=replace(
            report.reach, organization=SECRET, hosts=(SECRET,),
            accounts=tuple(replace(row, account=SECRET, name=SECRET, reason=SECRET, owner=SECRET) for row in report.reach.accounts),
        ),
    )  # fmt: skip

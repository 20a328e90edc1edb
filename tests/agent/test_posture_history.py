"""A long history of postures through sweeps, folding and the period logic, held against a calculation by hand from the raw snapshots.

The calculation knows nothing of folding: whether a resource stands failing at a snapshot is asked anew of all snapshots before it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from random import Random

import pytest

from agent.archive import Archive
from agent.canonical import decode, each, stamp
from agent.parts import read_part
from agent.record import Standing, Sweep
from agent.report import Report
from tests.agent.living import PROGRAMME, Life, begin

HOUR = timedelta(hours=1)
CHECK, SPECIFICATION, SLO = "data_is_encrypted_at_rest", "CCM:4.1:CEK-03", Fraction(9, 10)
ACCOUNTS = ("111122223333", "444455556666")
HOURLY = PROGRAMME.replace("24h", "1h").replace("slo: 100%", "slo: 90%, tolerance: 20%")
END = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
CELL = "aws/{}/eu-west-1/aws.volumes"


@dataclass(frozen=True)
class Snapshot:
    """What one hour was really like; `None` in place of a status: not learned."""

    at: datetime
    taken: bool
    denied: frozenset[str]
    """Accounts whose volumes could not be listed."""
    status: dict[tuple[str, str], bool | None]
    """(account, volume) -> encrypted."""


@dataclass
class Hand:
    """The calculation by hand, over the snapshots of hours in which a sweep was taken."""

    every: list[Snapshot]
    shots: list[Snapshot] = field(init=False)

    def __post_init__(self) -> None:
        self.shots = [one for one in self.every if one.taken]
        self.known = sorted({key for one in self.shots for key in one.status})

    def observed(self, key: tuple[str, str], index: int) -> str:
        shot = self.shots[index]
        if key[0] in shot.denied:
            return "unseen"
        words = {True: "passed", False: "failed", None: "unknown"}
        return words[shot.status[key]] if key in shot.status else "absent"

    def failing(self, key: tuple[str, str], index: int) -> bool:
        """It was seen failing at some snapshot up to this one, and not seen mended or gone since."""
        return any(
            self.observed(key, seen) == "failed"
            and not any(self.observed(key, later) in {"passed", "absent"} for later in range(seen + 1, index + 1))
            for seen in range(index + 1)
        )

    def first_failing(self, key: tuple[str, str], index: int) -> int:
        """The snapshot from which on it stands failing, of one at which it does."""
        return max(
            start for start in range(index + 1)
            if self.failing(key, start) and (start == 0 or not self.failing(key, start - 1))
        )  # fmt: skip

    def counts(self, index: int) -> tuple[int, int, int]:
        """Passed, failed, unknown: a cell that cannot be listed holds what it held when it was last listed."""
        shot, passed, unknown = self.shots[index], 0, 0
        failed = sum(self.failing(key, index) for key in self.known)
        for account in ACCOUNTS:
            seen = next((n for n in range(index, -1, -1) if account not in self.shots[n].denied), None)
            held = [key for key in self.shots[seen].status if key[0] == account] if seen is not None else []
            for key in held:
                passed += account not in shot.denied and self.observed(key, index) == "passed"
                unknown += self.observed(key, index) in {"unknown", "unseen"} and not self.failing(key, index)
        return passed, failed, unknown

    def result(self, index: int) -> str:
        passed, failed, unknown = self.counts(index)
        population, denied = passed + failed + unknown, bool(self.shots[index].denied)
        if population and Fraction(passed + unknown, population) < SLO:
            return "missed"
        if denied:
            return "not shown"
        if not population:
            return "nothing to judge"
        return "met" if Fraction(passed, population) >= SLO else "not shown"

    def longest_unseen(self) -> int:
        dark = [not one.taken or bool(one.denied) for one in self.every]
        return max((len([*run]) * 3600 for is_dark, run in groupby(dark) if is_dark), default=0)

    def longest_breach(self) -> tuple[int, int]:
        """(At least, at most): between two snapshots that were within, the first and last that missed."""
        results = [self.result(index) for index in range(len(self.shots))]
        fences = [index for index, one in enumerate(results) if one in {"met", "nothing to judge"}]
        found = [(0, 0)]
        for before, after in zip([-1, *fences], [*fences, len(results)], strict=True):
            missed = [index for index in range(before + 1, after) if results[index] == "missed"]
            if missed:
                begin_ = self.shots[before].at if before >= 0 else self.every[0].at
                end = self.shots[after].at if after < len(results) else END
                least = self.shots[missed[-1]].at - self.shots[missed[0]].at
                found.append((int((end - begin_).total_seconds()), int(least.total_seconds())))
        most, least = max(found)
        return least, most

    def mended(self) -> list[int]:
        """Seconds that each took, sorted."""
        return sorted(
            int((self.shots[index].at - self.shots[self.first_failing(key, index - 1)].at).total_seconds())
            for key in self.known
            for index in range(1, len(self.shots))
            if self.observed(key, index) == "passed" and self.failing(key, index - 1)
        )

    def standing(self) -> dict[tuple[str, str], tuple[datetime | None, datetime, bool]]:
        """(account, volume) -> since when at the earliest, by when at the latest, and whether the last snapshot saw it failing."""
        last, found = len(self.shots) - 1, {}
        for key in self.known:
            if self.failing(key, last):
                first = self.first_failing(key, last)
                before = self.shots[first - 1].at if first else None
                found[key] = before, self.shots[first].at, self.observed(key, last) == "failed"
        return found


def history(random: Random, number: int, changes: int) -> list[Snapshot]:
    """So many hourly snapshots up to the cycle's end, with so many changes of status spread over them."""
    volumes = [(random.choice(ACCOUNTS), f"v{index:02d}") for index in range(14)]
    status: dict[tuple[str, str], bool | None] = {key: random.random() < 0.95 for key in volumes}
    when = sorted(random.randrange(1, number) for _ in range(changes))
    dark = {account: _stretches(random, number) for account in ACCOUNTS}
    found = []
    for index in range(number):
        for _ in range(when.count(index)):
            key = random.choice(volumes)
            now = status.get(key, "absent")
            to = random.choice([one for one in (True, True, True, False, None, "absent") if one is not now])
            if to == "absent":
                status.pop(key, None)
            else:
                status[key] = to
        found.append(
            Snapshot(
                at=END - HOUR * (number - index), taken=index == 0 or random.random() > 0.03, status=dict(status),
                denied=frozenset(account for account in ACCOUNTS if index in dark[account]),
            )
        )  # fmt: skip
    return found


def _stretches(random: Random, number: int) -> set[int]:
    """Hours in which an account cannot be listed: a few stretches."""
    starts = [random.randrange(number) for _ in range(max(1, number // 100))]
    return {start + offset for start in starts for offset in range(random.randrange(1, 9))}


def lived(life: Life, shots: list[Snapshot]) -> tuple[Sweep, Report]:
    """Sweep through the snapshots and seal; the last sweep, and the sealed report."""
    last = None
    for shot in shots:
        life.clock.now = shot.at
        if shot.taken:
            life.cloud.resources.clear()
            for (account, name), encrypted in shot.status.items():
                life.cloud.volume(name, encrypted=encrypted, account=account)
            life.cloud.denied = {CELL.format(account) for account in shot.denied}
            last = life.run().sweep
    life.clock.now = END
    life.run()
    (path,) = life.bundles()
    with Archive.open(path) as archive:
        return last, decode(archive.read("report.json", 1 << 28), Report, what="report.json")


@pytest.mark.parametrize(
    ("seed", "number", "changes"),
    [
        (1, 72, 40),
        *(pytest.param(seed, 384, 150, marks=(pytest.mark.slow, pytest.mark.whole)) for seed in range(5)),
    ],
)
def test_the_period_is_what_a_calculation_by_hand_gives(tmp_path, seed, number, changes):
    shots = history(Random(seed), number, changes)
    life = begin(tmp_path, programme=HOURLY, at=shots[0].at)
    life.cloud.accounts = dict.fromkeys(ACCOUNTS, ("eu-west-1",))
    sweep, report = lived(life, shots)
    hand = Hand(shots)
    (row,) = [one for one in report.specifications if one.id == SPECIFICATION]
    (objective,) = [one for one in row.objectives if one.check == CHECK]
    results = [hand.result(index) for index in range(len(hand.shots))]
    assert (objective.due, objective.taken) == (number, len(hand.shots))
    assert (objective.within, objective.nothing) == (results.count("met"), results.count("nothing to judge"))
    assert objective.longest_unseen == hand.longest_unseen()
    assert (objective.breach_at_least, objective.breach_at_most) == hand.longest_breach()
    took = hand.mended()
    ranks = (
        (took[-(-len(took) * 50 // 100) - 1], took[-(-len(took) * 90 // 100) - 1], took[-1]) if took else (None,) * 3
    )
    assert objective.mended == len(took)
    assert (objective.remediation_median, objective.remediation_p90, objective.remediation_worst) == ranks
    tally = objective.tally
    assert (tally.passed, tally.failed, tally.unknown) == hand.counts(len(hand.shots) - 1)
    assert objective.closing == results[-1]
    assert standing(life, sweep) == hand.standing()
    assert {"missed", "met", "not shown"} <= set(results) and took, "the history has something of everything"


def standing(life: Life, sweep: Sweep) -> dict[tuple[str, str], tuple[datetime | None, datetime, bool]]:
    """The agent's own standing deviations, in the words of the calculation."""
    store, found = life.agent.store, {}
    for account in sweep.parts:
        part = read_part(store, f"sweeps/{stamp(sweep.slot)}", account)
        for one in each(store.read(part.standing), Standing, what="standing"):
            if one.check == CHECK:
                key = one.cell.split("/")[1], one.resource.rpartition("/")[2]
                found[key] = one.after, one.by, one.carried is None
    return found

"""What happens while the demo watches: a short first cycle, then a whole month.

The first sweep is due on 25 September 2026, the last on 31 October. In between things are mended and broken, a key grows old, an
approved exception runs out, and for one day the cloud answers nobody.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from agent.demo.beside import Beside
from agent.demo.defects import DEFECTS
from agent.demo.estate import Estate, day
from agent.programme import ApprovedException

BEGINS, ENDS = day("2026-09-25"), day("2026-11-01")
"""First instant of the first cycle as judged, and the end of the second."""
OUTAGE = day("2026-10-21")
"""The day on which every request is answered with 503."""
EXCEPTIONS: tuple[ApprovedException, ...] = (
    ApprovedException(
        id="access-logs-of-access-logs", check="data_access_is_logged", requester="storage-lead", approver="security-lead",
        rationale="A bucket that records access to itself never comes to rest.", created=date(2026, 9, 10), expires=date(2027, 3, 31),
        compensating_control="Data events of these buckets are recorded by the organisation's trail.",
        resources=tuple(f"arn:aws:s3:::example-{alias}-access-logs" for alias in ("log-archive", "production", "staging")),
    ),
    ApprovedException(
        id="reports-in-one-zone", check="databases_survive_a_zone", requester="storage-lead", approver="security-lead",
        rationale="The reports database is rebuilt from the catalog within the hour; it moves to two zones by mid-October.",
        created=date(2026, 9, 15), expires=date(2026, 10, 15),
        resources=("arn:aws:rds:eu-west-1:444455556666:db:reports",),
    ),
)  # fmt: skip


class Story:
    """Tells the simulated clouds what happens, in order. Time only goes forward."""

    def __init__(self, estate: Estate, others: tuple[Beside, ...] = ()) -> None:
        self.estate, self.others = estate, others
        self.events = events()

    def reach(self, now: datetime) -> None:
        """Let everything happen that happens until `now`, and set the cloud's clock to it."""
        self.estate.endpoint.outage(on=False)
        while self.events and self.events[0][0] <= now:
            instant, act = self.events.pop(0)
            self.estate.endpoint.clock(instant)
            act(self.estate)
        self.estate.endpoint.clock(now)
        self.estate.endpoint.outage(on=in_outage(now))
        for one in self.others:
            one.reach(now, out=in_outage(now))


def events() -> list[tuple[datetime, Callable[[Estate], None]]]:
    """(instant, act) of everything that somebody does after the first sweep, in order."""
    begun = [
        (defect.begins, defect.seed) for defect in DEFECTS if defect.begins and defect.seed and not defect.by_itself
    ]
    ended = [(defect.ends, defect.mend) for defect in DEFECTS if defect.ends and defect.mend]
    return sorted([*begun, *ended], key=lambda event: event[0])


def in_outage(at: datetime) -> bool:
    """The cloud answers nobody at that instant."""
    return OUTAGE <= at < OUTAGE + timedelta(days=1)

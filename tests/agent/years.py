"""A year of a provider: one or two programmes, each with daemons of its own, over one simulated cloud, and whatever can go wrong.

Everything is drawn from a seed: the cadence (months, quarters, or a programme of each), zones, intervals, replicas, incidents
(`tests.agent.incidents`). The estate is tiny and most years sweep every week or two, so that a year costs a fraction of a second.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from agent.daemon import Daemon
from agent.errors import StoreError
from agent.journal import Journal
from agent.opening import open_agent
from agent.reading import Loaded, load
from agent.running import Agent, run
from agent.store import Folder
from agent.wishes import Wishes
from controls.catalogue import CHECKS
from controls.check import Check
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "Pacific/Apia")
CADENCES = (("monthly",), ("monthly",), ("quarterly",), ("quarterly",), ("monthly", "quarterly"))
EVERY = {"monthly": ("7d", "10d", "12d", "15d"), "quarterly": ("10d", "15d", "21d", "31d")}
FEW = tuple(one for one in CHECKS if one.name in {"data_is_encrypted_at_rest", "activity_is_logged_everywhere"})
"""Checks of a year in which what they say is not the point."""
SKEW = timedelta(minutes=5)
YEAR = timedelta(days=366)


class Killed(BaseException):
    """SIGKILL: nothing runs after it."""


class Frail(Folder):
    """A store in a folder that can be away, and during whose writes the process can be killed, before or after they are done."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fuse: int | None = None
        self.away = False

    def get(self, key: str) -> bytes:
        self._reach()
        return super().get(key)

    def put_if_absent(self, key: str, data: bytes) -> bytes:
        return self._burning(lambda: super(Frail, self).put_if_absent(key, data))

    def place(self, temporary: Path, key: str) -> bool:
        return self._burning(lambda: super(Frail, self).place(temporary, key))

    def _reach(self) -> None:
        if self.away:
            raise StoreError("the store is away")

    def _burning(self, act: Callable):
        self._reach()
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse == 0:
                self.fuse = None
                raise Killed
            if self.fuse < 0:
                self.fuse = None
                act()
                raise Killed
        return act()


@dataclass
class House:
    """One programme: its folder, its text, and when some daemon of it ran undisturbed."""

    life: Life
    cadence: str
    text: str
    checks: tuple[Check, ...]
    alive: list[tuple[datetime, datetime]] = field(default_factory=list)
    _loaded: tuple[bytes, Loaded] | None = None

    @property
    def folder(self) -> Path:
        return self.life.folder

    def write(self, text: str) -> None:
        """What the programme's file says from now on."""
        (self.folder / "programme.yaml").write_text(text)

    def opened(self, clock: Callable[[], datetime], store: Frail) -> Agent:
        """A fresh agent over a store; the file is read again only if it says something else."""
        path = self.folder / "programme.yaml"
        said = path.read_bytes()
        if self._loaded is None or self._loaded[0] != said:
            self._loaded = (said, load(path))
        agent = open_agent(self._loaded[1], clock=clock, clouds=lambda *_: (self.life.cloud.cloud,))
        press = replace(agent.press, store=store, journal=Journal(store, agent.press.signer), checks=self.checks)
        return replace(agent, press=press)


@dataclass
class Replica:
    """One daemon process with a clock of its own."""

    house: House
    daemon: Daemon
    store: Frail
    wishes: Wishes
    since: datetime | None
    """From when it runs undisturbed; `None` while it does not."""
    wake: datetime


@dataclass
class Year:
    """The world around the daemons."""

    seed: int
    folder: Path
    checks: tuple[Check, ...] = CHECKS
    houses: list[House] = field(default_factory=list)
    replicas: list[Replica] = field(default_factory=list)
    dark: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When it may be that nothing could be read at all."""
    told: list[str] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        start = START + timedelta(hours=self.random.randrange(24 * 40))
        for cadence in self.random.choice(CADENCES):
            every = "24h" if self.random.random() < 0.01 else self.random.choice(EVERY[cadence])
            zone = self.random.choice(ZONES)
            text = (
                PROGRAMME.replace("monthly", cadence)
                .replace("time_zone: UTC", f"time_zone: {zone}")
                .replace("24h", every)
            )
            life = begin(self.folder / cadence, programme=text, at=start)
            if self.houses:  # the same cloud, the same time
                life.cloud, life.clock = self.houses[0].life.cloud, self.houses[0].life.clock
            self.houses.append(House(life=life, cadence=cadence, text=text, checks=self.checks))
        self.cloud, self.clock = self.houses[0].life.cloud, self.houses[0].life.clock
        self.end = self.now + YEAR

    @property
    def now(self) -> datetime:
        """The true time."""
        return self.clock.now

    def tick(self) -> float:
        """Seconds of a clock that never goes back."""
        return self.now.timestamp()

    def live(self) -> None:
        """From the commitment to the end of the year, with an incident every couple of weeks."""
        from tests.agent.incidents import INCIDENTS

        for house in self.houses:
            for _ in range(self.random.choice([1, 1, 2])):
                self.start(house)
        while self.now < self.end:
            self.go_on(self.now + timedelta(hours=self.random.randrange(24, 24 * 20)))
            incident = self.random.choice(INCIDENTS)
            self.told.append(f"{self.now:%Y-%m-%d %H:%M} {incident.__name__}")
            incident(self)
        self.mend()
        self.man()
        self.go_on(self.now + 2 * DAY)
        while self.replicas:
            self.stop(self.replicas[0])
        for (
            house
        ) in self.houses:  # a timer's run writes down what a killed daemon closed, whose next instant has not come
            run(house.opened(lambda: self.now, Frail(house.folder / "store")), sweep=False)

    def go_on(self, until: datetime) -> None:
        """Let every daemon turn until then."""
        while self.replicas:
            following = min(self.replicas, key=lambda one: one.wake)
            if following.wake > until:
                break
            self.clock.now = max(self.now, following.wake)
            self.turn(following)
        self.clock.now = max(self.now, until)

    def turn(self, replica: Replica) -> None:
        """One turn of one daemon, which may be its last."""
        try:
            replica.daemon.turn()
        except Killed:
            self.lose(replica)

    def start(self, house: House) -> None:
        """A new process, its clock up to five minutes off."""
        self.number += 1
        skew = timedelta(seconds=self.random.randrange(-300, 301))
        store, wishes = Frail(house.folder / "store"), Wishes()
        holder: list[Replica] = []

        def clock() -> datetime:
            return self.now + skew

        def wait(seconds: float) -> None:
            holder[0].wake = self.now + timedelta(seconds=max(1.0, seconds))

        def opened() -> Agent:
            return house.opened(clock, store)

        with suppress(StoreError):
            daemon = Daemon(
                agent=opened(), reopen=opened, wishes=wishes, wait=wait, ticks=self.tick,
                instance=f"process-{self.number}", longest=4 * DAY,
            )  # fmt: skip
            holder.append(Replica(house, daemon, store, wishes, self.now, self.now))
            self.replicas.append(holder[0])

    def man(self) -> None:
        """Start a process for each programme that has none."""
        for house in self.houses:
            if not any(one.house is house for one in self.replicas):
                self.start(house)

    def lose(self, replica: Replica) -> None:
        """A process is gone."""
        self.note(replica)
        replica.wishes.close()
        self.replicas.remove(replica)

    def stop(self, replica: Replica) -> None:
        """SIGTERM."""
        replica.wishes.stop()
        replica.daemon.farewell()
        self.lose(replica)

    def note(self, replica: Replica) -> None:
        """It ran undisturbed until now, if it did."""
        if replica.since is not None:
            replica.house.alive.append((replica.since, self.now))
        replica.since = None

    def disturb(self) -> None:
        """From now on nothing is promised of the daemons that run."""
        for one in self.replicas:
            self.note(one)

    def mend(self) -> None:
        """All is well again; who runs, runs undisturbed from here on."""
        self.cloud.denied.clear()
        self.cloud.organization_denied, self.cloud.revoked, self.cloud.broken = False, False, None
        for one in self.replicas:
            one.store.away, one.store.fuse = False, None
            one.since = one.since or self.now
            one.wake = self.now

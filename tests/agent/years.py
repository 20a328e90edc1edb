"""A year of a programme: one or two daemons over a simulated cloud, and whatever can go wrong, drawn from a seed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from agent.daemon import Daemon
from agent.errors import StoreError
from agent.journal import Journal
from agent.running import Agent
from agent.store import Folder
from agent.wishes import Wishes
from tests.agent.living import DAY, PROGRAMME, START, Life, begin

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
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
class Replica:
    """One daemon process with a clock of its own."""

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
    life: Life = field(init=False)
    replicas: list[Replica] = field(default_factory=list)
    alive: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When some daemon ran undisturbed, from one incident to the next."""
    told: list[str] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        cadence = self.random.choice(["monthly", "monthly", "quarterly"])
        self.every = (
            self.random.choice(["8d", "10d", "12d"])
            if cadence == "quarterly"
            else self.random.choice(["4d", "5d", "7d"])
        )
        zone = self.random.choice(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns"])
        text = (
            PROGRAMME.replace("monthly", cadence)
            .replace("time_zone: UTC", f"time_zone: {zone}")
            .replace("24h", self.every)
        )
        self.life = begin(self.folder, programme=text, at=START + timedelta(hours=self.random.randrange(24 * 40)))
        self.end = self.life.clock.now + YEAR
        self.text = text

    @property
    def now(self) -> datetime:
        """The true time."""
        return self.life.clock.now

    def tick(self) -> float:
        """Seconds of a clock that never goes back."""
        return self.now.timestamp()

    def live(self) -> None:
        """From the commitment to the end of the year, with an incident every couple of weeks."""
        for _ in range(self.random.choice([1, 1, 2])):
            self.start()
        while self.now < self.end:
            self.go_on(self.now + timedelta(hours=self.random.randrange(24, 24 * 20)))
            incident = self.random.choice(INCIDENTS)
            self.told.append(f"{self.now:%Y-%m-%d %H:%M} {incident.__name__}")
            incident(self)
        self.mend()
        if not self.replicas:
            self.start()
        self.go_on(self.now + 2 * DAY)
        while self.replicas:
            self.stop(self.replicas[0])

    def go_on(self, until: datetime) -> None:
        """Let every daemon turn until then."""
        while self.replicas:
            following = min(self.replicas, key=lambda one: one.wake)
            if following.wake > until:
                break
            self.life.clock.now = max(self.now, following.wake)
            self.turn(following)
        self.life.clock.now = max(self.now, until)

    def turn(self, replica: Replica) -> None:
        """One turn of one daemon, which may be its last."""
        try:
            replica.daemon.turn()
        except Killed:
            self.lose(replica)

    def start(self) -> None:
        """A new process, its clock up to five minutes off."""
        self.number += 1
        skew = timedelta(seconds=self.random.randrange(-300, 301))
        store, wishes = Frail(self.folder / "store"), Wishes()
        holder: list[Replica] = []

        def clock() -> datetime:
            return self.now + skew

        def wait(seconds: float) -> None:
            holder[0].wake = self.now + timedelta(seconds=max(1.0, seconds))

        def opened() -> Agent:
            agent = replace(self.life.agent, clock=clock)
            return replace(agent, press=replace(agent.press, store=store, journal=Journal(store, agent.press.signer)))

        with suppress(StoreError):
            daemon = Daemon(
                agent=opened(), reopen=opened, wishes=wishes, wait=wait, ticks=self.tick,
                instance=f"process-{self.number}", longest=DAY,
            )  # fmt: skip
            holder.append(Replica(daemon, store, wishes, self.now, self.now))
            self.replicas.append(holder[0])

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
            self.alive.append((replica.since, self.now))
        replica.since = None

    def disturb(self) -> None:
        """From now on nothing is promised of the daemons that run."""
        for one in self.replicas:
            self.note(one)

    def mend(self) -> None:
        """All is well again; who runs, runs undisturbed from here on."""
        cloud = self.life.cloud
        cloud.denied.clear()
        cloud.organization_denied, cloud.broken = False, None
        for one in self.replicas:
            one.store.away, one.store.fuse = False, None
            one.since = one.since or self.now
            one.wake = self.now


def outage(year: Year) -> None:
    """Nobody runs, for a day up to seven weeks."""
    for one in list(year.replicas):
        year.stop(one) if year.random.random() < 0.5 else year.lose(one)
    year.life.clock.now += timedelta(hours=year.random.choice([24, 100, 300, 1200]))
    year.start()


def kill(year: Year) -> None:
    """A process is killed at one of its next writes, and another one starts."""
    for one in year.replicas[:1]:
        year.disturb()
        one.store.fuse = year.random.randrange(-1, 25)
    year.go_on(year.now + timedelta(days=12))
    year.mend()
    if not year.replicas:
        year.start()


def away(year: Year) -> None:
    """The store is away for up to a week."""
    year.disturb()
    for one in year.replicas:
        one.store.away = True
    year.go_on(year.now + timedelta(hours=year.random.randrange(1, 170)))
    year.mend()


def blind(year: Year) -> None:
    """Credentials are revoked, or only one cell is denied."""
    cloud = year.life.cloud
    if year.random.random() < 0.3:
        cloud.organization_denied = True
    cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    year.go_on(year.now + timedelta(days=year.random.randrange(1, 15)))
    year.mend()


def bug(year: Year) -> None:
    """Visits raise what nobody foresaw, for some hours."""
    year.disturb()
    year.life.cloud.broken = 0
    year.go_on(year.now + timedelta(hours=year.random.randrange(1, 60)))
    year.mend()


def scope(year: Year) -> None:
    """An account comes, goes or is excluded."""
    cloud, account = year.life.cloud, year.random.choice(ACCOUNTS)
    if cloud.accounts.pop(account, None) is None:
        cloud.accounts[account] = ("eu-west-1",)
        cloud.volume(f"in-{account}", encrypted=year.random.random() < 0.7, account=account)
    elif not cloud.accounts:
        cloud.accounts[ACCOUNTS[0]] = ("eu-west-1",)


def drift(year: Year) -> None:
    """Something is broken or mended."""
    year.life.cloud.volume("one", encrypted=year.random.random() < 0.5)


def deploy(year: Year) -> None:
    """The programme is changed, perhaps into one that cannot be used."""
    broken = year.random.random() < 0.4
    text = year.text.replace("GmbH", year.random.choice(["GmbH", "AG", "SE"])).replace("slo: 100%", "slo: 90%")
    path = year.folder / "programme.yaml"
    path.write_text("provider: [\n" if broken else text)
    for one in year.replicas:
        one.wishes.reload()
        year.turn(one)
    if broken:
        path.write_text(year.text)


def scale(year: Year) -> None:
    """A replica comes or goes."""
    if len(year.replicas) > 1:
        year.stop(year.replicas[-1])
    else:
        year.start()


INCIDENTS = (outage, kill, away, blind, bug, scope, drift, deploy, scale)

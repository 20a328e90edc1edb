"""An agent over the simulator, in a folder of its own: what the tests of sweeps, cycles and seals live through."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.keys import make_salt_key, make_signing_key
from agent.opening import open_agent
from agent.reading import load
from agent.running import Agent, Ran, commit, run
from tests.agent.simulator import Clock, Simulator

PROGRAMME = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly, time_zone: UTC, sweep_every: 24h}
scope: {aws: {organization: o-simulated01, role: starcadence-read}}
approved_exceptions: exceptions
services:
  - id: object-store
    name: Example Object Store
    owner: storage-lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-03: {owner: storage-lead, responsibility: provider, slo: 100%}
      CCM:4.1:IAM-13: {owner: storage-lead, responsibility: provider}
owners: {storage-lead: {email: storage@cloud.example}}
"""
START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Life:
    """One programme over one simulated cloud."""

    folder: Path
    cloud: Simulator
    clock: Clock

    @property
    def agent(self) -> Agent:
        """A fresh agent, as every start of the process makes one."""
        return open_agent(load(self.folder / "programme.yaml"), clock=self.clock, clouds=lambda *_: (self.cloud.cloud,))

    def run(self) -> Ran:
        """Do what is due now."""
        return run(self.agent)

    def days(self, number: int) -> list[Ran]:
        """Run once a day, the clock going on a day after each."""
        found = []
        for _ in range(number):
            found.append(self.run())
            self.clock.now += DAY
        return found

    def bundles(self) -> list[Path]:
        """Every bundle of the store, oldest cycle first."""
        return sorted((self.folder / "store" / "cycles").glob("*/*/bundle-*.zip"), key=lambda path: path.parts[-2])

    def tree(self) -> dict[str, bytes]:
        """Every byte of the store except temporary files."""
        store = self.folder / "store"
        return {
            path.relative_to(store).as_posix(): path.read_bytes()
            for path in store.rglob("*")
            if path.is_file() and "tmp" not in path.relative_to(store).parts
        }


def begin(folder: Path, *, programme: str = PROGRAMME, at: datetime = START, committed: bool = True) -> Life:
    """A committed programme over an organisation with three encrypted volumes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "programme.yaml").write_text(programme)
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "exceptions").mkdir(exist_ok=True)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    life = Life(folder=folder, cloud=Simulator(), clock=Clock(at))
    for name in ("one", "two", "three"):
        life.cloud.volume(name, encrypted=True)
    if committed:
        commit(life.agent)
    return life

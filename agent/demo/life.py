"""Living through the story with the production agent: an injected clock, a simulated endpoint, and nothing else that differs."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

import msgspec
import yaml

from agent.demo import papers
from agent.demo.beside import Beside
from agent.demo.comparing import Difference, compared, tables
from agent.demo.estate import Estate
from agent.demo.people import REVIEWS, review
from agent.demo.story import BEGINS, ENDS, EXCEPTIONS, Story
from agent.keys import load_salt_key, make_salt_key, make_signing_key
from agent.opening import clouds_of, open_agent
from agent.reading import load
from agent.record import Sweep
from agent.running import Agent, commit, run

SWEEP_AT = timedelta(hours=6, minutes=10)
"""Time of day at which the simulated timer starts the agent."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIASIMULATED0000000", "AWS_SECRET_ACCESS_KEY": "simulated", "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}  # fmt: skip
OURS = ("AWS_", "AZURE_", "CLOUDSDK_", "GOOGLE_", "IDENTITY_", "MSI_", "STARCADENCE_AZURE_")
"""How the names of settings of clouds begin: the machine's own are put aside."""


@dataclass
class Hand:
    """A clock that the story moves."""

    now: datetime

    def __call__(self) -> datetime:
        """The instant at which it stands."""
        return self.now


def prepare(folder: Path) -> None:
    """Write programme, approved exceptions, papers and keys into a fresh folder."""
    papers.lay(folder, BEGINS)
    (folder / "exceptions").mkdir(parents=True)
    (folder / "keys").mkdir()
    (folder / "programme.yaml").write_text(resources.files("agent.demo").joinpath("programme.yaml").read_text())
    for exception in EXCEPTIONS:
        values = {name: value for name, value in msgspec.to_builtins(exception).items() if value}
        text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
        (folder / "exceptions" / f"{exception.id}.yaml").write_text(text)
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")


def live(
    folder: Path,
    estate: Estate,
    others: tuple[Beside, ...],
    tell: Callable[[str], None],
    until: datetime = ENDS,
    step: int = 1,
) -> tuple[Agent, tuple[Difference, ...]]:
    """Commit, run once a day (or every `step` days) to the end, seal; return the agent and where verdicts differ from the table."""
    hand, story = Hand(BEGINS), Story(estate, others)
    loaded = load(folder / "programme.yaml")
    agent = open_agent(loaded, clock=hand, clouds=clouds_of(load_salt_key(loaded.salt_key), sleep=lambda _: None))
    story.reach(hand.now)
    commit(agent)
    wrong: list[Difference] = []
    day = BEGINS
    while day < until:
        hand.now = day + SWEEP_AT
        story.reach(hand.now)
        if papers.lay(folder, hand.now):
            agent = replace(agent, loaded=load(loaded.path))
        ran = run(agent)
        for past in ran.sealed:
            tell(f"{hand.now:%Y-%m-%d}  {past.service} {past.cycle} sealed, {past.state}")
        for entry in ran.published:
            tell(f"{hand.now:%Y-%m-%d}  {entry.body['service']} {entry.body['cycle']} published")
        if ran.sweep is not None and ran.taken:
            tell(said(ran.sweep))
            wrong += compared(agent, ran.sweep, tables(estate, others, ran.sweep.nominal))
        if day == REVIEWS:
            for entry in review(agent, "2026-09"):
                answered = f"{entry.body['deviations']} deviations answered by {entry.body['reviewer']}"
                tell(f"{hand.now:%Y-%m-%d}  {entry.body['service']} {entry.body['cycle']} reviewed: {answered}")
        day += timedelta(days=step)
    hand.now = until + SWEEP_AT
    for past in run(agent, sweep=False).sealed:
        tell(f"{hand.now:%Y-%m-%d}  {past.service} {past.cycle} sealed, {past.state}")
    return agent, tuple(wrong)


def said(sweep: Sweep) -> str:
    """One sweep in a line."""
    seen = sum(sweep.resources.get("platform", {}).values())
    words = "complete" if sweep.complete else f"{sweep.unseen} of {sweep.cells} cells unseen"
    return f"{sweep.nominal:%Y-%m-%d}  swept {seen} resources with {sweep.calls} calls: {words}"


@contextmanager
def ambient(url: str, others: Iterable[Beside] = ()) -> Iterator[None]:
    """The environment of an agent whose AWS answers at `url`, with other clouds beside it, and nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(OURS)}
    try:
        for name in kept:
            del os.environ[name]
        os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=url)
        for one in others:
            os.environ.update(one.scenery.environment(one.endpoint.url))
        yield
    finally:
        for name in [name for name in os.environ if name.startswith(OURS)]:
            del os.environ[name]
        os.environ.update(kept)

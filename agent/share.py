"""Which part of a sweep a run takes, where several runs share it: an index and a count, from the command line or from the engine.

Indices count from 0. What an engine sets: Kubernetes the index of an Indexed Job (its count is told in `STARCADENCE_SHARDS`), Cloud Run
and AWS Batch both.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.errors import UsageError

COUNT = "STARCADENCE_SHARDS"
"""How many shards there are, where the engine tells only the index."""
ENGINES = (
    ("JOB_COMPLETION_INDEX", COUNT),
    ("CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"),
    ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
)
"""Variables of index and count, by engine."""
LARGEST = 10_000
"""As many indices as AWS Batch and Cloud Run hand out at most."""
_WRITTEN = re.compile(r"(\d{1,5})/(\d{1,5})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Share:
    """One of `count` disjoint parts of a sweep. The unit is the account: every shard of the same plan divides it alike."""

    index: int = 0
    count: int = 1

    @property
    def whole(self) -> bool:
        """Nothing is left to others."""
        return self.count == 1

    @property
    def first(self) -> bool:
        """The one that does at a cycle's end what one does for all."""
        return self.index == 0

    def of(self, accounts: Iterable[str]) -> tuple[str, ...]:
        """Our part of a plan's accounts, sorted."""
        return tuple(sorted(accounts)[self.index :: self.count])

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"


WHOLE = Share()


def share_of(written: str | None, environment: Mapping[str, str]) -> Share:
    """The share that a command line or else an engine's environment gives. Raises `UsageError` with a remedy."""
    if written is not None:
        found = _WRITTEN.fullmatch(written)
        if not found:
            raise UsageError(f"--shard {written}: write index and count, counted from 0, e.g. --shard 0/4 ... 3/4")
        return _checked(int(found[1]), int(found[2]), f"--shard {written}")
    for index, count in ENGINES:
        if index in environment:
            return _told(index, count, environment)
    return WHOLE


def _told(index: str, count: str, environment: Mapping[str, str]) -> Share:
    for name in (index, count):
        if not environment.get(name, "").isdecimal():
            remedy = f"set {COUNT} to the Job's completions" if name == COUNT else "the engine sets it to a number"
            raise UsageError(f"{index} is set, but {name} is {environment.get(name, 'not')!r}; {remedy}")
    return _checked(int(environment[index]), int(environment[count]), f"{index} and {count}")


def _checked(index: int, count: int, what: str) -> Share:
    if not 0 <= index < count <= LARGEST:
        raise UsageError(
            f"{what}: index {index} of {count}; indices go from 0 to count - 1, and a count from 1 to {LARGEST}"
        )
    return Share(index=index, count=count)

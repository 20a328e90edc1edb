"""What AWS Config counts: which types of resource an account has in a region, so that nobody asks service by service for nothing.

Only a recorder that records continuously tells: its count is a few minutes old at most, and a type that it does not record is not
counted. Everything else is read directly.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from collectors.aws.elements import flag, text
from collectors.aws.gathered import CellSession

CONTINUOUS = "CONTINUOUS"
ALL, SOME, BUT = "ALL_SUPPORTED_RESOURCE_TYPES", "INCLUSION_BY_RESOURCE_TYPES", "EXCLUSION_BY_RESOURCE_TYPES"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One account and region."""

    counts: Mapping[str, int]
    """Native type -> how many; a type of which there is none is not in it. -1: some, and nobody knows how many."""
    recorders: tuple[Mapping[str, Any], ...]
    """The recorders that are at work."""

    def none_of(self, natives: Collection[str]) -> bool:
        """There is nothing of these types: each is recorded as it changes, and none is counted."""
        return all(not self.counts.get(native) and self.records(native) for native in natives)

    def records(self, native: str) -> bool:
        """Some recorder keeps up with every change of the type."""
        return any(recorded(one, native) for one in self.recorders)


@dataclass(frozen=True)
class Census:
    """What the sweep has learned so far, by account and region. Entries are put once and only read then."""

    known: dict[tuple[str, str], Counted] = field(default_factory=dict)

    def none_of(self, account: str, region: str, natives: Collection[str]) -> bool:
        """There is certainly nothing of these types, of which there must be some; `False` where that is not known."""
        counted = self.known.get((account, region))
        return bool(natives) and counted is not None and counted.none_of(natives)


class CountingSession(CellSession, Protocol):
    """A session that shares what was counted with the other cells of its sweep. `AwsSession` is one."""

    census: Census


def recorded(recorder: Mapping[str, Any], native: str) -> bool:
    """The recorder keeps up with every change of a type (Config API reference, `RecordingGroup` and `RecordingMode`)."""
    group = recorder.get("recordingGroup")
    if not isinstance(group, Mapping) or text(recorder, "servicePrincipal"):
        return False
    strategy = text(group.get("recordingStrategy"), "useOnly")
    if strategy is None:
        strategy = ALL if flag(group, "allSupported") else SOME
    left_out = (group.get("exclusionByResourceTypes") or {}).get("resourceTypes") or []
    named = {
        ALL: True,
        SOME: native in (group.get("resourceTypes") or []),
        BUT: native not in left_out,
    }.get(strategy, False)
    return named and frequency(recorder.get("recordingMode"), native) == CONTINUOUS


def frequency(mode: Any, native: str) -> str | None:
    """How often a type is recorded; without a mode continuously, which is the service's default."""
    if not isinstance(mode, Mapping):
        return CONTINUOUS
    for other in mode.get("recordingModeOverrides") or []:
        if native in (other.get("resourceTypes") or []):
            return text(other, "recordingFrequency")
    return text(mode, "recordingFrequency") or CONTINUOUS

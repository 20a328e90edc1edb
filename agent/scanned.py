"""What the closing sweep's findings and scanners count for metrics that tallies do not give: severities, ages, things covered.

Read from the sealed shards themselves, so that a bundle gives the same counts again. Counted for one service, cloud by cloud.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from agent.canonical import each
from agent.membership import Membership
from agent.period import Due, counted
from agent.programme import Service
from agent.record import Judged, Part, Shard, Standing
from agent.shards import paired
from collectors.resources import AnyResource
from collectors.sighting import Reading, Sighting
from collectors.watching import Finding, Watch
from controls.tally import Tally
from controls.verdict import Outcome

MENDED = "vulnerabilities_are_mended_in_time"
COVERED = "vulnerability_scans_cover_all"
FOUND_WITHIN = timedelta(days=7)
"""From a vulnerability's publication to its finding, for TVM-10-M1."""
GRAVE = ("critical", "high", None)
"""Severities that are counted; one that was not learned may be grave."""
Scanned = Mapping[str, Mapping[str, Tally]]
"""Metric id -> cloud -> what was counted."""


class Blobs(Protocol):
    """Where blobs lie: the store, or a bundle."""

    def read(self, address: str) -> bytes:
        """The plain bytes of a blob."""
        ...


def scanned(
    blobs: Blobs, parts: Sequence[Part], service: Service, dues: Sequence[Due],
    standing: Iterable[Standing], resources: Mapping[tuple[str, str], AnyResource],
) -> Scanned:  # fmt: skip
    """The counts of one service at the closing sweep; nothing where none was taken."""
    last = next((due.sweep for due in reversed(dues) if due.sweep is not None), None)
    if last is None:
        return {}
    found: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for provider in {part.provider for part in parts}:
        unseen = Tally(unseen=(counted(last, service.id, MENDED, provider) or Tally()).unseen)
        for metric in ("AIS-07-M6", "TVM-03-M1", "TVM-10-M1"):
            found[metric][provider] += unseen
        found["TVM-07-M1"][provider] += Tally(unseen=(counted(last, service.id, COVERED, provider) or Tally()).unseen)
    for part in parts:
        _vulnerabilities(blobs, part, service, found)
        _coverage(blobs, part, service, found["TVM-07-M1"])
    for one in standing:
        resource = resources.get((one.facts, one.resource))
        if one.check == MENDED and one.carried is not None and isinstance(resource, Finding):
            _note(found, resource, Outcome.FAILED, certain=True)
    for provider, number in _late(dues, service.id).items():
        for metric in ("AIS-07-M6", "TVM-03-M1"):
            found[metric][provider] += Tally(failed=number)
    return {metric: dict(clouds) for metric, clouds in found.items()}


def _vulnerabilities(blobs: Blobs, part: Part, service: Service, found: Mapping[str, dict[str, Tally]]) -> None:
    """Open findings with the verdicts that they got; what stood in cells that were not seen is unknown."""
    membership = Membership((service,))
    for shard in _shards(part, Finding.__name__):
        verdicts = {
            one.resource: Outcome(one.outcome)
            for one in each(blobs.read(shard.verdicts), Judged, what=shard.name)
            if one.check == MENDED
        }
        for resource in _resources(blobs, shard):
            for _, certain in membership.of(resource):
                if isinstance(resource, Finding) and resource.id in verdicts:
                    _note(found, resource, verdicts[resource.id], certain=certain)
    for services in part.remembered.values():
        unknown = Tally(unknown=services.get(service.id, {}).get(MENDED, 0))
        for metric in ("AIS-07-M6", "TVM-03-M1", "TVM-10-M1"):
            found[metric][part.provider] += unknown


def _note(found: Mapping[str, dict[str, Tally]], one: Finding, outcome: Outcome, *, certain: bool) -> None:
    if one.severity not in GRAVE or outcome is Outcome.NOT_APPLICABLE:
        return
    mended = _counted(outcome, certain=certain and one.severity is not None)
    for metric in ("AIS-07-M6", "TVM-03-M1"):
        found[metric][one.provider] += mended
    known = one.first_seen is not None and one.published is not None
    early = known and one.first_seen - one.published <= FOUND_WITHIN  # type: ignore[operator]
    in_time = (Outcome.PASSED if early else Outcome.FAILED) if known else Outcome.UNKNOWN
    found["TVM-10-M1"][one.provider] += _counted(in_time, certain=certain and one.severity is not None)


def _counted(outcome: Outcome, *, certain: bool) -> Tally:
    if outcome is Outcome.UNKNOWN or not certain:
        return Tally(unknown=1)
    return Tally(passed=1) if outcome is Outcome.PASSED else Tally(failed=1)


def _coverage(blobs: Blobs, part: Part, service: Service, clouds: dict[str, Tally]) -> None:
    """What the scanners of one account say that they look at, of what they say that there is."""
    membership = Membership((service,))
    for shard in _shards(part, Watch.__name__):
        for resource in _resources(blobs, shard):
            if (
                not isinstance(resource, Watch)
                or resource.kind != "vulnerability scanning"
                or not membership.of(resource)
            ):
                continue
            there, seen = resource.coverable, resource.covered
            if there is None or (seen is None and resource.enabled is not False):
                clouds[part.provider] += Tally(unseen=1)
            else:
                looked = min(seen or 0, there) if resource.enabled is not False else 0
                clouds[part.provider] += Tally(passed=looked, failed=there - looked)


def _late(dues: Iterable[Due], service: str) -> Counter[str]:
    """Cloud -> vulnerabilities that failed, and ended in the cycle; of whatever severity, which nobody wrote down."""
    ended = (one for due in dues if due.sweep for one in due.sweep.ended)
    return Counter(
        one.cell.split("/", 1)[0]
        for one in ended
        if one.check == MENDED and service in one.services and one.how in {"mended", "deleted"}
    )


def _shards(part: Part, type_name: str) -> Iterator[Shard]:
    return (shard for shard in part.shards if shard.name.rsplit("/", 1)[-1].startswith(f"{type_name}-"))


def _resources(blobs: Blobs, shard: Shard) -> Iterator[AnyResource]:
    readings = each(blobs.read(shard.readings), Reading, what=shard.name) if shard.readings else ()
    for _, resource in paired(each(blobs.read(shard.facts), Sighting, what=shard.name), readings):
        yield resource

"""What the checks cover, by the strict definition: a check counts on a cloud only if that cloud's collectors learn every fact that it
reads, and the cloud's simulated estate gives it at least one passed and one failed.

The second half needs an estate, so it is shipped as a generated fact, `proven.json` (cloud -> names of checks). It is written from the
verdicts on each cloud's fake estate as `proven_text` words it, and a test of each cloud compares the two: never edit it by hand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from collectors.collector import Collector
from controls import ccm
from controls.assess import concerns
from controls.catalogue import CHECKS, linked
from controls.check import Check, Link
from controls.reasons import reason

CLOUDS = ("aws", "gcp", "azure")
Reach = Literal["full", "part", "none"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One specification and what counts as coverage of it."""

    specification: str
    title: str
    aws: tuple[str, ...]
    """Names of the checks that count there, in catalogue order."""
    gcp: tuple[str, ...]
    azure: tuple[str, ...]
    reach: Reach
    """`full` only if on every cloud that has coverage a check with a full link counts."""
    metrics: tuple[str, ...]
    """CSA continuous audit metrics of this specification that those checks feed."""
    unseen: str
    """What remains unseen, per check; for `none`, why."""

    def public(self) -> dict[str, object]:
        """The seven fields that `catalog coverage --json` prints."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "unseen"}


def coverage(
    version: ccm.Version,
    collectors: Iterable[Collector],
    examples: Mapping[str, Collection[str]],
    checks: Sequence[Check] = CHECKS,
) -> tuple[Row, ...]:
    """One row per specification of the version, in CCM's order. `examples` is cloud -> checks that its estate has proven."""
    seers = tuple(collectors)
    counting = {
        cloud: frozenset(
            each.name for each in checks if each.name in examples.get(cloud, ()) and learnt(each, cloud, seers)
        )
        for cloud in CLOUDS
    }
    return tuple(_row(one, linked(one.id, checks), counting) for one in ccm.specifications(version))


def learnt(check: Check, cloud: str, collectors: Iterable[Collector]) -> bool:
    """Some collector of the cloud sees what the check judges, and each that does learns every fact that the check reads."""
    seers = [each for each in collectors if each.provider == cloud and concerns(check, each)]
    return bool(seers) and all(set(check.reads) <= set(each.learns) for each in seers)


def proven(cloud: str) -> frozenset[str]:
    """The checks of which the cloud's simulated estate gave at least one passed and one failed, as shipped."""
    text = (Path(__file__).parent / "proven.json").read_bytes()
    return frozenset(msgspec.json.decode(text, type=dict[str, tuple[str, ...]]).get(cloud, ()))


def proven_text(found: Mapping[str, Iterable[str]]) -> str:
    """What `proven.json` must hold for these findings: every cloud, names sorted, one to a line."""
    facts = {cloud: sorted(set(found.get(cloud, ()))) for cloud in sorted(CLOUDS)}
    return msgspec.json.format(msgspec.json.encode(facts), indent=2).decode() + "\n"


def _row(one: ccm.Specification, links: tuple[tuple[Check, Link], ...], counting: Mapping[str, Collection[str]]) -> Row:
    clouds = {cloud: tuple(check.name for check, _ in links if check.name in counting[cloud]) for cloud in CLOUDS}
    counted = [(check, link) for check, link in links if any(check.name in names for names in clouds.values())]
    wholly = {check.name for check, link in counted if link.reach == "full"}
    reach: Reach = "none"
    if counted:
        reach = "full" if all(wholly & set(names) for names in clouds.values() if names) else "part"
    return Row(
        specification=one.id, title=one.title, aws=clouds["aws"], gcp=clouds["gcp"], azure=clouds["azure"], reach=reach,
        metrics=tuple(sorted({check.metric for check, _ in counted if check.metric and _feeds(check.metric, one)})),
        unseen=_unseen(one, links, counted),
    )  # fmt: skip


def _feeds(metric: str, one: ccm.Specification) -> bool:
    """A metric is named after the specification of CCM 4.0 that it measures."""
    measured = f"CCM:4.0:{metric.rpartition('-')[0]}"
    return ccm.translate(measured, one.version).target == one.id


def _unseen(one: ccm.Specification, links: tuple[tuple[Check, Link], ...], counted: list[tuple[Check, Link]]) -> str:
    if counted:
        return "; ".join(dict.fromkeys(link.words for _, link in counted))
    if links:
        return f"written, but not yet proven on any cloud: {', '.join(check.name for check, _ in links)}"
    return reason(one.id) or ""

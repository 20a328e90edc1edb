"""What a service commits to: its references and patterns, each made plain against the CCM version that it names."""

from collections.abc import Iterable

from agent.programme import Commitment, Service
from controls.ccm import Version, expand, release, specification, specifications, translate


def committed(service: Service) -> dict[str, Commitment]:
    """Each committed specification with its commitment, in CCM order; an exact id wins over a pattern, a longer pattern over a shorter."""
    version = release(service.ccm)
    found: dict[str, Commitment] = {}
    for reference in sorted(service.specifications, key=lambda one: (not one.endswith("*"), len(one))):
        for name in expand(reference, version):
            found[name] = service.specifications[reference]
    return {one.id: found[one.id] for one in specifications(version) if one.id in found}


def committed_by(reference: str, ccm: str) -> tuple[tuple[str, ...], str]:
    """The specifications that a reference stands for under a CCM release, and why it stands for none: empty words where it does."""
    version = release(ccm)
    try:
        return expand(reference, version), ""
    except ValueError as error:
        return (), f"{error}{_elsewhere(reference, ccm)}"


def named(references: Iterable[str], version: Version) -> tuple[str, ...]:
    """The specifications of one CCM version that references of either stand for, in CCM order; the other's come by the crosswalk."""
    every = {name for one in references for release in ("4.1.0", "4.0.13") for name in committed_by(one, release)[0]}
    here = {translate(name, version).target for name in every}
    return tuple(one.id for one in specifications(version) if one.id in here)


def _elsewhere(reference: str, ccm: str) -> str:
    """What became of a specification of the other version in this one."""
    try:
        target = translate(reference, release(ccm)).target
    except ValueError:  # no specification of either version
        return ""
    return f"; there it is {target} ({specification(target).title})" if target else "; there it has no successor"

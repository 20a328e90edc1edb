"""Whose a piece of work is: the first of what carries these tags, lies in this account, concerns this specification; then who
committed to the specification; then who answers for the service. Where several owners claim it alike, the first by name."""

from collections.abc import Mapping, Sequence

from agent.committed import committed
from agent.people import Owner
from agent.programme import Programme, Service
from controls import ccm
from controls.catalogue import links
from controls.check import Check


def owner_of(
    programme: Programme, services: Sequence[Service], check: Check, account: str, tags: Mapping[str, str] | None
) -> str:
    """The owner of what a check says of a resource in an account. `services` are those that the resource belongs to, at least one."""
    specifications = specifications_of(check, services)
    claims = (
        lambda owner: bool(owner.tags) and tags is not None and owner.tags.items() <= tags.items(),
        lambda owner: account in owner.accounts,
        lambda owner: any(_is_of(one, owner) for one in specifications),
    )
    for claim in claims:
        for name in sorted(programme.owners):
            if claim(programme.owners[name]):
                return name
    for service in services:
        for reference, commitment in committed(service).items():
            if reference in specifications:
                return commitment.owner
    return services[0].owner


def specifications_of(check: Check, services: Sequence[Service]) -> tuple[str, ...]:
    """The specifications that a check speaks of, in the versions of these services."""
    versions = dict.fromkeys(ccm.release(service.ccm) for service in services)
    return tuple(link.specification for version in versions for link in links(check, version))


def _is_of(reference: str, owner: Owner) -> bool:
    return any(
        reference.startswith(pattern[:-1]) if pattern.endswith("*") else reference == pattern
        for pattern in owner.specifications
    )

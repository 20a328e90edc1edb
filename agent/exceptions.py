"""Approved exceptions: which one, if any, covers a deviation on a day. They change no verdict and no result."""

from collections.abc import Iterable
from datetime import date

from agent.programme import ApprovedException
from collectors.resource import Resource


def in_force(exception: ApprovedException, day: date) -> bool:
    """From the day it was made to the day it expires, both included."""
    return exception.created <= day <= exception.expires


def covers(exception: ApprovedException, check: str, resource: Resource) -> bool:
    """The exception names the check, and the resource by id, account or tags; every way that it names must fit."""
    if exception.check != check:
        return False
    ways = []
    if exception.resources:
        ways.append(any(_matches(pattern, resource.id) for pattern in exception.resources))
    if exception.accounts:
        ways.append(resource.account in exception.accounts)
    if exception.tags:
        ways.append(resource.tags is not None and exception.tags.items() <= resource.tags.items())
    return bool(ways) and all(ways)


def covering(exceptions: Iterable[ApprovedException], check: str, resource: Resource, day: date) -> str | None:
    """Id of the first exception (by id) in force that covers the deviation."""
    for exception in sorted(exceptions, key=lambda one: one.id):
        if in_force(exception, day) and covers(exception, check, resource):
            return exception.id
    return None


def _matches(pattern: str, resource: str) -> bool:
    return resource.startswith(pattern[:-1]) if pattern.endswith("*") else resource == pattern

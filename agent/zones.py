"""IANA time zones by name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.errors import UsageError


def zone(name: str) -> ZoneInfo:
    """The zone of a name. Raises `UsageError` for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"{name!r} is not a time zone; write an IANA name such as Europe/Berlin") from error

"""What time it is, as the provider dates its answers: nobody's clock but its own is held against its instants."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from collectors.sighting import Call


def dated(calls: Iterable[Call]) -> datetime | None:
    """When the last of these answers was given; `None` if none says."""
    found = None
    for call in calls:
        if call.date:
            try:
                found = parsedate_to_datetime(call.date).astimezone(UTC)
            except ValueError:
                continue
    return found

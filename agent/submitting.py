"""Writing down that something was submitted to the STAR registry: a published cycle, or the questionnaire of level 1 by itself."""

from datetime import date, datetime
from typing import Any

from agent.errors import UsageError
from agent.journal import Entry, Journal
from agent.steps import lives


def submit(
    journal: Journal, service: str, cycle: str | None, *, reference: str, by: str | None, on: date, now: datetime
) -> Entry:
    """The entry of a submission on a day; the same one again changes nothing. Raises `UsageError` for what was never published.

    Without a cycle it is the questionnaire alone: once a day at most.
    """
    if not reference.strip():
        raise UsageError("give --reference: the registry's number or address of the submission")
    if on > now.date():
        raise UsageError(f"{on} has not come yet; give the day on which it was submitted")
    body: dict[str, Any] = {"service": service, "cycle": cycle, "reference": reference, "by": by, "on": on.isoformat()}
    if cycle is None:
        return journal.append("submitted", f"submitted/{service}/questionnaire/{on.isoformat()}", body, now)
    life = next((one for one in lives(journal.entries, now) if (one.service, one.cycle) == (service, cycle)), None)
    if life is None:
        raise UsageError(f"there is no cycle {cycle} of {service}; `starcadence status` lists them")
    published, sealed = life.step("published"), journal.find(f"sealed/{service}/{cycle}")
    if sealed is None:
        raise UsageError(f"{service} {cycle} is {life.state}, not sealed; only what is sealed can be submitted")
    if published is not None and published.due is not None and published.done is None:
        raise UsageError(
            f"{service} {cycle} is {life.state}, and the programme publishes it first; review it, then type `starcadence run`"
        )
    return journal.append(
        "submitted", f"submitted/{service}/{cycle}", {**body, "manifest": sealed.body["manifest"]}, now
    )

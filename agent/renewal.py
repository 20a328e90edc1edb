"""What is renewed apart from the cycles: the level 1 questionnaire, the registry entry, the certificate underneath and its surveillance.

Pure: the programme's dates, the submissions that the journal holds, and the clock. Days are days of UTC; a renewal is overdue from
the day after.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import msgspec

from agent.journal import Entry
from agent.programme import Cadence, Programme, Service

What = Literal["questionnaire", "registry", "certificate", "surveillance"]
WHAT: tuple[What, ...] = ("questionnaire", "registry", "certificate", "surveillance")
QUESTIONNAIRE = timedelta(days=30)
"""From one submission of the questionnaire to the next, whatever the cycle."""
SOON = timedelta(days=30)
"""From so many days before, a renewal is work."""
SOONER = timedelta(days=7)
"""The questionnaire comes monthly: it is work from so many days before."""
WORDS: dict[What, str] = {
    "questionnaire": "submit the level 1 questionnaire again (`starcadence submit`)",
    "registry": "renew the registry entry",
    "certificate": "renew the certificate or attestation under level 2",
    "surveillance": "the surveillance audit or next attestation period is due",
}


class Renewal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that falls due on a day."""

    service: str
    what: What
    due: date

    @property
    def until(self) -> datetime:
        """The instant from which it is overdue."""
        return datetime.combine(self.due + timedelta(days=1), time(), tzinfo=UTC)

    def is_work(self, now: datetime) -> bool:
        """It is near, or past."""
        return now >= self.until - (SOONER if self.what == "questionnaire" else SOON)


def submissions(entries: Iterable[Entry], service: str) -> tuple[date, ...]:
    """Days of the service's submissions, as the journal holds them."""
    return tuple(
        date.fromisoformat(entry.body["on"])
        for entry in entries
        if entry.kind == "submitted" and entry.body["service"] == service
    )


def renewals(programme: Programme, entries: Sequence[Entry], now: datetime) -> tuple[Renewal, ...]:
    """The next of each kind for each service, in the programme's order. Nothing for what was never submitted or certified."""
    return tuple(one for service in programme.services for one in _service(service, entries, now))


def misfit(service: Service, cadence: Cadence) -> str | None:
    """What a cadence of quarters does not reach by itself, in words; `None` for one of months."""
    if cadence.cycle == "monthly":
        return None
    return (
        f"{service.id}: a quarterly cycle does not meet the level 1 questionnaire, which is due every {QUESTIONNAIRE.days} days: "
        "submit it in between (`starcadence submit` without a cycle), or take the cadence monthly"
    )


def _service(service: Service, entries: Sequence[Entry], now: datetime) -> Iterator[Renewal]:
    registry = service.registry
    days = [*submissions(entries, service.id), *([registry.submitted] if registry.submitted else [])]
    last = max(days, default=None)
    if last is not None:
        yield Renewal(service=service.id, what="questionnaire", due=last + QUESTIONNAIRE)
    expires = registry.expires or (_a_year_after(last) if last else None)
    if expires is not None:
        yield Renewal(service=service.id, what="registry", due=expires)
    if registry.certificate is not None:
        yield Renewal(service=service.id, what="certificate", due=registry.certificate.until)
        yield from _surveillance(service.id, registry.certificate.surveillance, now)


def _surveillance(service: str, days: Sequence[date], now: datetime) -> Iterator[Renewal]:
    """The next day that has not passed; a day that was kept is taken out of the programme or simply passes."""
    ahead = sorted(day for day in days if day >= now.date())
    if ahead:
        yield Renewal(service=service, what="surveillance", due=ahead[0])


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)

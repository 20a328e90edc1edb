"""Numbers, durations and instants as a reader sees them: rounded toward the worse side, or not at all."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def share(text: str) -> Fraction:
    """A share as it stands in a report (`39/40`, `1`) or in a programme (`99.5%`)."""
    return Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text)


def percent(value: Fraction) -> str:
    """Two decimals, cut off and never rounded up: 199999/200000 is 99.99%, and only the whole is 100.00%."""
    hundredths = value.numerator * 10_000 // value.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def exactly(text: str) -> str:
    """An objective, which is never rounded: `199/200` is 99.5%; what has no short decimal stays a fraction."""
    if text.endswith("%"):
        return text
    value = share(text) * 100
    places = next((n for n in range(7) if (value * 10**n).denominator == 1), None)
    if places is None:
        return text
    return f"{int(value)}%" if places == 0 else f"{int(value)}.{int(value * 10**places) % 10**places:0{places}d}%"


def span(low: str, high: str) -> str:
    """A value's range: `97.50% to 100.00%`; one figure where both ends are the same."""
    ends = share(low), share(high)
    return percent(ends[0]) if ends[0] == ends[1] else f"{percent(ends[0])} to {percent(ends[1])}"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 gap`, `5,000 gaps`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: int) -> str:
    """The two largest units, rounded up, since longer is worse: 169200 is `1 day 23 hours`."""
    minutes = -(-seconds // 60)
    hours = minutes // 60 if minutes < 1440 else -(-minutes // 60)
    if minutes < 60:
        return count(minutes, "minute")
    if minutes < 1440:
        return _pair(hours, "hour", minutes % 60, "minute")
    return _pair(hours // 24, "day", hours % 24, "hour")


def _pair(large: int, noun: str, small: int, smaller: str) -> str:
    return count(large, noun) + (f" {count(small, smaller)}" if small else "")


def instant(moment: datetime) -> str:
    """To the minute and in UTC, as in the sealed files: `2026-10-03 04:12 UTC`."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def stamp(moment: datetime) -> str:
    """The exact instant for machines, as RFC 3339."""
    return moment.isoformat().replace("+00:00", "Z")


def day(moment: datetime, zone: str) -> str:
    """`3 October 2026` on the calendar of the programme."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def period(start: datetime, end: datetime, zone: str) -> str:
    """From the first to the last day, both included; `end` itself is the next cycle's."""
    first, last = day(start, zone).split(), day(end - timedelta(microseconds=1), zone).split()
    if first == last:
        return " ".join(first)
    kept = 1 if first[1:] == last[1:] else 2 if first[2] == last[2] else 3
    return f"{' '.join(first[:kept])} to {' '.join(last)}"

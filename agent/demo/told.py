"""What the simulated cloud was told to answer: the state of services that moto does not play, or plays without what is asked of it.

GuardDuty, Inspector, Macie, Security Hub, Access Analyzer, AWS Config's recorder, Systems Manager's view of a machine and the jobs of AWS
Backup are told, as answers in the form of the API reference. Each stands for an account and a region, or for all.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

EVERYWHERE = ""
"""In place of an account or a region."""
AGO = "ago"
"""`{"ago": 90}` in an answer is the instant 90 seconds before it is given."""


class Line(NamedTuple):
    """One answer."""

    given: str
    """A part of the request (as text) that must be there; empty for any request."""
    answer: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """All answers: by account, region and `service.Operation`."""

    lines: dict[tuple[str, str, str], list[Line]] = field(default_factory=dict)

    def tell(self, account: str, region: str, operation: str, answer: dict[str, Any], given: str = "") -> None:
        """Set an answer; it takes the place of one for the same requests."""
        here = self.lines.setdefault((account, region, operation), [])
        here[:] = sorted([*(one for one in here if one.given != given), Line(given, answer)], key=precision)

    def answer(self, account: str, region: str, operation: str, words: str) -> dict[str, Any] | None:
        """The answer to a request whose text is `words`: the most particular that there is; `None` where nothing was told."""
        places = ((account, region), (account, EVERYWHERE), (EVERYWHERE, region), (EVERYWHERE, EVERYWHERE))
        lines = (line for place in places for line in self.lines.get((*place, operation), ()))
        return next((line.answer for line in lines if line.given in words), None)


def precision(line: Line) -> int:
    """Sorts the lines that ask for more before those that ask for less."""
    return -len(line.given)


def timed(answer: Any) -> bool:
    """It holds an instant that moves with the clock."""
    if isinstance(answer, dict):
        return set(answer) == {AGO} or any(map(timed, answer.values()))
    return isinstance(answer, list) and any(map(timed, answer))


def at(answer: Any, now: datetime) -> Any:
    """The answer as it is given at an instant."""
    if isinstance(answer, dict):
        if set(answer) == {AGO}:
            return now - timedelta(seconds=answer[AGO])
        return {key: at(value, now) for key, value in answer.items()}
    return [at(one, now) for one in answer] if isinstance(answer, list) else answer

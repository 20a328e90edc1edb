"""Metric filters' patterns over records in JSON, matched as CloudWatch Logs matches them.

Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters": comparisons of `$.field` joined by `&&` and `||`. A pattern
that cannot be read to its end matches nothing, and so do words without a field: doubt never makes an alarm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.aws.statements import matches as fits

TOKEN = re.compile(
    r"\s*(?:(?P<sign>&&|\|\||\(|\)|!=|<=|>=|=|<|>)|(?P<field>\$\.[\w.\-\[\]'\"*]+)|\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<word>[^\s()=!<>&|\"]+))"
)
MISSING = object()
"""Told apart by identity: the record has no such field."""
CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}


class Unreadable(ValueError):
    """The pattern is not one of the documented form."""


@dataclass(kw_only=True)
class Reading:
    """A pattern that is being matched against a record, token by token."""

    tokens: list[tuple[str, str]]
    record: Mapping[str, Any]
    at: int = 0

    def next(self) -> tuple[str, str]:
        """The next token's kind and text; two empty words at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self, kind: str = "", text: str = "") -> str:
        """Go past a token, which must be of that kind and text where they are given."""
        found = self.next()
        if not found[0] or (kind and found[0] != kind) or (text and found[1] != text):
            raise Unreadable(found[1])
        self.at += 1
        return found[1]

    def either(self) -> bool:
        """Terms joined by `||`."""
        found = self.both()
        while self.next() == ("sign", "||"):
            self.take()
            found = self.both() or found
        return found

    def both(self) -> bool:
        """Terms joined by `&&`."""
        found = self.one()
        while self.next() == ("sign", "&&"):
            self.take()
            found = self.one() and found
        return found

    def one(self) -> bool:
        """A group in parentheses, or a comparison."""
        if self.next() == ("sign", "("):
            self.take()
            found = self.either()
            self.take("sign", ")")
            return found
        return self.comparison(value(self.record, self.take("field")))

    def comparison(self, known: Any) -> bool:
        """What stands behind a field."""
        kind, text = self.next()
        self.take()
        match kind, text.upper():
            case "word", "NOT":
                self.take("word", "EXISTS")
                return known is MISSING
            case "word", "EXISTS":
                return known is not MISSING
            case "word", "IS":
                return self.constant(known)
            case "sign", ("=" | "!=" | "<" | ">" | "<=" | ">="):
                return compared(text, known, *self.operand())
        raise Unreadable(text)

    def constant(self, known: Any) -> bool:
        """`TRUE`, `FALSE` or `NULL`."""
        text = self.take("word").upper()
        if text not in CONSTANTS:
            raise Unreadable(text)
        return known is CONSTANTS[text]

    def operand(self) -> tuple[str, bool]:
        """The word to compare with, and whether it stands in quotation marks."""
        kind, text = self.next()
        if kind not in {"quoted", "word"}:
            raise Unreadable(text)
        self.take()
        return text, kind == "quoted"


def matches(pattern: str | None, record: Mapping[str, Any]) -> bool:
    """The record fits the pattern."""
    body = (pattern or "").strip()
    if not (body.startswith("{") and body.endswith("}")):
        return False
    try:
        reading = Reading(tokens=tokens(body[1:-1].strip()), record=record)
        found = reading.either()
    except Unreadable:
        return False
    return found and reading.at == len(reading.tokens)


def tokens(body: str) -> list[tuple[str, str]]:
    """Kind and text of each token."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        token = TOKEN.match(body, at)
        if token is None or token.lastgroup is None:
            raise Unreadable(body[at : at + 20])
        found.append((token.lastgroup, token[token.lastgroup]))
        at = token.end()
    return found


def value(record: Any, path: str) -> Any:
    """The value at `$.a.b`."""
    for name in path.removeprefix("$.").split("."):
        record = record.get(name, MISSING) if isinstance(record, Mapping) else MISSING
    return record


def compared(sign: str, known: Any, operand: str, quoted: bool) -> bool:  # noqa: FBT001 - as the pattern has it, in its order
    """One comparison. A field that is not there is unequal to everything, and fits nothing else."""
    if known is MISSING or known is None:
        return sign == "!="
    if sign in {"=", "!="}:
        text = str(known).lower() if isinstance(known, bool) else str(known)
        return (fits(operand, text) and ("?" not in operand or operand == text)) is (sign == "=")
    if quoted or isinstance(known, bool) or not isinstance(known, int | float):
        return False
    try:
        order = (known > float(operand)) - (known < float(operand))
    except ValueError as error:
        raise Unreadable(operand) from error
    return order in {{"<": -1, ">": 1, "=": 0}[one] for one in sign}

"""AWS policy documents as values: parsed strictly, matched as IAM matches, without I/O.

The grammar is that of the IAM user's guide ("Grammar of the IAM JSON policy language"): every element that may be a list may also
be a single string; `Principal` is `"*"` or a map; documents come as parsed JSON, as JSON text or as URL-encoded JSON text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

Document = str | Mapping[str, Any]
"""A policy document in any of the forms in which the provider hands it out."""


ELEMENTS = frozenset({"Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"})
"""What narrows or widens a statement: absent means something, null means nothing."""


class Malformed(ValueError):
    """The document does not have the documented shape; what it allows is not learned."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One line of a condition block: it holds if any of its values does; all lines of a block must hold."""

    operator: str
    """As written, e.g. `StringEqualsIfExists`, `ForAnyValue:StringLike`."""
    key: str
    """In lower case: condition keys are not case-sensitive."""
    values: tuple[str, ...]

    @property
    def plain(self) -> str:
        """The operator in lower case, without `ForAnyValue:`; `IfExists` and `ForAllValues:` stay, as they change what it says."""
        return self.operator.lower().removeprefix("foranyvalue:")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. An element that is absent is `None`; `*` elements are patterns with `*` and `?`."""

    allows: bool
    """Effect: true for Allow, false for Deny."""
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: tuple[tuple[str, str], ...] | None
    """(`AWS` | `Service` | `Federated` | `CanonicalUser`, value); `"*"` is written as (`*`, `*`)."""
    not_principals: tuple[tuple[str, str], ...] | None
    conditions: tuple[Condition, ...]

    def covers_action(self, action: str) -> bool:
        """The statement speaks of that action (`service:Name`, in any case)."""
        if self.actions is not None:
            return any_matches(self.actions, action.lower())
        return self.not_actions is not None and not any_matches(self.not_actions, action.lower())

    def covers_resource(self, arn: str) -> bool:
        """The statement speaks of that resource; one without a resource element (a trust policy) speaks of all."""
        if self.resources is not None:
            return any_matches(self.resources, arn)
        return self.not_resources is None or not any_matches(self.not_resources, arn)

    @property
    def names_somebody(self) -> bool:
        """It has a principal, or names those whom it leaves out."""
        return self.principals is not None or self.not_principals is not None

    @property
    def for_everyone(self) -> bool:
        """The principal is everybody, anonymous callers included."""
        return self.principals is not None and any(everyone(kind, value) for kind, value in self.principals)


def everyone(kind: str, value: str) -> bool:
    """`"*"`, `{"AWS": "*"}` and `{"*": "*"}` all name everybody."""
    return value == "*" and kind in {"*", "AWS"}


def statements(document: Document) -> tuple[Statement, ...]:
    """The statements of a document; raises `Malformed`."""
    block = parsed(document).get("Statement")
    if block is None:
        raise Malformed("no Statement")
    return tuple(statement(item) for item in (block if isinstance(block, list) else [block]))


def parsed(document: Document) -> Mapping[str, Any]:
    """The document as a mapping, from JSON or URL-encoded JSON where it is text; raises `Malformed`."""
    if isinstance(document, str):
        text = document if document.lstrip().startswith("{") else unquote(document)
        try:
            document = json.loads(text, object_pairs_hook=once)
        except ValueError as error:
            raise Malformed("not JSON") from error
    if not isinstance(document, Mapping):
        raise Malformed("not an object")
    return document


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose keys stands once: of a repeated one nobody knows which counts."""
    block = dict(pairs)
    if len(block) != len(pairs):
        raise Malformed("a repeated key")
    return block


def statement(item: Any) -> Statement:
    """One element of a Statement block; raises `Malformed`."""
    if not isinstance(item, Mapping) or item.get("Effect") not in {"Allow", "Deny"}:
        raise Malformed("a statement without an effect")
    if any(item[element] is None for element in ELEMENTS & item.keys()):
        raise Malformed("an element of a statement that is null")
    if ("Action" in item) == ("NotAction" in item):
        raise Malformed("a statement needs one of Action and NotAction")
    return Statement(
        allows=item["Effect"] == "Allow",
        actions=lowered(words(item.get("Action"))),
        not_actions=lowered(words(item.get("NotAction"))),
        resources=words(item.get("Resource")),
        not_resources=words(item.get("NotResource")),
        principals=principals(item.get("Principal")),
        not_principals=principals(item.get("NotPrincipal")),
        conditions=conditions(item.get("Condition")),
    )


def words(value: Any) -> tuple[str, ...] | None:
    """A string or a list of strings as a tuple; `None` where the element is absent."""
    if value is None:
        return None
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(word, str) for word in listed):
        raise Malformed("a list of something else than strings")
    return tuple(listed)


def lowered(patterns: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Actions are not case-sensitive."""
    return None if patterns is None else tuple(pattern.lower() for pattern in patterns)


def principals(value: Any) -> tuple[tuple[str, str], ...] | None:
    """Every form of a principal element as (kind, value) pairs."""
    if value is None:
        return None
    if value == "*":
        return (("*", "*"),)
    if not isinstance(value, Mapping):
        raise Malformed("a principal that is neither * nor a map")
    if not value or None in value.values():
        raise Malformed("a principal that names nobody")
    return tuple((kind, name) for kind, names in value.items() for name in words(names) or ())


def conditions(block: Any) -> tuple[Condition, ...]:
    """A condition block, flattened; numbers and booleans become the words that IAM compares."""
    if block is None:
        return ()
    if not isinstance(block, Mapping) or not all(isinstance(lines, Mapping) for lines in block.values()):
        raise Malformed("a condition that is not a map of maps")
    return tuple(
        Condition(
            operator=operator,
            key=key.lower(),
            values=tuple(map(spelled, values if isinstance(values, list) else [values])),
        )
        for operator, lines in block.items()
        for key, values in lines.items()
    )


def spelled(value: Any) -> str:
    """A condition's value as text: JSON `true` is `true`."""
    return value if isinstance(value, str) else json.dumps(value)


@lru_cache(maxsize=65536)
def any_matches(patterns: tuple[str, ...], text: str) -> bool:
    """Some pattern matches. Kept, since the same policies stand on many principals and are asked the same questions."""
    return any(matches(pattern, text) for pattern in patterns)


@lru_cache(maxsize=65536)
def matches(pattern: str, text: str) -> bool:
    """IAM's `*` (any run, `:` and `/` included) and `?` (one character), never in more than len(pattern) x len(text) steps."""
    at, read, star, resume = 0, 0, -1, 0
    while read < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resume, at = at, read, at + 1
        elif at < len(pattern) and pattern[at] in {"?", text[read]}:
            at, read = at + 1, read + 1
        elif star >= 0:
            resume += 1
            at, read = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


def account_of(name: str) -> str | None:
    """The account that an `AWS` principal, an ARN or a bare account id names; `None` where it names none (`AROA...`, `*`)."""
    if re.fullmatch(r"\d{12}", name):
        return name
    found = re.match(r"arn:[^:]*:[^:]*:[^:]*:(\d{12})(?::|$)", name)
    return found[1] if found else None


def merged(documents: Iterable[Document]) -> tuple[Statement, ...]:
    """The statements of several documents that stand on one principal: their union, denies included."""
    return tuple(item for document in documents for item in statements(document))

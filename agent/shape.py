"""Faults of shape: a document held against its schema, each fault in words that say what to write instead."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

import jsonschema
import msgspec

from agent.schema import schema
from agent.strict import Document, Fault, Path, Refusal

S = TypeVar("S", bound=msgspec.Struct)

NOT_YET: Mapping[str, str] = {
    "signing.timestamp": "timestamps come later; remove it",
}
"""Keys of the road ahead, by dotted path, and what to do until then."""

_KINDS = {
    "string": "text", "object": "a mapping (`key: value` lines, or {})", "array": "a list (`- ` lines, or [])", "integer": "a whole number",
    "boolean": "true or false",
}  # fmt: skip
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Error = jsonschema.ValidationError


def shape(document: Document, root: type[msgspec.Struct]) -> Iterator[tuple[Path, Fault]]:
    """Every fault of shape, with the path that it is about."""
    said = set()
    for error in _Validator(schema(root), format_checker=_formats).iter_errors(document.value):
        for path, words in _faults(error):
            fault = document.fault(path, words)
            if (path, fault) not in said:
                said.add((path, fault))
                yield path, fault


def convert(document: Document, root: type[S]) -> S:
    """The document as a value of the root type. Raises `Refusal` where msgspec refuses what the schema let pass (no known case)."""
    try:
        return msgspec.convert(document.value, root)
    except msgspec.ValidationError as error:
        raise Refusal(document.fault((), f"{error}; mend the value that this names")) from None


def dotted(path: Path) -> str:
    """`services[0].owner`; `the file` for the root."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".") or "the file"


def meant(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`; did you mean 'x'?` for the nearest known word, whatever its case; else the other remedy."""
    folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return f"; did you mean {folded[near[0]]!r}?" if near else otherwise


def shown(value: Any) -> str:
    """A value as a fault quotes it, cut short."""
    text = repr(value) if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}..."


def _faults(error: Error) -> Iterator[tuple[Path, str]]:
    path: Path = tuple(error.absolute_path)
    value, wanted, held = _parts(error)
    match error.validator:
        case "anyOf":  # something or null: speak of the something
            for inner in error.context or ():
                if inner.schema_path[0] == 0:
                    yield from _faults(inner)
        case "additionalProperties":
            for key in value.keys() - held["properties"].keys():
                yield (*path, key), _unknown((*path, key), list(held["properties"]))
        case "enum" if "propertyNames" in error.schema_path:
            yield (*path, value), _unknown((*path, value), wanted)
        case "required":
            for key in wanted:
                if key not in value:
                    yield path, f"{dotted(path)} lacks {key!r}; add it{_wish(held['properties'][key])}"
        case _:
            yield path, f"{dotted(path)} {_words(error)}"


def _parts(error: Error) -> tuple[Any, Any, Any]:
    """The value, what its schema's keyword asked for, and that schema."""
    return error.instance, error.validator_value, error.schema


def _unknown(path: Path, known: list[str]) -> str:
    key = str(path[-1])
    later = NOT_YET.get(dotted(path))
    if later:
        return f"{dotted(path)} is not in this version: {later}"
    where = f" in {dotted(path[:-1])}" if path[:-1] else ""
    return f"unknown key {key!r}{where}" + meant(key, known, f"; known here: {', '.join(known)}")


def _words(error: Error) -> str:
    value, wanted, held = _parts(error)
    match error.validator:
        case "type":
            return _mistyped(value, wanted if isinstance(wanted, str) else wanted[0], held)
        case "minItems" | "minProperties":
            return "is empty; write at least one entry"
        case "enum":
            return f"is {shown(value)}; write {_either(wanted)}"
        case "format":
            return f"is {shown(value)}; write a day of the calendar as YYYY-MM-DD"
        case _:
            return f"is {shown(value)}; write {_phrase(held.get('description', 'some text'))}"


def _mistyped(value: Any, wanted: str, held: Mapping[str, Any]) -> str:
    if value is None:
        return f"is empty; write {_KINDS[wanted]}"
    if wanted != "string" or isinstance(value, dict | list):
        return f"must be {_KINDS[wanted]}, not {shown(value)}"
    if held.get("format") == "date" or not _fits(held.get("pattern", ""), shown(value)):
        return f"is {shown(value)}; write {_phrase(held.get('description', 'a day as YYYY-MM-DD'))}"
    return f'must be text; put it in quotes: "{shown(value)}"'


def _wish(property_: Mapping[str, Any]) -> str:
    if "enum" in property_:
        return f": {_either(property_['enum'])}"
    return f": {_phrase(property_['description'])}" if "description" in property_ else ""


def _either(words: list[Any]) -> str:
    every = list(dict.fromkeys(str(word) for word in words))
    return " or ".join(filter(None, [", ".join(every[:-1]), every[-1]]))


def _phrase(description: str) -> str:
    return (description[0].lower() + description[1:]).removesuffix(".")


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Error]:
    if isinstance(value, str) and not _fits(pattern, value):
        yield Error(f"{value!r} does not match {pattern!r}")


def _fits(pattern: str, text: str) -> bool:
    """As JSON Schema means it: digits are 0 to 9, and `$` is the very end."""
    exact = f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern
    return re.search(exact, text, re.ASCII) is not None


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _DATE.fullmatch(value):
        return False
    date.fromisoformat(value)
    return True


_formats = jsonschema.FormatChecker(formats=())
_formats.checks("date", raises=ValueError)(_is_date)
_Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, {"pattern": _pattern}
)

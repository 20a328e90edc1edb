"""Strict YAML: only what reads the same to everybody, each value with the line it stands on, and all faults at once.

Plain scalars follow YAML 1.2's core schema with JSON's numbers: `012345670123`, `22:22`, `0o17`, `yes` and `2026-01-31` are text.
Anchors, aliases, tags, directives, merge keys, second documents and keys that stand twice are faults, never silently something else.
"""

import functools
import math
import pathlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import yaml

from agent.errors import ProgrammeError

T = TypeVar("T")
Path = tuple[str | int, ...]
"""Where a value stands: keys and indices from the root."""

MAX_BYTES = 512 * 1024
MAX_DEPTH = 16
MAX_FAULTS = 100

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{0,32})?([eE][-+]?[0-9]{1,3})?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_SYNTAX = (
    (r"character '\t'", "a tab where YAML wants spaces; indent with spaces"),
    (r"cannot start any token", "a value may not begin with this character; put the value in quotes"),
    ("mapping values are not allowed", "a ': ' inside an unquoted value, or an indent too deep; quote the value or mend the indent"),
    ("<stream end>", "a quote or bracket that is never closed; close it"),
    ("could not find expected ':'", "a key without its ':'; write `key: value`"),
    ("expected <block end>", "this line fits no line above; give it the same indent as its siblings"),
    ("expected ',' or", "a [list] or {mapping} that goes wrong here; close it, or mend its commas and quotes"),
    ("end of stream", "a quote or bracket that is never closed; close it"),
    ("expected '<document start>'", "this line belongs to nothing above it; mend its indent"),
    ("sequence entries are not allowed", "a list that begins on its key's line; put each `- ` on a line of its own"),
)  # fmt: skip
"""Fragments of PyYAML's words, and ours."""


class Place(NamedTuple):
    """Where something stands in its file, both counted from 1."""

    line: int
    column: int


class Fault(NamedTuple):
    """One thing wrong with a file; sorts in reading order."""

    file: str
    line: int
    words: str
    """What is wrong; how to mend it."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file, read: its value as JSON types, the place of every key and element, and the faults that reading could step over."""

    name: str
    """As faults show it."""
    value: Any
    places: dict[Path, Place]
    faults: tuple[Fault, ...]

    def line(self, path: Path) -> int:
        """The line of a path, or of its nearest parent that stands in the file."""
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(1, 1)).line

    def fault(self, path: Path, words: str) -> Fault:
        """A fault at a path."""
        return Fault(self.name, self.line(path), words)

    def each(self, kind: type[T], *pattern: str) -> Iterator[tuple[Path, T]]:
        """Every value of the kind whose path fits the pattern; `*` stands for any key or index."""
        found: list[tuple[Path, Any]] = [((), self.value)]
        for part in pattern:
            found = [
                (below, inner)
                for path, value in found
                for below, inner in _children(path, value)
                if part in ("*", below[-1])
            ]
        yield from ((path, value) for path, value in found if isinstance(value, kind))

    def at(self, kind: type[T], *path: str) -> T | None:
        """The value at a path, if it is of the kind."""
        return next((value for _, value in self.each(kind, *path)), None)

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every text of the file that is not a key."""
        waiting: list[tuple[Path, Any]] = [((), self.value)]
        while waiting:
            path, value = waiting.pop()
            if isinstance(value, str):
                yield path, value
            waiting.extend(_children(path, value))


def _children(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        yield from (((*path, key), inner) for key, inner in pairs)


class Refusal(ProgrammeError):
    """The faults of one or more files as values, each once, in reading order; shows the first hundred of very many."""

    def __init__(self, *faults: Fault) -> None:
        self.found = tuple(sorted(set(faults)))
        shown = [str(fault) for fault in self.found[:MAX_FAULTS]]
        if len(self.found) > MAX_FAULTS:
            shown.append(
                str(
                    self.found[MAX_FAULTS]._replace(
                        words=f"and {len(self.found) - MAX_FAULTS} more faults from here on"
                    )
                )
            )
        super().__init__(tuple(shown))


def read_file(path: pathlib.Path) -> Document:
    """Read one file from disk, as `read`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that no file system can hold
        words = getattr(error, "strerror", None) or str(error)
        raise Refusal(Fault(str(path), 1, f"the file cannot be read ({words}); mend its path or mode")) from None
    return read(data, str(path))


@functools.lru_cache(maxsize=8)
def read(data: bytes, name: str) -> Document:
    """Read one file. Raises `Refusal` where nothing can be stepped over: not UTF-8, not YAML, too large, too deep, empty.

    The last few are remembered, and nobody changes what they hold: a daemon reads its programme at every turn, mostly the same bytes.
    """
    text = _text(data, name)
    reader = _Reader(name, text)
    value = reader.document()
    return Document(name=name, value=value, places=reader.places, faults=tuple(reader.faults))


def _text(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise Refusal(
            Fault(
                name, 1, f"the file is larger than {MAX_BYTES // 1024} KiB; divide it, or remove what does not belong"
            )
        )
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(Fault(name, 1, "the file begins with a byte order mark; save it as UTF-8 without one"))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal(Fault(name, line, "not UTF-8 here; save the file as UTF-8")) from None


@dataclass
class _Reader:
    """Builds the value from PyYAML's events, so that nothing of its constructors and resolvers takes part."""

    name: str
    text: str
    places: dict[Path, Place] = field(default_factory=lambda: {(): Place(1, 1)})
    faults: list[Fault] = field(default_factory=list)

    _loader: yaml.SafeLoader | None = None

    def document(self) -> Any:
        """The value of the one document."""
        self._next()  # the stream's start
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            raise self._stop(1, "the file is empty; `starcadence init` writes a programme to start from")
        if start.version or start.tags:
            self._fault(start, "a directive (%); remove the line")
        value = self._value(self._next(), ())
        self._next()  # the document's end
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._stop(_place(after).line, "a second document (---); keep one per file")
        return value

    def _next(self) -> Any:
        """The next event: `Any`, since the stubs of PyYAML's events lack their attributes."""
        try:
            if self._loader is None:
                self._loader = yaml.SafeLoader(self.text)
            return self._loader.get_event()  # type: ignore[no-untyped-call]
        except yaml.MarkedYAMLError as error:
            unclosed = any(words in str(error.problem) for words in ("end of stream", "<stream end>"))
            mark = error.context_mark if unclosed and error.context_mark else error.problem_mark
            last = self.text.rstrip().count("\n") + 1
            raise self._stop(min(mark.line + 1, last) if mark else 1, _syntax(error)) from None
        except yaml.reader.ReaderError as error:
            line = self.text.count("\n", 0, error.position) + 1
            raise self._stop(
                line, f"the character U+{int(error.character):04X} cannot stand in YAML; remove it"
            ) from None
        except (ValueError, OverflowError):  # from PyYAML's own reading of escapes and directives
            line = self._loader.line + 1 if self._loader else 1
            raise self._stop(
                line, "an escape or directive that YAML does not have; write the character itself"
            ) from None

    def _stop(self, line: int, words: str) -> Refusal:
        return Refusal(*self.faults, Fault(self.name, line, words))

    def _fault(self, event: Any, words: str) -> None:
        self.faults.append(Fault(self.name, _place(event).line, words))

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            raise self._stop(_place(event).line, f"nested deeper than {MAX_DEPTH} levels; no programme needs that")
        self.places.setdefault(path, _place(event))
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, f"an alias (*{event.anchor}); write the value out")
            return None
        if event.anchor:
            self._fault(event, f"an anchor (&{event.anchor}); remove it and write the value out where it is used")
        if event.tag is not None:
            self._fault(event, f"a tag ({event.tag}); remove it, and quote what must stay text")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return self._sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None:
                self._value(self._next(), (*path, ""))
            elif key in found:
                first = self.places[(*path, key)].line
                self._fault(event, f"{key!r} stands here a second time (first at line {first}); keep one")
                self._value(self._next(), (*path, ""))
            else:
                self.places[(*path, key)] = _place(event)
                found[key] = self._value(self._next(), (*path, key))
        return found

    def _key(self, event: Any, path: Path) -> str | None:
        value = self._value(event, (*path, ""))
        if _merges(event):
            self._fault(event, "a merge key (<<); write its keys out")
            return None
        if not isinstance(value, str):
            self._fault(event, "a key that is not text; put the key in quotes")
            return None
        return value

    def _scalar(self, event: Any) -> Any:
        value = scalar(event.value) if event.style is None and event.tag is None else event.value
        if value is math.inf:
            self._fault(event, f"{event.value} is no number that can be kept; put it in quotes if it is text")
            return None
        if isinstance(value, str) and any(_unfit(character) for character in value):
            self._fault(event, "text with a control character or half of a character pair in it; remove it")
            return None
        return value


def _merges(event: Any) -> bool:
    """An unquoted `<<`."""
    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.style is None


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar says; `inf` stands for every number that JSON does not have."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return math.inf if math.isinf(number) else number
    return math.inf if _SPECIAL.fullmatch(text) else text


def _unfit(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _syntax(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem)
    for fragment, words in _SYNTAX:
        if fragment in problem:
            return words
    return f"cannot be read as YAML ({problem}); mend this line or put its value in quotes"

"""Enough of Bicep to read our own templates as values: declarations, decorators, objects, arrays, strings, calls.

Expressions that are not data (references, calls) come as `Reference`s with their text. Raises `SyntaxError` for what it does not know.
"""

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"(?P<skip>[ \t]+|//[^\n]*)|(?P<line>\n\s*)|(?P<string>'(?:\\.|[^'\\])*')"
    r"|(?P<number>-?\d+)|(?P<word>[A-Za-z_]\w*)|(?P<mark>[][{}():=@.,])"
)


class Reference(str):
    """An expression that names something: `agent.properties.clientId`, `guid(a.id, b)`."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One `resource` declaration."""

    type: str
    version: str
    body: dict[str, Any]


@dataclass(kw_only=True)
class Template:
    """A template's declarations by name."""

    scope: str = ""
    params: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def references(self) -> set[str]:
        """First words of everything that is named in an expression or in an interpolation."""
        bodies = [one.body for one in self.resources.values()]
        texts = list(_texts([*bodies, self.outputs, self.variables]))
        found = {word for text in texts if isinstance(text, Reference) for word in _names(text)}
        inside = (part for text in texts for part in re.findall(r"\$\{([^}]*)\}", text))
        return found | {word for part in inside for word in _names(part)}


def _names(expression: str) -> set[str]:
    bare = re.sub(r"'(?:\\.|[^'\\])*'", "", expression)
    return set(re.findall(r"(?<![\w.])([A-Za-z_]\w*)(?!\w*\()", bare))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in (*_texts(key), *_texts(one))]
    if isinstance(value, list):
        return [found for one in value for found in _texts(one)]
    return [value] if isinstance(value, str) else []


def parse(text: str) -> Template:
    """A template."""
    return _Parser(text).template()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise SyntaxError(f"not Bicep as we write it: {text[at : at + 40]!r}")
            at = found.end()
            if found.lastgroup != "skip":
                self.tokens.append((str(found.lastgroup), found.group()))
        self.at = 0

    def template(self) -> Template:
        made = Template()
        while self._lines() and self.at < len(self.tokens):
            word = self._take()
            if word == "@":
                self._expression()
                continue
            self._declaration(word, made)
        return made

    def _declaration(self, word: str, made: Template) -> None:
        if word == "targetScope":
            self._expect("=")
            made.scope = self._value()
            return
        name = self._take()
        if word == "param":
            made.params[name] = self._take()
            if self._peek() == "=":
                self._take()
                self._value()
        elif word == "output":
            self._take()
            self._expect("=")
            made.outputs[name] = self._value()
        elif word == "var":
            self._expect("=")
            made.variables[name] = self._value()
        elif word == "resource":
            kind, _, version = self._value().partition("@")
            self._expect("=")
            if name in made.resources:
                raise SyntaxError(f"{name} is declared twice")
            made.resources[name] = Resource(type=kind, version=version, body=self._value())
        else:
            raise SyntaxError(f"not a declaration: {word} {name}")

    def _value(self) -> Any:
        kind, text = self.tokens[self.at]
        if text == "{":
            return self._object()
        if text == "[":
            return self._array()
        if kind == "string":
            self.at += 1
            return text[1:-1].replace("\\'", "'")
        if kind == "number":
            self.at += 1
            return int(text)
        if text in {"true", "false"}:
            self.at += 1
            return text == "true"
        return self._expression()

    def _object(self) -> dict[str, Any]:
        self._expect("{")
        found: dict[str, Any] = {}
        while self._lines() and self._peek() != "}":
            key = self._take().strip("'")
            self._expect(":")
            if key in found:
                raise SyntaxError(f"{key} stands twice in one object")
            found[key] = self._value()
        self._expect("}")
        return found

    def _array(self) -> list[Any]:
        self._expect("[")
        found = []
        while self._lines() and self._peek() != "]":
            found.append(self._value())
        self._expect("]")
        return found

    def _expression(self) -> Reference:
        """Words, dots, calls and indices up to the end of the line."""
        parts, depth = [], 0
        while self.at < len(self.tokens):
            kind, text = self.tokens[self.at]
            if kind == "line" and not depth:
                break
            depth += (text in "([") - (text in ")]") if kind == "mark" else 0
            if depth < 0:
                break
            parts.append(text)
            self.at += 1
        return Reference("".join(parts))

    def _lines(self) -> bool:
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "line":
            self.at += 1
        return True

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _expect(self, mark: str) -> None:
        if (found := self._take()) != mark:
            raise SyntaxError(f"{found!r} stands where {mark!r} should")

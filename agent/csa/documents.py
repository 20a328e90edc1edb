"""CSA's machine-readable files, JSON or YAML: whatever their nesting, what carries an id of ours and keys that we know is taken."""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.csa import headers, oscal
from agent.csa.found import Found
from agent.errors import UsageError

MOST = 1_000_000
"""Values that are looked at."""
DEEPEST = 60
VERSIONS = ("version", "specification version", "ccm version")
NAMES = ("framework", "standard", "name", "title", "source", "target", "mapping name")
QUESTION_TEXTS = headers.QUESTION_TEXT | headers.TEXT


def take(document: Any, found: Found) -> None:
    """Take from a document all that is known. Raises `UsageError` for one that nests or repeats itself without end."""
    _Walk(found).into(document, framework="", depth=0)


class _Walk:
    """One pass over a document."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._left = MOST
        self._above: set[int] = set()

    def into(self, value: Any, *, framework: str, depth: int) -> None:
        """Take from a value and all below it; `framework` is the name of the mapping in which it stands."""
        self._left -= 1
        if self._left < 0 or depth > DEEPEST or id(value) in self._above:
            raise UsageError("it nests deeper, or is larger, than any file of CSA's; is it one?")
        if not isinstance(value, dict | list):
            return
        self._above.add(id(value))
        if isinstance(value, list):
            for one in value:
                self.into(one, framework=framework, depth=depth + 1)
        else:
            self._object(value, framework, depth)
        self._above.discard(id(value))

    def _object(self, value: Mapping[Any, Any], framework: str, depth: int) -> None:
        keys = {headers.words(str(key)): one for key, one in value.items()}
        framework = _framework(keys) or framework
        for name in VERSIONS:
            if isinstance(keys.get(name), str | float):
                self._found.said |= {said} if (said := headers.said_version(str(keys[name]), alone=True)) else set()
        bare = _id(keys)
        if isinstance(keys.get("parts"), list):
            bare = oscal.take(keys, self._found) or bare
        if bare is not None:
            self._found.seen.add(bare)
            self._specification(bare, keys, framework)
            self._columns(bare, value)
        for number in (one for one in keys.values() if isinstance(one, str)):
            self._numbered(number, keys)
        for key, one in value.items():
            self._keyed(str(key), one, framework, depth)

    def _specification(self, bare: str, keys: Mapping[str, Any], framework: str) -> None:
        if not any(
            headers.QUESTION.fullmatch(one) or headers.METRIC.fullmatch(one)
            for one in keys.values()
            if isinstance(one, str)
        ):
            self._found.text(
                bare, next((text for key, text in keys.items() if key in headers.TEXT and isinstance(text, str)), "")
            )
        gap = next((str(one) for key, one in keys.items() if key in headers.GAP), "")
        for key, one in keys.items():
            if framework and key in headers.MAPPING:
                self._found.mapping(bare, framework, _texts(one), gap)
            elif key in {"mappings", "mapping", "crosswalk", "crosswalks", "scope applicability", "frameworks"}:
                for name, clauses, level in _mapped(one):
                    self._found.mapping(bare, name, clauses, level)

    def _columns(self, bare: str, value: Mapping[Any, Any]) -> None:
        """Mappings under keys that hold both headers of the sheet; the gap level stands next to its mapping."""
        name, clauses = "", ""
        for key, one in value.items():
            match = headers.COLUMN.fullmatch(str(key))
            if match:
                self._found.mapping(bare, name, [clauses])
                name, clauses = match[1], one if isinstance(one, str) else ""
            elif name and headers.GAP_COLUMN.fullmatch(str(key)):
                self._found.mapping(bare, name, [clauses], str(one))
                name, clauses = "", ""
        self._found.mapping(bare, name, [clauses])

    def _numbered(self, number: str, keys: Mapping[str, Any]) -> None:
        """Questions and metrics, which are told by the form of their numbers."""
        if headers.QUESTION.fullmatch(number):
            self._found.question(
                number, next((one for key, one in keys.items() if key in QUESTION_TEXTS and isinstance(one, str)), "")
            )
        elif headers.METRIC.fullmatch(number):
            said = [" ".join(text.split()) for name in headers.METRIC_TEXT if (text := _words(keys.get(name)))]
            if said and (number == keys.get("id") or "primary control id" in keys or "metric id" in keys):
                self._found.metrics.setdefault(number, "\n".join(said))

    def _keyed(self, key: str, one: Any, framework: str, depth: int) -> None:
        """What stands under a key, which may itself be an id or a framework's name."""
        bare = headers.specification(key)
        if headers.QUESTION.fullmatch(key) and isinstance(one, str):
            self._found.question(key, one)
        elif headers.METRIC.fullmatch(key) and isinstance(one, str):
            self._found.metrics.setdefault(key, one.strip())
        elif bare is not None and isinstance(one, str):
            if framework:
                self._found.mapping(bare, framework, [one])
            else:
                self._found.text(bare, one)
        elif bare is not None and isinstance(one, list) and framework and all(isinstance(each, str) for each in one):
            self._found.mapping(bare, framework, one)
        elif bare is not None and isinstance(one, dict):
            self.into({"id": bare, **one}, framework=framework, depth=depth + 1)
        else:
            known = headers.framework(key) != headers.words(key).replace(" ", "-")[:40]
            self.into(one, framework=key if known and isinstance(one, dict | list) else framework, depth=depth + 1)


def _words(value: Any) -> str:
    """A text; of a formula with its parameters both, as the catalogue of metrics has it."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    parameters = value.get("parameters")
    each = [one for one in parameters if isinstance(one, dict)] if isinstance(parameters, list) else []
    named = [f"{one.get('name')}: {one.get('description')}" for one in each]
    return "; ".join([str(value.get("formula") or ""), *named])


def _id(keys: Mapping[str, Any]) -> str | None:
    """The specification that an object speaks of."""
    named = (
        keys[key]
        for key in (*sorted(headers.ID), "control ref", "ccm control", "primary control id")
        if isinstance(keys.get(key), str)
    )
    return next((bare for one in named if (bare := headers.specification(one))), None)


def _framework(keys: Mapping[str, Any]) -> str:
    """The framework that an object names as its own: one that we know, any by a key that says so, or a numbered name over a list."""
    said = {name: keys[name] for name in NAMES if isinstance(keys.get(name), str)}
    known = (one for one in said.values() if headers.framework(one) != headers.words(one).replace(" ", "-")[:40])
    told = (said[name] for name in ("framework", "standard") if name in said)
    listed = any(isinstance(keys.get(name), list) for name in ("controls", "mappings", "mapping"))
    named = said.get("name", "")
    numbered = (
        listed and any(letter.isdigit() for letter in named) and not headers.OWN_NAME.search(headers.words(named))
    )
    return next(iter((*known, *told, *([named] if numbered else []))), "")


def _mapped(value: Any) -> Iterator[tuple[str, list[str], str]]:
    """Frameworks with their clauses and gap levels, from an object by name or from a list of objects."""
    pairs = (
        value.items() if isinstance(value, dict) else ((None, one) for one in value) if isinstance(value, list) else ()
    )
    for name, one in pairs:
        if isinstance(one, dict):
            keys = {headers.words(str(key)): each for key, each in one.items()}
            said = name or next((str(keys[key]) for key in NAMES if isinstance(keys.get(key), str)), "")
            clauses = [text for key in keys if key in headers.MAPPING for text in _texts(keys[key])]
            yield str(said), clauses, next((str(each) for key, each in keys.items() if key in headers.GAP), "")
        elif name is not None:
            yield str(name), _texts(one), ""


def _texts(value: Any) -> list[str]:
    """Clauses as they stand: a text, a list of texts, or a list of objects with an id."""
    if isinstance(value, str | int | float):
        return [str(value)]
    if not isinstance(value, list):
        return []
    named = (one.get("id") or one.get("reference") or "" if isinstance(one, dict) else one for one in value)
    return [str(one) for one in named if isinstance(one, str | int | float) and one != ""]

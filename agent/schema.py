"""The JSON Schema (draft 2020-12) of the programme and of approved exceptions: for our own faults, and for editors.

Generated from `agent.programme`: constraints from its types, descriptions from the docstrings of its classes and fields.
"""

import ast
import functools
import inspect
import sys
from typing import Any

import msgspec
from msgspec import inspect as types

from agent import people, programme

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@functools.cache
def schema(root: type[msgspec.Struct]) -> Schema:
    """The schema of one root type, self-contained, in msgspec's own order; what it is made of stands in the root's module."""
    (found,), definitions = msgspec.json.schema_components((root,), ref_template="#/$defs/{name}")
    _fold(definitions)
    for name, definition in definitions.items():
        _name_keys(getattr(sys.modules[root.__module__], name), definition)
    return {"$schema": DIALECT, **found, "$defs": definitions}


def published(root: type[msgspec.Struct]) -> bytes:
    """The schema with every field's description, as editors get it."""
    found: Schema = msgspec.json.decode(msgspec.json.encode(schema(root)))
    words = _docstrings()
    for name, definition in found["$defs"].items():
        for field, property_ in definition.get("properties", {}).items():
            said = [words.get((name, field)), property_.pop("description", None)]
            if any(said):
                property_["description"] = " ".join(part for part in said if part)
    named = {"$schema": DIALECT, "$id": f"urn:starcadence:{root.__name__.lower()}", **found}
    return msgspec.json.format(msgspec.json.encode(named), indent=2) + b"\n"


def _fold(node: Any) -> None:
    """Say `anyOf` a plain type or null in one schema: so that a fault speaks of one wish, not of branches."""
    if isinstance(node, list):
        for element in node:
            _fold(element)
    if not isinstance(node, dict):
        return
    for element in node.values():
        _fold(element)
    match node.get("anyOf"):
        case [{"type": str(kind), **rest}, {"type": "null"}]:
            node.pop("anyOf")
            node.update({"type": [kind, "null"], **rest})


def _name_keys(struct: type[msgspec.Struct], definition: Schema) -> None:
    """Add what msgspec leaves out: the allowed keys of a mapping whose keys are literals."""
    described = types.type_info(struct)
    assert isinstance(described, types.StructType)
    for field in described.fields:
        if isinstance(field.type, types.DictType) and isinstance(field.type.key_type, types.LiteralType):
            definition["properties"][field.name]["propertyNames"] = {"enum": list(field.type.key_type.values)}


def _docstrings() -> dict[tuple[str, str], str]:
    """(class, field) -> the string that stands under the field, in the modules that the programme is made of."""
    found = {}
    for node in (node for module in (programme, people) for node in ast.parse(inspect.getsource(module)).body):
        if not isinstance(node, ast.ClassDef):
            continue
        for field, below in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(below):
                found[node.name, field.target.id] = inspect.cleandoc(ast.literal_eval(below.value))  # type: ignore[attr-defined]
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)

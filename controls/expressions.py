"""The small language in which a pack says what must hold of a resource: Python's syntax, none of its reach.

`encrypted and key_held_by == "customer"`, `backup_days >= 7`, `tag("owner") != ""`, `not older_than(last_used, 90)`. Names are the facts
of one resource type, and nothing else is known; there is no attribute, no index, no loop and no call but of the functions below. A text is
parsed by Python and compiled here, node by node, into closures with checked types: nothing is ever evaluated by Python itself.

A fact that was not learned makes what is asked of it unknown, by Kleene's three values: `False and unknown` is false, `True and unknown`
is unknown. Nothing in the language can tell that a fact is unknown, so nothing unlearned can be made to pass.
"""

import ast
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from collectors.resource import Resource

Kind = Literal["bool", "number", "text", "instant", "texts", "things"]
"""Kinds of values; `things` have nothing but a number of them."""
Value = bool | int | float | str | datetime | tuple[Any, ...] | Mapping[str, str] | None
LONGEST, MOST_NODES, DEEPEST, LONGEST_TEXT, LARGEST = 2000, 200, 20, 200, 10**12
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda one, other: one == other, ast.NotEq: lambda one, other: one != other, ast.Lt: lambda one, other: one < other,
    ast.LtE: lambda one, other: one <= other, ast.Gt: lambda one, other: one > other, ast.GtE: lambda one, other: one >= other,
    ast.In: lambda one, other: one in other, ast.NotIn: lambda one, other: one not in other,
}  # fmt: skip
EQUAL, MEMBER = (ast.Eq, ast.NotEq), (ast.In, ast.NotIn)


class Wrong(ValueError):
    """An expression that is not of the language; the words say where and what to write."""


@dataclass
class Moment:
    """One judgement: the resource, the instant, and when an answer about time will be another."""

    resource: Resource
    now: datetime
    turns: list[datetime] = field(default_factory=list)


class Term(NamedTuple):
    """A part of an expression, compiled."""

    kind: Kind
    value: Callable[[Moment], Value]
    """`None`: not learned."""


@dataclass(frozen=True)
class Expression:
    """A text that is of the language, compiled for one resource type."""

    text: str
    reads: frozenset[str]
    timed: bool
    term: Term

    def holds(self, resource: Resource, now: datetime) -> tuple[bool | None, datetime | None]:
        """True, false or unknown; and from when on the same facts may give another answer."""
        moment = Moment(resource, now)
        found = self.term.value(moment)
        assert found is None or isinstance(found, bool)
        return found, min(moment.turns, default=None)


def compiled(text: str, judges: type[Resource]) -> Expression:
    """Compile an expression over the facts of a type. Raises `Wrong`."""
    if len(text) > LONGEST:
        raise Wrong(f"longer than {LONGEST} characters; divide it into several checks")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise Wrong(
            f"no expression ({getattr(error, 'msg', None) or error}); write one like `encrypted and backup_days >= 7`"
        ) from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES or _depth(tree) > DEEPEST:
        raise Wrong(f"more than {MOST_NODES} parts, or deeper than {DEEPEST}; divide it into several checks")
    compiler = _Compiler(_kinds(judges), judges.__name__)
    term = compiler.term(tree.body)
    if term.kind != "bool":
        raise Wrong(f"is {NAMES[term.kind]} as a whole; write something that is true or false")
    return Expression(text=text, reads=frozenset(compiler.reads), timed=compiler.timed, term=term)


NAMES: Mapping[Kind, str] = {
    "bool": "true or false", "number": "a number", "text": "a text", "instant": "an instant", "texts": "a list of texts",
    "things": "a list of things",
}  # fmt: skip


def _depth(tree: ast.AST) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest


def _kinds(judges: type[Resource]) -> Mapping[str, Kind]:
    """Every fact of a type that an expression may name, and what kind of value it is."""
    found = {one.name: _kind(one.type) for one in msgspec.structs.fields(judges)}
    return {name: kind for name, kind in found.items() if kind is not None and name not in {"provider", "managed_by"}}


def _kind(annotation: Any) -> Kind | None:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        inner = {_kind(one) for one in typing.get_args(annotation) if one is not type(None)}
        return inner.pop() if len(inner) == 1 else None
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return "text"
    if origin is tuple:
        return (
            "texts"
            if typing.get_args(annotation)[0] is str or typing.get_origin(typing.get_args(annotation)[0]) is Literal
            else "things"
        )
    plain: Mapping[Any, Kind] = {bool: "bool", int: "number", float: "number", str: "text", datetime: "instant"}
    return plain.get(annotation)


class _Compiler:
    """Turns nodes into terms; what it does not know, it refuses."""

    def __init__(self, kinds: Mapping[str, Kind], judges: str) -> None:
        self.kinds, self.judges = kinds, judges
        self.reads: set[str] = set()
        self.timed = False

    def term(self, node: ast.expr) -> Term:  # noqa: PLR0911 (one for each kind of node)
        """A node as a term."""
        match node:
            case ast.BoolOp():
                return _joined([self._bool(one) for one in node.values], all_of=isinstance(node.op, ast.And))
            case ast.UnaryOp(op=ast.Not()):
                return _denied(self._bool(node.operand))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
                number, bool
            ):
                return self._constant(-number)
            case ast.Compare():
                return self._compared(node)
            case ast.Constant():
                return self._constant(node.value)
            case ast.List() | ast.Tuple():
                return self._list(node)
            case ast.Name():
                return self._fact(node.id)
            case ast.Call(func=ast.Name(), keywords=[]):
                return self._call(node)
            case _:
                raise Wrong(
                    f"`{ast.unparse(node)[:60]}` is not of the language; it knows and, or, not, comparisons, in, facts and functions"
                )

    def _bool(self, node: ast.expr) -> Term:
        term = self.term(node)
        if term.kind != "bool":
            raise Wrong(f"`{ast.unparse(node)[:60]}` is {NAMES[term.kind]}; compare it with something")
        return term

    def _constant(self, value: object) -> Term:
        if isinstance(value, bool):
            return Term("bool", lambda _: value)
        if isinstance(value, int | float) and abs(value) <= LARGEST:
            return Term("number", lambda _: value)
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return Term("text", lambda _: value)
        raise Wrong(
            f"{str(value)[:40]!r} is no value of the language; write true or false, a number up to 10^12 or a text up to {LONGEST_TEXT}"
        )

    def _list(self, node: ast.List | ast.Tuple) -> Term:
        words = [one.value for one in node.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(words) != len(node.elts) or not words:
            raise Wrong(f"`{ast.unparse(node)[:60]}`: a list holds texts, at least one")
        kept = tuple(words)
        return Term("texts", lambda _: kept)

    def _fact(self, name: str) -> Term:
        if name not in self.kinds:
            import difflib

            near = difflib.get_close_matches(name, self.kinds, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(sorted(self.kinds))}"
            raise Wrong(f"{self.judges} has no fact {name!r}{hint}")
        self.reads.add(name)
        return Term(self.kinds[name], lambda moment: getattr(moment.resource, name))

    def _compared(self, node: ast.Compare) -> Term:
        terms = [self.term(one) for one in (node.left, *node.comparators)]
        pairs = [self._pair(one, op, other) for one, op, other in zip(terms, node.ops, terms[1:], strict=False)]
        return pairs[0] if len(pairs) == 1 else _joined(pairs, all_of=True)

    def _pair(self, one: Term, op: ast.cmpop, other: Term) -> Term:
        does = COMPARISONS.get(type(op))
        if does is None:
            raise Wrong("`is` is not of the language; write == or !=")
        fits = (
            (one.kind == "text" and other.kind in {"text", "texts"}) if isinstance(op, MEMBER)
            else one.kind == other.kind != "things" and (isinstance(op, EQUAL) or one.kind in {"number", "instant"})
        )  # fmt: skip
        if not fits:
            raise Wrong(f"{NAMES[one.kind]} and {NAMES[other.kind]} cannot be compared so")

        def value(moment: Moment) -> bool | None:
            left, right = one.value(moment), other.value(moment)
            return None if left is None or right is None else does(left, right)

        return Term("bool", value)

    def _call(self, node: ast.Call) -> Term:
        assert isinstance(node.func, ast.Name)
        name, given = node.func.id, node.args
        match name, given:
            case "tag", [ast.Constant(value=str() as key)]:
                self.reads.add("tags")
                return Term(
                    "text", lambda moment: None if moment.resource.tags is None else moment.resource.tags.get(key, "")
                )
            case "older_than" | "ends_within", [what, ast.Constant(value=int() as number)] if (
                0 <= number <= 36500 and number is not True
            ):
                return self._in_time(self.term(what), timedelta(days=-number if name == "ends_within" else number))
            case (("len" | "lower" | "starts_with" | "ends_with"), _):
                return self._plain(name, [self.term(one) for one in given])
        raise Wrong(
            f'`{ast.unparse(node)[:60]}` is no call of the language; it has tag("name"), len(list or text), lower(text), '
            "starts_with(text, text), ends_with(text, text), older_than(instant, days), ends_within(instant, days)"
        )

    def _in_time(self, what: Term, after: timedelta) -> Term:
        """True from `after` the instant on: that instant itself included, as for our own checks."""
        if what.kind != "instant":
            raise Wrong(f"older_than and ends_within ask of an instant, not of {NAMES[what.kind]}")
        self.timed = True

        def value(moment: Moment) -> bool | None:
            said = what.value(moment)
            if not isinstance(said, datetime):
                return None
            try:
                turn = said + after
            except OverflowError:
                return False  # there is no end
            if moment.now < turn:
                moment.turns.append(turn)
            return moment.now >= turn

        return Term("bool", value)

    def _plain(self, name: str, given: list[Term]) -> Term:
        kinds, gives, does = FUNCTIONS[name]
        if len(given) != len(kinds) or any(one.kind not in allowed for one, allowed in zip(given, kinds, strict=True)):
            raise Wrong(f"{name} takes {', '.join(' or '.join(NAMES[one] for one in allowed) for allowed in kinds)}")

        def value(moment: Moment) -> Value:
            said = [one.value(moment) for one in given]
            return None if any(one is None for one in said) else does(*said)

        return Term(gives, value)


FUNCTIONS: Mapping[str, tuple[tuple[tuple[Kind, ...], ...], Kind, Callable[..., Value]]] = {
    "len": ((("text", "texts", "things"),), "number", len),
    "lower": ((("text",),), "text", lambda text: text.lower()),
    "starts_with": ((("text",), ("text",)), "bool", lambda text, start: text.startswith(start)),
    "ends_with": ((("text",), ("text",)), "bool", lambda text, end: text.endswith(end)),
}
"""Functions without time: what each takes and gives."""


def _joined(terms: list[Term], *, all_of: bool) -> Term:
    """`and` or `or` by Kleene. All terms are asked, so that each says when its answer turns."""

    def value(moment: Moment) -> bool | None:
        said = [one.value(moment) for one in terms]
        if (not all_of) in said:
            return not all_of
        return None if None in said else all_of

    return Term("bool", value)


def _denied(term: Term) -> Term:
    def value(moment: Moment) -> bool | None:
        said = term.value(moment)
        return None if said is None else not said

    return Term("bool", value)

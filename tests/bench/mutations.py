"""What a function would be with one thing in it wrong: the mutations of a mutation run. Pure: source in, code objects out.

Comparisons are flipped or moved by one, conditions negated, `and` and `or` exchanged, constants changed, arithmetic turned, results swapped
for another verdict or for nothing, `holds_until` left out. Docstrings, annotations, decorators and words of f-strings stay.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

OPPOSITE = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
BESIDE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
TURNED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}
VERDICTS = {"passed": "passed()", "failed": "failed('mutated')", "unknown": "unknown('mutated')"}
"""What a returned verdict may become, each beside the other two."""


@dataclass(frozen=True)
class Mutation:
    """One function with one thing wrong."""

    function: str
    """Its qualified name in the module."""
    line: int
    what: str
    code: CodeType


def functions(source: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function and method of a module, with its qualified name; nested ones belong to theirs."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))


def mutations(name: str, function: ast.FunctionDef, file: str) -> Iterator[Mutation]:
    """Every mutation of a function, in the order of its source."""
    bare = stripped(function)
    count = sum(1 for _ in _sites(bare))
    for number in range(count):
        changed = copy.deepcopy(bare)
        for at, (node, field, index, new, what) in enumerate(_sites(changed)):
            if at == number:
                _put(node, field, index, new)
                yield Mutation(name, node.lineno, what, compiled(changed, file))
                break


def stripped(function: ast.FunctionDef) -> ast.FunctionDef:
    """The function without what is no behaviour of its body: decorators, annotations, docstring."""
    bare = copy.deepcopy(function)
    bare.decorator_list, bare.returns = [], None
    for argument in (*bare.args.posonlyargs, *bare.args.args, *bare.args.kwonlyargs):
        argument.annotation = None
    if ast.get_docstring(bare) is not None and len(bare.body) > 1:
        bare.body = bare.body[1:]
    return bare


def compiled(function: ast.FunctionDef, file: str) -> CodeType:
    """The code object of a function's source; its defaults are not part of it."""
    module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
    code = compile(module, file, "exec")
    return next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == function.name)


def _put(node, field, index, new):
    if index is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[index] = new


def _sites(function):
    """(node, field, index or None, what stands there instead, in words) for each change that can be made in its body."""
    for statement in function.body:
        for node in ast.walk(statement):
            for field, value in ast.iter_fields(node):
                if field in {"annotation", "keywords"} or isinstance(node, ast.JoinedStr):
                    continue
                each = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
                for index, child in each:
                    for new, what in _changes(node, field, child):
                        yield node if hasattr(node, "lineno") else statement, field, index, new, what
            if isinstance(node, ast.Call):
                yield from _without(node)


def _without(call):
    for keyword in call.keywords:
        if keyword.arg == "holds_until":
            yield keyword, "value", None, ast.Constant(None), "holds_until left out"


def _changes(node, field, child):
    """What may stand in place of a child."""
    if isinstance(node, ast.Compare) and field == "ops":
        for table in (OPPOSITE, BESIDE):
            if type(child) in table:
                new = table[type(child)]
                yield new(), f"{type(child).__name__} is {new.__name__}"
    elif isinstance(node, ast.Return) and field == "value" and child is not None:
        yield from _returns(child)
    elif field == "test" and isinstance(child, ast.expr):
        yield ast.UnaryOp(ast.Not(), child), "condition negated"
    elif isinstance(node, ast.BoolOp) and field == "op":
        new = ast.Or if isinstance(child, ast.And) else ast.And
        yield new(), f"{type(child).__name__} is {new.__name__}"
    elif isinstance(node, ast.BinOp) and field == "op" and type(child) in TURNED:
        yield TURNED[type(child)](), f"{type(child).__name__} is {TURNED[type(child)].__name__}"
    if isinstance(child, ast.UnaryOp) and isinstance(child.op, ast.Not):
        yield child.operand, "not left out"
    elif isinstance(child, ast.Constant):
        yield from _constants(child.value)


def _constants(value):
    if isinstance(value, bool):
        yield ast.Constant(not value), f"{value} is {not value}"
    elif isinstance(value, int):
        yield ast.Constant(value + 1), f"{value} is {value + 1}"
    elif isinstance(value, str):
        yield ast.Constant("mutated"), f"{value[:30]!r} is 'mutated'"


def _returns(value):
    """A verdict becomes each other; what is none becomes nothing."""
    called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else None
    judged = {"passed", "failed", "unknown", "not_applicable", "holds", "names", "told", "lately", "lasts", "taken_up"}
    if called in judged:
        for name, text in VERDICTS.items():
            if name != called:
                made = ast.parse(f"__import__('controls.verdict', fromlist=['x']).{text}", mode="eval")
                yield made.body, f"returns {name}"
    elif not (isinstance(value, ast.Constant) and value.value is None):
        yield ast.Constant(None), "returns nothing"

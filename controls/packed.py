"""A check that a pack declares: title, links and words as data, what must hold as an expression."""

import functools
import hashlib
import inspect
import sys
from dataclasses import dataclass
from datetime import datetime

from collectors.resource import FAR, Resource
from controls import expressions
from controls.check import Check
from controls.expressions import Expression
from controls.verdict import Verdict, failed, not_applicable, passed, unknown


@dataclass(frozen=True, kw_only=True)
class PackedCheck(Check):
    """A check of a pack; judged like any other."""

    pack: str
    version: str
    source: bytes
    """The pack's bytes, which are sealed: a replay judges by them."""
    expressions: tuple[Expression, ...]

    @functools.cached_property
    def reads(self) -> tuple[str, ...]:
        """The facts that its expressions name, in alphabetical order."""
        named = {name for one in self.expressions for name in one.reads}
        return tuple(sorted(named & set(self.judges.__struct_fields__) - set(Resource.__struct_fields__)))

    @functools.cached_property
    def digest(self) -> str:
        """sha256 of the pack's bytes, the check's name and the module that judges by them."""
        engine = inspect.getsource(expressions) + inspect.getsource(sys.modules[__name__])
        return hashlib.sha256(b"\0".join((self.name.encode(), self.source, engine.encode()))).hexdigest()


class Judgement:
    """The function of a packed check: what must hold, and of what it is asked at all."""

    def __init__(self, holds: Expression, applies: Expression | None, otherwise: str) -> None:
        self._holds, self._applies, self._otherwise = holds, applies, otherwise

    def __call__(self, resource: Resource, *, now: datetime | None = None) -> Verdict:
        """The verdict. Where no expression asks for the time, `now` is not given."""
        at = now or FAR
        applies, until = self._applies.holds(resource, at) if self._applies else (True, None)
        if applies is None:
            return unknown(holds_until=until)
        if not applies:
            said = not_applicable("the pack does not speak of it")
            return said if until is None else Verdict(outcome=said.outcome, reason=said.reason, holds_until=until)
        held, turn = self._holds.holds(resource, at)
        first = min((one for one in (until, turn) if one), default=None)
        if held is None:
            return unknown(holds_until=first)
        return passed(holds_until=first) if held else failed(self._otherwise, holds_until=first)

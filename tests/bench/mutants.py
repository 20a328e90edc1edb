"""A mutation run over controls/: each of its functions is made wrong in every small way, and the tests of tests/controls must notice.

`make mutants` prints what was not noticed and the share that lives. Tests are collected once, in one process; a mutant is another code
object in the same function, so that nothing is imported again. Killers go first: a test that has just killed is tried first next time.
"""

import importlib
import inspect
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.bench.mutations import Mutation, functions, mutations

ROOT = Path(__file__).parents[2]
SECONDS = 30
"""After which a mutant that has neither passed nor failed counts as noticed."""


def modules(names: list[str]) -> list[str]:
    """Modules of controls/ that hold functions; all where none is named."""
    found = sorted(path.stem for path in (ROOT / "controls").glob("*.py") if path.stem != "__init__")
    return [f"controls.{name}" for name in names or [*found, "ccm"]]


def plain(value):
    """The function inside of what a decorator made of it."""
    while not inspect.isfunction(value):
        kept = ("function", "__wrapped__", "func", "fget", "__func__")
        inner = next((getattr(value, name) for name in kept if hasattr(value, name)), None)
        if inner is None:
            return None
        value = inner
    return value


def body(module, name):
    """The function of that qualified name, as the module holds it now; `None` where something else stands there."""
    owner, _, last = name.rpartition(".")
    holder = getattr(module, owner) if owner else module
    return plain(inspect.getattr_static(holder, last, None))


def mutants(module) -> Iterator[tuple[Callable[..., object], Mutation]]:
    """Every mutant of a module's functions that can stand in the function's place."""
    file = inspect.getsourcefile(module)
    for name, node in functions(Path(file).read_text()):
        function = body(module, name)
        for each in mutations(name, node, file) if function is not None else ():
            if each.code.co_freevars == function.__code__.co_freevars:
                yield function, each


def forget() -> None:
    """Empty every cache of controls/: what an earlier mutant answered is nobody's answer now."""
    from controls.catalogue import CHECKS

    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "controls":
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
    for check in CHECKS:
        for name in ("reads", "digest"):
            vars(check).pop(name, None)


@contextmanager
def wrong(function, mutation):
    """The function with the mutant's code, and no memory."""
    right = function.__code__
    function.__code__ = mutation.code
    forget()
    try:
        yield
    finally:
        function.__code__ = right
        forget()


@contextmanager
def moved(check, name):
    """The check with one of its parameters one larger: a default is not in a function's code."""
    check.parameters[name] += 1
    try:
        yield
    finally:
        check.parameters[name] -= 1


class Run:
    """A pytest plugin whose loop tries all tests on each mutant."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.made, self.alive, self.killers = names, Counter(), [], Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self):
        """Before the tests are read: hypothesis need not make a failure small."""
        from hypothesis import Phase, settings

        settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), max_examples=40, database=None)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """In place of the loop of pytest: first every test as it is, then each mutant."""
        if self.killed(session.items, ""):
            raise pytest.UsageError("the tests fail without any mutant")
        self.killers.clear()
        for name in modules(self.names):
            module = importlib.import_module(name)
            for function, mutation in mutants(module):
                self.tried(
                    session.items,
                    name,
                    f"{mutation.function}:{mutation.line}: {mutation.what}",
                    wrong(function, mutation),
                )
            for check in vars(module).values():
                for parameter in getattr(check, "parameters", None) or () if hasattr(check, "judges") else ():
                    self.tried(session.items, name, f"{check.name}: {parameter} one more", moved(check, parameter))
        return True

    def tried(self, items, module, words, mutant) -> None:
        """Count one mutant, and whether it lives."""
        self.made[module] += 1
        with mutant:
            if not self.killed(items, words.partition(":")[0].rpartition(".")[2]):
                self.alive.append(f"{module}.{words}")

    def killed(self, items, function) -> bool:
        """Whether a test fails. Those of the function's own name first, then the last killers, hypothesis last."""
        order = sorted(
            items, key=lambda item: (function not in item.nodeid, -self.killers[item.nodeid], "laws" in item.nodeid)
        )
        with alarm():
            for item in order if function else items:
                if any(report.failed for report in runtestprotocol(item, nextitem=None, log=False)):
                    self.killers[item.nodeid] += 1
                    return True
        return False


@contextmanager
def alarm():
    """An end to what does not end."""

    def ring(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def main() -> int:
    """Print what lives and the share. `python tests/bench/mutants.py cek log` tries these modules only."""
    run, began = Run(sys.argv[1:]), time.monotonic()
    # A test that measures another process sees no mutant.
    quiet = ("-qq", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-n", "0", "-k", "not loads_no_sdk")
    code = pytest.main([*quiet, str(ROOT / "tests/controls")], plugins=[run])
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} or not run.made:
        print(f"the run ended early: {code!r}")
        return 1
    made, lives, took = sum(run.made.values()), len(run.alive), time.monotonic() - began
    for words in run.alive:
        print(f"alive: {words}")
    print(f"{made} mutants in {len(run.made)} modules, {lives} alive: {100 * lives / made:.1f}%; {took:.0f} s")
    return 0 if lives * 10 < made else 1


if __name__ == "__main__":
    sys.exit(main())

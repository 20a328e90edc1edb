"""Describing in the thread that lists: for what was read already, where a pool's bookkeeping costs more than the work."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")


class Inline(Executor):
    """Runs each step where it is asked for: items are described from what was read already, and no thread has anything to wait for."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """The result, as a future that is done. A visit's steps raise nothing; what is raised all the same is a bug, at once."""
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done

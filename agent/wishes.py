"""What signals ask of a daemon: to stop, to read its programme again. Safe to set from a signal handler."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SHARE = 0.6
"""Of the grace period: what a run under way may use to end by itself, before it is abandoned."""


class Wishes:
    """Flags, and a wait that a flag cuts short. A pipe, not an event: a handler may not take a lock that it interrupted."""

    def __init__(self) -> None:
        self.stopping = False
        self.reloading = False
        self.abandoned = False
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def stop(self) -> None:
        """Take nothing on any more."""
        self.stopping = True
        self._wake()

    def reload(self) -> None:
        """Read the programme again before the next turn."""
        self.reloading = True
        self._wake()

    def abandon(self) -> None:
        """Let go of what is under way; another run goes on from there."""
        self.stopping = self.abandoned = True
        self._wake()

    def wait(self, seconds: float) -> None:
        """Sleep, but not through a wish."""
        if not (self.stopping or self.reloading):
            select.select([self._read], [], [], max(seconds, 0))
        with suppress(BlockingIOError):
            while os.read(self._read, 512):
                pass

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._read)
        os.close(self._write)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # full of wishes that nobody has read yet: it will wake
            os.write(self._write, b".")


@contextmanager
def heeded(wishes: Wishes, grace: float) -> Iterator[None]:
    """Turn this process' signals into wishes: SIGTERM and SIGINT stop within `grace` seconds, SIGHUP reads the programme again.

    After three fifths of the grace period a run under way is abandoned; at its end the process leaves, whatever it is in. Either way
    what was kept stands, and the next run goes on from there.
    """
    stages = iter((wishes.abandon, lambda: os._exit(0)))

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not wishes.stopping:
            signal.setitimer(signal.ITIMER_REAL, max(grace * SHARE, 0.001), max(grace * (1 - SHARE), 0.001))
        wishes.stop()

    def late(_number: int, _frame: FrameType | None) -> None:
        sys.stderr.flush()
        next(stages)()

    handlers = {
        signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGALRM: late,
        signal.SIGHUP: lambda _number, _frame: wishes.reload(),
    }  # fmt: skip
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)

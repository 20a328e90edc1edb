"""How far a sweep has come, for a person who waits: one line on stderr that redraws itself.

The sweep tells an observer; whether anybody looks is the observer's business. Where stderr is not a terminal nothing is drawn, and the
logs say what there is to say.
"""

import shutil
import threading
from collections.abc import Callable
from typing import Protocol, TextIO

REDRAW = 0.1  # seconds between two drawings
BAR = 20  # characters


class Progress(Protocol):
    """What a sweep tells while it runs. Called from many threads."""

    def began(self, *, accounts: int, cells: int, done: int = 0) -> None:
        """The plan stands: so many accounts and cells; `done` cells were seen before, by a run that this one resumes."""
        ...

    def looked(self, *, gaps: int) -> None:
        """One more cell was looked at and left so many gaps."""
        ...

    def ended(self) -> None:
        """All that could be looked at was."""
        ...


class Silence:
    """Tells nobody."""

    def began(self, *, accounts: int, cells: int, done: int = 0) -> None:
        """Nothing."""

    def looked(self, *, gaps: int) -> None:
        """Nothing."""

    def ended(self) -> None:
        """Nothing."""


class Line:
    """Draws accounts, cells, gaps and the time left on one terminal line."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], float], width: int = 80) -> None:
        """`clock` counts seconds and never goes back; `width` is the terminal's, in characters."""
        self._stream, self._clock, self._width = stream, clock, width
        self._lock = threading.Lock()
        self._accounts = self._cells = self._done = self._resumed = self._gaps = 0
        self._start = self._drawn = clock()

    def began(self, *, accounts: int, cells: int, done: int = 0) -> None:
        """Start the count."""
        with self._lock:
            self._accounts, self._cells, self._done, self._resumed, self._gaps = accounts, cells, done, done, 0
            self._start = self._clock()
            self._draw()

    def looked(self, *, gaps: int) -> None:
        """Count a cell; draw again unless that was just done."""
        with self._lock:
            self._done += 1
            self._gaps += gaps
            if self._clock() - self._drawn >= REDRAW or self._done == self._cells:
                self._draw()

    def ended(self) -> None:
        """Leave the last state standing and go to the next line."""
        with self._lock:
            self._draw()
            self._stream.write("\n")
            self._stream.flush()

    def _draw(self) -> None:
        self._drawn = self._clock()
        words = [
            f"{self._done}/{_many(self._cells, 'cell')} in {_many(self._accounts, 'account')}",
            _many(self._gaps, "gap"),
        ]
        left = self._left()
        if left is not None:
            words.append(f"about {spoken(left)} left")
        share = self._done / self._cells if self._cells else 1.0
        text = f"[{'#' * round(share * BAR):<{BAR}}] {', '.join(words)}"
        self._stream.write(
            f"\r\x1b[K{text[: self._width - 1]}"
        )  # a full line would wrap, and a wrapped one cannot be redrawn
        self._stream.flush()

    def _left(self) -> float | None:
        """Seconds left at the pace of this run; `None` before the first cell and after the last."""
        fresh = self._done - self._resumed
        if not fresh or self._done >= self._cells:
            return None
        return (self._drawn - self._start) / fresh * (self._cells - self._done)


def observer(stream: TextIO, *, quiet: bool, clock: Callable[[], float]) -> Progress:
    """A line for a person at a terminal, silence for anybody else."""
    if quiet or not stream.isatty():
        return Silence()
    return Line(stream, clock=clock, width=shutil.get_terminal_size().columns)


def spoken(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 5 min`: as exact as a guess deserves."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

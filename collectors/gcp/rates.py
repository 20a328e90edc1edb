"""How fast Cloud Asset Inventory is asked, and how often again.

Google counts `ListAssets` per minute: 100 for a consumer project, 800 for an organisation. Sliding windows keep to both in any minute,
and let a small estate be read at once; each keeps a few calls for whoever else asks. The client library's own retry leaves out 429.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0
PER_PROJECT = 95
PER_ORGANIZATION = 780
ATTEMPTS = 8
"""Times that one page is asked for, the first included: with the pauses between, about a minute and a half."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 32.0
BUDGET = 60
"""Retries of one sweep: a provider that refuses everything is not asked eight times for each of a thousand pages."""


class Window:
    """At most `limit` calls in any minute."""

    def __init__(self, limit: int) -> None:
        self._sent: deque[float] = deque(maxlen=limit)

    def slot(self, now: float) -> float:
        """The earliest instant for one more call."""
        full = len(self._sent) == self._sent.maxlen
        return max(now, self._sent[0] + MINUTE) if full else now

    def take(self, instant: float) -> None:
        """Count a call at that instant."""
        self._sent.append(instant)


class Rates:
    """The windows and the retry budget of a sweep. Safe to use from many threads; clock and sleep can be replaced."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._random = random.Random(seed)  # noqa: S311 - jitter, not a secret
        self._windows = (Window(PER_PROJECT), Window(PER_ORGANIZATION))
        self._retries = 0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take a place in every window, and wait until it has come."""
        with self._lock:
            now = self._clock()
            instant = max(window.slot(now) for window in self._windows)
            for window in self._windows:
                window.take(instant)
        if instant > now:
            self._sleep(instant - now)

    def pause(self, attempt: int) -> bool:
        """Wait before attempt `attempt + 1`, longer each time and never equally long. `False`: not again."""
        with self._lock:
            if attempt >= ATTEMPTS or self._retries >= BUDGET:
                return False
            self._retries += 1
            delay = self._random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
        self._sleep(delay)
        return True

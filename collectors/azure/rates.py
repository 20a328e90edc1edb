"""How fast Azure is asked, and how often again.

Resource Manager gives each principal a bucket of 250 reads per subscription, filled at 25 a second; Resource Graph 15 queries in 5
seconds per principal, and says in each answer how many are left and when that begins anew; a 429 says how long to wait.
"""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

GRAPH = "graph"
"""The bucket of Resource Graph: one for all subscriptions."""
QUERIES = 15
WINDOW = 5.0
"""Seconds in which Resource Graph takes so many queries."""
ATTEMPTS = 6
"""Times that one question is put, the first included."""
SILENT_ATTEMPTS = 3
"""As `ATTEMPTS`, where no answer came at all."""
LONGEST_WAIT = 60.0
"""Seconds. A provider that asks for more patience gets a gap."""
FIRST_PAUSE = 0.5
REMAINING = "x-ms-user-quota-remaining"
RESETS = "x-ms-user-quota-resets-after"


@dataclass(kw_only=True)
class _Bucket:
    tokens: float
    filled: float
    burst: float
    per_second: float
    closed_until: float = 0.0


class Rates:
    """Buckets of a sweep. Safe to use from many threads; clock and sleep can be replaced."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep, seed: int | None = None
    ) -> None:  # fmt: skip
        self._clock = clock
        self._sleep = sleep
        self._random = random.Random(seed)  # noqa: S311 - jitter, not a secret
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, name: str) -> None:
        """Take a token of a bucket (a subscription, or `GRAPH`), and wait until it is there."""
        with self._lock:
            bucket, now = self._bucket(name), self._clock()
            bucket.tokens = min(bucket.burst, bucket.tokens + (now - bucket.filled) * bucket.per_second) - 1
            bucket.filled = now
            delay = max(-bucket.tokens / bucket.per_second, bucket.closed_until - now)
        if delay > 0:
            self._sleep(delay)

    def heard(self, name: str, headers: Mapping[str, str]) -> None:
        """What an answer says of the quota that is left: with none left, the bucket is closed until it begins anew."""
        left, resets = headers.get(REMAINING, ""), _seconds(headers.get(RESETS, ""))
        if name != GRAPH or not left.isdigit() or resets is None:
            return
        with self._lock:
            bucket = self._bucket(name)
            bucket.tokens = min(bucket.tokens, float(left))
            if left == "0":
                bucket.closed_until = max(bucket.closed_until, self._clock() + resets)

    def pause(self, name: str, attempt: int, headers: Mapping[str, str], *, silent: bool = False) -> bool:
        """Wait before attempt `attempt + 1`, as long as the provider asks for. `False`: not again."""
        if attempt >= (SILENT_ATTEMPTS if silent else ATTEMPTS):
            return False
        said = headers.get("retry-after", "")
        delay = float(said) if said.isdigit() else _seconds(headers.get(RESETS, "")) if name == GRAPH else None
        if delay is None:
            delay = self._random.uniform(0.5, 1.0) * FIRST_PAUSE * 2**attempt
        if delay > LONGEST_WAIT:
            return False
        if said:
            with self._lock:
                bucket = self._bucket(name)
                bucket.closed_until = max(bucket.closed_until, self._clock() + delay)
        self._sleep(delay)
        return True

    def _bucket(self, name: str) -> _Bucket:
        if name not in self._buckets:
            burst, per_second = (float(QUERIES), QUERIES / WINDOW) if name == GRAPH else (250.0, 25.0)
            self._buckets[name] = _Bucket(tokens=burst, filled=self._clock(), burst=burst, per_second=per_second)
        return self._buckets[name]


def _seconds(span: str) -> float | None:
    """`00:00:05` as seconds."""
    parts = span.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    hours, minutes, seconds = map(int, parts)
    return float(hours * 3600 + minutes * 60 + seconds)

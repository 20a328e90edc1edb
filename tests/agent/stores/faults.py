"""A bucket in memory, and one whose replies are lost or which is away: around a real one, so that what was done is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from agent.stores.remote import Bucket, Object, Remote, Unanswered

PUTS = frozenset({"create", "upload"})


class Memory:
    """A bucket that is a dictionary, with the semantics of the real ones."""

    address = "memory://bucket"

    def __init__(self, objects: dict[str, bytes] | None = None) -> None:
        self.objects = dict(objects or {})
        self._lock = Lock()

    def read(self, key: str) -> bytes:
        return self.objects[key]

    def download(self, key: str, target: Path) -> None:
        target.write_bytes(self.objects[key])

    def written(self, key: str) -> datetime:
        self.keep(key)
        return datetime.now(UTC)

    def create(self, key: str, data: bytes) -> bool:
        with self._lock:
            return key not in self.objects and self.objects.setdefault(key, data) is data

    def upload(self, key: str, source: Path) -> bool:
        return self.create(key, source.read_bytes())

    def keep(self, key: str) -> None:
        if key not in self.objects:
            raise KeyError(key)

    def keys(self, prefix: str) -> Iterator[str]:
        return (key for key in list(self.objects) if key.startswith(prefix))

    def listed(self, prefix: str) -> Iterator[Object]:
        return (Object(key, str(hash(self.objects[key])), len(self.objects[key])) for key in self.keys(prefix))

    def children(self, prefix: str) -> Iterator[str]:
        return (key.removeprefix(prefix).partition("/")[0] for key in self.keys(prefix))

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def ready(self) -> None:
        """Always."""


class Unreliable:
    """Passes everything on. What `loses` names is done, and its reply lost; while `away`, nothing is done.

    `cut` is the call at which the store goes away: the call itself is done first if its reply is what is lost.
    """

    def __init__(self, bucket: Bucket, *, cut: int | None = None, done: bool = False) -> None:
        self._bucket = bucket
        self.address = bucket.address
        self.loses: frozenset[str] = frozenset()
        self.away = False
        self.lost = self.calls = 0
        self._cut, self._done = cut, done
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        whole = getattr(self._bucket, name)

        def asked(*arguments: Any) -> Any:
            with self._lock:
                self.calls += 1
                now = self.calls == self._cut
                self.away = self.away or now
            if self.away and not (now and self._done):
                raise Unanswered("no route to the store")
            answer = whole(*arguments)
            if now or name in self.loses:
                self.lost += 1
                raise Unanswered("the connection was reset")
            return answer

        return asked


def unreliable(objects: dict[str, bytes] | None = None, **how: Any) -> tuple[Remote, Unreliable]:
    """A store over a bucket in memory, and the hand that breaks it."""
    bucket = Unreliable(Memory(objects), **how)
    return Remote(bucket), bucket

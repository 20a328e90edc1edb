"""A store in a bucket. What may have been done although its reply was lost is looked up, never assumed.

A `Bucket` speaks to one kind of object store; `Remote` makes of it what everything else rests on.
"""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from agent.errors import StoreError
from agent.store import Store, missing

T = TypeVar("T")
READERS = 16
"""Objects read at once where several are wanted."""
PROBE = "conditional-writes.txt"
"""Key of an object that every start tries to overwrite, in vain: the proof that put-if-absent holds here."""
PROBED = b"Starcadence tries to overwrite this at every start. It rests on being refused.\n"


class Unanswered(Exception):
    """The object store did not answer, or answered with an error of its own: what was asked may have been done, or not."""


class Object(NamedTuple):
    """One object, as a listing tells of it."""

    key: str
    mark: str
    """Another one whenever the object was put anew."""
    size: int


class Bucket(Protocol):
    """One prefix of one bucket. Raises `KeyError` where nothing stands, `Unanswered`, and `StoreError` for a refusal, with its remedy."""

    address: str

    def read(self, key: str) -> bytes:
        """The bytes at a key, whole."""
        ...

    def download(self, key: str, target: Path) -> None:
        """Write the bytes at a key to a file."""
        ...

    def written(self, key: str) -> datetime:
        """When the object was put."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Put bytes where nothing stands, atomically; False if something does."""
        ...

    def upload(self, key: str, source: Path) -> bool:
        """Put a file of any size where nothing stands; False if something does."""
        ...

    def keep(self, key: str) -> None:
        """Extend the retention of what stands, or make it younger, if that is due."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys that begin with a prefix, sorted."""
        ...

    def listed(self, prefix: str) -> Iterator[Object]:
        """What stands at keys that begin with a prefix."""
        ...

    def children(self, prefix: str) -> Iterator[str]:
        """Names up to the next `/` after a prefix."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object, if it stands."""
        ...

    def ready(self) -> None:
        """Raise `StoreError` unless the bucket is as its options need it."""
        ...


class Remote(Store):
    """A store in a bucket."""

    settles = timedelta(days=14)
    """Twice the age at which a bucket makes an object younger that is referred to."""

    def __init__(self, bucket: Bucket) -> None:
        self.address = bucket.address
        self._bucket = bucket
        self._folder: Path | None = None

    def get(self, key: str) -> bytes:
        """The bytes at a key. `KeyError` if there are none."""
        return self._asked(lambda: self._bucket.read(key), key)

    def many(self, keys: Iterable[str]) -> Iterator[bytes]:
        """The bytes at several keys, in their order, several read at once. `KeyError` at the first that is not there."""
        wanted = tuple(keys)
        if len(wanted) < 2:
            yield from map(self.get, wanted)
            return
        with ThreadPoolExecutor(READERS, thread_name_prefix="store") as pool:
            yield from pool.map(self.get, wanted)

    def has(self, key: str) -> bool:
        """Something stands at the key."""
        with suppress(KeyError):
            self.written(key)
            return True
        return False

    def list(self, prefix: str) -> Iterator[str]:
        """Keys deeper under a folder prefix, sorted."""
        folder = _folder(prefix)
        found = self._asked(lambda: sorted(self._bucket.keys(folder)), prefix)
        yield from (key for key in found if key != PROBE)

    def children(self, prefix: str) -> tuple[str, ...]:
        """Names directly under a folder prefix, sorted."""
        folder = _folder(prefix)
        return self._asked(lambda: tuple(sorted(set(self._bucket.children(folder)) - {PROBE})), prefix)

    def put_if_absent(self, key: str, data: bytes) -> bytes:
        """Put bytes where nothing stands; return what stands there now. A lost reply is looked up."""
        try:
            if self._bucket.create(key, data):
                return data
        except Unanswered as error:
            with suppress(KeyError):
                return self.get(key)
            raise self._away(error, key) from error
        return self.get(key)

    def place(self, temporary: Path, key: str) -> bool:
        """Upload a finished temporary file to a key; False if something stands there already, which a lost reply may have put."""
        try:
            return self._bucket.upload(key, temporary)
        except Unanswered as error:
            if self.has(key):
                return False
            raise self._away(error, key) from error
        finally:
            temporary.unlink(missing_ok=True)

    def temporary(self) -> Path:
        """A fresh path in a folder of this process, on this machine."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="starcadence-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            path = Path(file.name)
        path.unlink()
        return path

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A copy of an object."""
        path = self.temporary()
        try:
            try:
                self._asked(lambda: self._bucket.download(key, path), key)
            except KeyError:
                raise missing(self, key) from None
            yield path
        finally:
            path.unlink(missing_ok=True)

    def retain(self, key: str) -> bool:
        """Keep what stands at a key; False if nothing does."""
        try:
            self._asked(lambda: self._bucket.keep(key), key)
        except KeyError:
            return False
        return True

    def written(self, key: str) -> datetime:
        """When the object was put, or made younger."""
        return self._asked(lambda: self._bucket.written(key), key)

    def remove(self, key: str) -> None:
        """Delete an object."""
        self._asked(lambda: self._bucket.delete(key), key)

    def where(self, key: str) -> str:
        """The object's address."""
        return f"{self.address}/{key}"

    def ready(self) -> None:
        """Raise `StoreError` unless the bucket can be written, is as its options need it, and refuses to overwrite."""
        self._asked(self._bucket.ready, PROBE)
        created = self._asked(lambda: self._bucket.create(PROBE, PROBED), PROBE)
        if created and self._asked(lambda: self._bucket.create(PROBE, PROBED), PROBE):
            raise StoreError(
                f"{self.address} cannot hold a store: it overwrites what it is told to put only if absent; use one that honours "
                "If-None-Match"
            )

    def _asked(self, call: Callable[[], T], key: str) -> T:
        try:
            return call()
        except Unanswered as error:
            raise self._away(error, key) from error

    def _away(self, error: Unanswered, key: str) -> StoreError:
        return StoreError(f"{self.where(key)}: {error}; run again when the store answers: nothing is lost")


def _folder(prefix: str) -> str:
    return f"{prefix.strip('/')}/" if prefix else ""

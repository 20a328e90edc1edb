"""Papers that lie in buckets: brought to a private folder of this machine to be read, and only what was put anew since the last time.

A bucket that does not answer is no fault of anybody's: `Unanswered`, and what was kept of the papers stands. One that refuses is told with
its remedy. The folder lies as long as this process lives.
"""

import atexit
import functools
import pathlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.errors import StoreError
from agent.stores.naming import REMOTE, is_remote
from agent.stores.remote import Bucket, Object

MOST = 10_000
"""Objects under one address."""
LARGEST = 1 << 30
"""Bytes under one address."""
PATIENCE = 60.0
"""Seconds for which a listing is believed where only a change is looked for."""


@dataclass(kw_only=True)
class _Copy:
    """What of one address lies here."""

    listed: float
    """When by the monotonic clock all of it was brought here."""
    marks: dict[str, str]
    """Key -> its mark."""


_copies: dict[str, _Copy] = {}


def usable(name: str) -> bool:
    """A path, or a bucket of a kind that is known; anything else is a fault of the programme's own."""
    return bool(name.strip()) and ("://" not in name or is_remote(name))


def here(name: str, beside: pathlib.Path) -> pathlib.Path:
    """Where on this machine something lies that a programme names: beside it, or the copy of what lies in a bucket."""
    found = REMOTE.fullmatch(name)
    if found is None:
        return beside / name
    scheme, bucket, prefix = found.groups(default="")
    return _root() / scheme / bucket / prefix.strip("/")


def named(path: pathlib.Path, beside: pathlib.Path) -> str:
    """A file as reports name it: seen from the programme's folder, or by its address in the bucket."""
    if _made() and path.is_relative_to(_root()):
        scheme, *rest = path.relative_to(_root()).parts
        return f"{scheme}://{'/'.join(rest)}"
    return path.relative_to(beside).as_posix() if path.is_relative_to(beside) else path.name


def retold(text: str) -> str:
    """Words in which copies are named by the addresses that they are of."""
    for scheme in ("s3", "gs", "az") if _made() else ():
        text = text.replace(f"{_root() / scheme}/", f"{scheme}://")
    return text


def fetch(names: Iterable[str]) -> None:
    """Bring here what the addresses among the names hold now. Raises `Unanswered`, and `StoreError` for a refusal, with its remedy."""
    for name in sorted({one for one in names if is_remote(one)}):
        _fetch(name)


def marks(name: str) -> Mapping[str, str]:
    """Key -> mark of what an address holds, as listed within the last minute. Raises as `fetch`."""
    copy = _copies.get(name)
    if copy is not None and time.monotonic() - copy.listed <= PATIENCE:
        return copy.marks
    _, objects = _listed(name)
    found = {one.key: one.mark for one in objects}
    if copy is not None and copy.marks == found:
        copy.listed = time.monotonic()
    return found


def _fetch(name: str) -> None:
    bucket, objects = _listed(name)
    copy = _copies.setdefault(name, _Copy(listed=-PATIENCE, marks={}))
    folder = here(name, pathlib.Path())
    for _ in filter(None, _prefix(name).split("/")):
        folder = folder.parent
    for key in copy.marks.keys() - {one.key for one in objects}:
        (folder / key).unlink(missing_ok=True)
        del copy.marks[key]
    for one in objects:
        if copy.marks.get(one.key) != one.mark:
            _bring(bucket, one.key, folder / one.key)
            copy.marks[one.key] = one.mark
    copy.listed = time.monotonic()


def _listed(name: str) -> tuple[Bucket, list[Object]]:
    """The bucket, and what lies at an address, below it, or beside it under the same name with more after a dot."""
    from agent.stores.opening import open_bucket

    bucket, prefix = open_bucket(name)
    found: list[Object] = []
    size = 0
    for one in bucket.listed(prefix):
        if one.key.endswith("/") or (prefix and one.key[len(prefix) : len(prefix) + 1] not in {"", "/", "."}):
            continue
        if any(part in {"", ".", ".."} for part in one.key.split("/")):
            raise StoreError(f"{name}: the key {one.key!r} is no path; name it otherwise")
        size += one.size
        if len(found) >= MOST or size > LARGEST:
            raise StoreError(f"{name} holds more than {MOST} objects or {LARGEST >> 30} GiB; name a longer prefix")
        found.append(one)
    return bucket, found


def _bring(bucket: Bucket, key: str, target: pathlib.Path) -> None:
    """Copy one object, whole or not at all. What went meanwhile is passed over: the next look sees that."""
    part = _root() / "part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        bucket.download(key, part)
        part.replace(target)
    except KeyError:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{retold(str(target))} cannot be kept here ({error.strerror}); no key may be the folder of another"
        ) from error


def _prefix(name: str) -> str:
    found = REMOTE.fullmatch(name)
    return (found[3] or "").strip("/") if found else ""


def _made() -> bool:
    return bool(_root.cache_info().currsize)


@functools.cache
def _root() -> pathlib.Path:
    """A private folder of this process, removed when it ends."""
    made = pathlib.Path(tempfile.mkdtemp(prefix="starcadence-papers-")).resolve()
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made

"""What Asset Inventory holds, listed once for all projects: each asset type and content is read to its end and shelved by owner.

A million assets are a gigabyte on the wire. Pages are taken apart as they come; each owner's assets are kept as compressed frames of
protocol buffers, a tenth of that, and made into dictionaries only when their cell is visited.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import zstandard

from collectors.detectors import pure
from collectors.gap import Reason
from collectors.gcp.decoding import decoded
from collectors.gcp.wire import OPERATION, Wire
from collectors.notes import Failure
from collectors.sighting import Call

FRAME = 16 * 1024
"""Bytes of one owner's assets that are compressed together."""
CITED = 8
"""Calls that are named for one owner of one listing; a large one takes hundreds."""
OWNER = re.compile(r"(?:projects|folders|organizations)/[^/]+")
HOMELESS = "storage.googleapis.com/Bucket"
"""The one type that is referred to from elsewhere by a name without a project."""
_CRM = "//cloudresourcemanager.googleapis.com/"
_LENGTH = 4


@dataclass(kw_only=True)
class Shelf:
    """One asset type's content under one root, as far as it could be read."""

    frames: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """Owner (`projects/<number>`, `folders/<number>`, `organizations/<number>`) -> its assets, compressed."""
    pages: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Owner -> which of the calls brought its assets: the first few."""
    homes: dict[str, str] = field(default_factory=dict)
    """Name -> owner, for types whose names do not say where they lie."""
    calls: list[Call] = field(default_factory=list)
    failure: Failure | None = None
    """Why the listing was not read to its end; what was read before stays seen."""
    read: str = ""
    """The first page's read time."""

    def assets(self, owner: str) -> Iterator[dict[str, Any]]:
        """An owner's assets as plain JSON, in the order in which they came."""
        for frame in self._frames(owner):
            clean = pure(frame)
            for message in _messages(frame):
                yield decoded(message, pure=clean)

    def messages(self, owner: str) -> Iterator[Any]:
        """The same as the protocol buffers that came: a fifth of the work, for whoever wants a field or two of many."""
        for frame in self._frames(owner):
            yield from _messages(frame)

    def _frames(self, owner: str) -> Iterator[bytes]:
        return map(zstandard.ZstdDecompressor().decompress, self.frames.get(owner, ()))

    def evidence(self, owner: str) -> list[Call]:
        """The first calls that brought an owner's assets, and the listing's last, which says that there are no more."""
        return [self.calls[index] for index in sorted({*self.pages.get(owner, ()), *range(len(self.calls))[-1:]})]


class Inventory:
    """The shelves of one sweep. Whoever asks for one first reads it; others wait for that one only."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._shelves: dict[tuple[str, str, str], Shelf] = {}
        self._locks: dict[tuple[str, str, str], threading.Lock] = {}
        self._lock = threading.Lock()
        self.memo: dict[tuple[str, str], Any] = {}
        """What was worked out of the assets of folders and the organisation, by level and name; it is the same for every cell."""

    def shelf(self, root: str, asset_type: str, content: str) -> Shelf:
        """The assets of a type (a regular expression, as Google takes it) under a root (`organizations/1`); listed once."""
        key = (root, asset_type, content)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._shelves:
                self._shelves[key] = _listed(self._wire, *key)
            return self._shelves[key]


def _messages(frame: bytes) -> Iterator[Any]:
    from google.cloud.asset_v1.types import Asset

    parse = Asset.pb().FromString
    data = memoryview(frame)
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + _LENGTH], "big")
        at += _LENGTH
        yield parse(bytes(data[at : at + size]))
        at += size


def owner_of(asset: Any) -> str | None:
    """The project, folder or organisation that an asset lies in: its first ancestor, or as far as its names tell."""
    if asset.name.startswith(_CRM):
        return str(asset.name.removeprefix(_CRM))
    if asset.ancestors:
        return str(asset.ancestors[0])
    for name in (asset.resource.parent, asset.name):
        if found := OWNER.search(name):
            return found[0]
    return None


def _listed(wire: Wire, root: str, asset_type: str, content: str) -> Shelf:
    """Every page of one listing, shelved."""
    shelf, open_frames = Shelf(), defaultdict[str, bytearray](bytearray)
    fits = re.compile(asset_type or ".+").fullmatch
    compress = zstandard.ZstdCompressor(level=1).compress
    for page in _pages(wire, shelf, root, asset_type, content):
        number = len(shelf.calls) - 1
        for asset in page.assets:
            owner = owner_of(asset)
            if owner is None or not asset.name or not fits(asset.asset_type):
                shelf.failure = _malformed(asset_type, content, "an asset that is not of this listing")
                continue
            if asset_type == HOMELESS:
                shelf.homes[asset.name] = owner
            line, frame = asset.SerializeToString(), open_frames[owner]
            frame += len(line).to_bytes(_LENGTH, "big") + line
            if len(cited := shelf.pages[owner]) < CITED:
                cited.add(number)
            if len(frame) >= FRAME:
                shelf.frames[owner].append(_exactly(compress(bytes(frame))))
                frame.clear()
    for owner, frame in open_frames.items():
        if frame:
            shelf.frames[owner].append(_exactly(compress(bytes(frame))))
    return shelf


def _exactly(compressed: bytes) -> bytes:
    """A copy without the room that the compressor asked for in case that nothing could be saved: a hundred times as much."""
    return bytes(memoryview(compressed))


def _pages(wire: Wire, shelf: Shelf, root: str, asset_type: str, content: str) -> Iterator[Any]:
    """Pages to the end, or to what went wrong, which is noted on the shelf."""
    token, met = "", {""}
    while True:
        page, calls, failure = wire.page(root, asset_type, content, token)
        shelf.calls += calls
        if failure is not None:
            shelf.failure = failure
            return
        if not page.HasField("read_time"):
            shelf.failure = _malformed(asset_type, content, "a page without its read time")
            return
        shelf.read = shelf.read or calls[-1].date
        yield page
        token = page.next_page_token
        if not token:
            return
        if token in met:
            shelf.failure = _malformed(asset_type, content, "a page that leads back to itself")
            return
        met.add(token)


def _malformed(asset_type: str, content: str, words: str) -> Failure:
    return Failure(
        operation=OPERATION, reason=Reason.MALFORMED, detail=f"{words}: {content} of {asset_type or 'all types'}"
    )

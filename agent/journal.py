"""The hash chain of what the agent did and what people decided: one signed entry per event, never changed, never removed.

An entry's `previous` is the sha256 of the whole entry before it; its signature covers its canonical bytes without `signature`.
`key` makes an event happen once: whoever appends an event that stands already gets the entry that stands.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from agent.canonical import decode, digest, encode
from agent.envelope import Signature, sign_entry, verify_entry
from agent.errors import StoreError, VerificationError
from agent.store import Store
from agent.succession import HANDOVER, key_at, keys_of

if TYPE_CHECKING:
    from agent.keys import PublicKey, Signer

GENESIS = "0" * 64
ENTRY = re.compile(r"\d{8}\.json", re.ASCII)
"""Name of an entry in the folder `journal`."""


class Unsigned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry's signature covers."""

    height: int
    previous: str
    at: datetime
    kind: str
    key: str
    """Names the event, e.g. `sealed/object-store/2026-09`; a key stands at most once in a journal."""
    body: dict[str, Any]


class Entry(Unsigned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One link of the chain."""

    signature: Signature

    @property
    def unsigned(self) -> bytes:
        """The canonical bytes that the signature covers."""
        return encode(Unsigned(**{name: getattr(self, name) for name in Unsigned.__struct_fields__}))


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """A journal, or the first part of one, that holds together."""

    height: int
    head: str
    """sha256 of the last entry; 64 zeros for an empty journal."""
    entries: tuple[Entry, ...]
    keys: tuple[tuple[int, Any], ...] = ()
    """The keys that signed, in their order (`agent.succession`); empty where signatures were not checked."""


class Journal:
    """The journal of one store. Reads what others appended before it appends."""

    def __init__(self, store: Store, signer: "Signer | None" = None) -> None:
        self.store = store
        self._signer = signer
        self._entries: list[Entry] = []
        self._head = GENESIS
        self._by_key: dict[str, Entry] = {}
        self._handover: Entry | None = None
        self.refresh()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, first to last."""
        return tuple(self._entries)

    @property
    def height(self) -> int:
        """Number of entries."""
        return len(self._entries)

    @property
    def head(self) -> str:
        """sha256 of the last entry."""
        return self._head

    def find(self, key: str) -> Entry | None:
        """The entry of an event, if it happened."""
        return self._by_key.get(key)

    def of(self, kind: str) -> Iterator[Entry]:
        """Entries of one kind, oldest first."""
        return (entry for entry in self._entries if entry.kind == kind)

    def refresh(self) -> None:
        """Read what was appended since, and hold it against the chain."""
        for data in self._since():
            entry = decode(data, Entry, what=f"journal entry {self.height + 1}")
            if entry.height != self.height + 1 or entry.previous != self._head or encode(entry) != data:
                raise StoreError(
                    f"journal entry {self.height + 1} does not follow the one before it; restore the journal from its backup"
                )
            self._entries.append(entry)
            self._by_key[entry.key] = entry
            self._handover = entry if entry.kind == HANDOVER else self._handover
            self._head = digest(data)

    def _since(self) -> Iterator[bytes]:
        """The entries above our height: what is listed at the start is read at once; then one after the other, until none stands."""
        if not self._entries:
            listed = [name for name in self.store.children("journal") if ENTRY.fullmatch(name)]
            try:
                yield from self.store.many(_name(height) for height in range(1, len(listed) + 1))
            except KeyError as missing:
                raise StoreError(
                    f"{self.store.where(missing.args[0])} is missing, though entries after it stand; restore the journal from its backup"
                ) from None
        while True:
            try:
                data = self.store.get(_name(self.height + 1))
            except KeyError:
                return
            yield data

    def append(self, kind: str, key: str, body: dict[str, Any], at: datetime) -> Entry:
        """Write an event down once: return its entry, whoever wrote it. Begins again when another entry came between."""
        if self._signer is None:
            raise StoreError("this journal was opened for reading only")
        while True:
            self.refresh()
            if standing := self._by_key.get(key):
                return standing
            self._may_sign(self._signer)
            unsigned = Unsigned(height=self.height + 1, previous=self._head, at=at, kind=kind, key=key, body=body)
            signature = sign_entry(encode(unsigned), self._signer)
            entry = Entry(**{name: getattr(unsigned, name) for name in Unsigned.__struct_fields__}, signature=signature)
            self.store.put_if_absent(_name(entry.height), encode(entry))

    def key(self) -> str | None:
        """Fingerprint of the key that signs now: the one that was handed over last, else that of the commitment; `None` before it."""
        if self._handover is not None:
            return str(self._handover.body["fingerprint"])
        commitment = self._by_key.get("commitment")
        return str(commitment.body["key"]) if commitment is not None and "key" in commitment.body else None

    def _may_sign(self, signer: "Signer") -> None:
        """What an old key signs after it was handed over would verify for nobody."""
        last = self._handover
        if last is not None and last.body["fingerprint"] != signer.fingerprint:
            raise StoreError(
                f"the key {signer.fingerprint[:16]}… was handed over in entry {last.height} of the journal; set signing.key to the new one"
            )

    def upto(self, height: int) -> bytes:
        """The first `height` entries as canonical JSON lines."""
        return b"".join(encode(entry) + b"\n" for entry in self._entries[:height])


def check_chain(data: Iterable[bytes], public_key: "PublicKey | None") -> Chain:
    """Hold journal lines together: heights, links, canonical bytes, unique keys and, if a key is given, every signature.

    The key is one of those that signed: where it was handed over, each entry is held against the key of its time.

    Raises `VerificationError` at the first line that does not fit.
    """
    entries: list[Entry] = []
    keys: set[str] = set()
    head = GENESIS
    for number, line in enumerate(data, start=1):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise VerificationError(f"journal line {number} is not an entry: {error}") from error
        if encode(entry) != line:
            raise VerificationError(f"journal line {number} is not in canonical form")
        if entry.height != number or entry.previous != head or entry.key in keys:
            raise VerificationError(f"journal line {number} does not follow the one before it")
        entries.append(entry)
        keys.add(entry.key)
        head = digest(line)
    signers = keys_of(entries, public_key) if public_key is not None else ()
    for entry in entries if signers else ():
        verify_entry(entry.unsigned, entry.signature, key_at(signers, entry.height))
    return Chain(height=len(entries), head=head, entries=tuple(entries), keys=signers)


def _name(height: int) -> str:
    return f"journal/{height:08d}.json"

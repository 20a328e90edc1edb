"""What lies around a bundle that still lies in its store: the envelope that counts, the other cycles, the journal, the public key."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent import envelope
from agent.canonical import digest
from agent.edition import ENVELOPE
from agent.errors import UsageError, VerificationError
from agent.journal import Chain, check_chain
from agent.keys import PublicKey, parse_public
from agent.links import Link, chained
from agent.statement import Statement
from agent.succession import key_at

STORE_KEY = "signing.pub"
_LARGEST = 1 << 26
"""Bytes of a file beside a bundle."""
_ENTRY = re.compile(r"\d{8}\.json", re.ASCII)


@dataclass(kw_only=True)
class Store:
    """A store's folder, read only, and only what is signed or is the key."""

    root: Path
    _chains: dict[str, tuple[Chain, tuple[str, ...]]] = field(default_factory=dict)
    _links: dict[tuple[str, str], tuple[Link, ...]] = field(default_factory=dict)

    def key(self) -> PublicKey | None:
        """The public key that the store says is its own. Raises `VerificationError` if it is none."""
        try:
            content = small_file(self.root / STORE_KEY)
            return None if content is None else parse_public(content)
        except ValueError as error:
            raise VerificationError(f"{self.root / STORE_KEY}: {error}") from None

    def journal(self, key: PublicKey) -> tuple[Chain, tuple[str, ...]]:
        """The whole journal, checked, and the sha256 of each entry. Raises `VerificationError`."""
        if key.fingerprint not in self._chains:
            lines = tuple(_entries(self.root / "journal"))
            self._chains[key.fingerprint] = check_chain(lines, key), tuple(digest(line) for line in lines)
        return self._chains[key.fingerprint]

    def links(self, service: str, key: PublicKey) -> tuple[Link, ...]:
        """The committed cycles of a service, authenticated and held together. Raises `VerificationError`."""
        if (service, key.fingerprint) not in self._links:
            keys = self.journal(key)[0].keys
            found = (_link(folder, keys) for folder in sorted((self.root / "cycles" / service).glob("*")))
            self._links[service, key.fingerprint] = chained((link for link in found if link), whole=True)
        return self._links[service, key.fingerprint]


def store_of(path: Path) -> Store | None:
    """The store in which a file lies, if it lies in one."""
    for folder in list(path.resolve().parents)[:4]:
        if (folder / "journal").is_dir() and (folder / "cycles").is_dir():
            return Store(root=folder)
    return None


def committed(folder: Path) -> tuple[Path, ...]:
    """The bundles that count under a store, a service's folder or a cycle's, sorted. Raises `UsageError` if there is none."""
    top = folder / "cycles" if (folder / "cycles").is_dir() else folder
    found = []
    for sibling in sorted(top.rglob(ENVELOPE)):
        content = small_file(sibling)
        if content is not None:
            found.append(sibling.with_name(f"bundle-{digest(content)}.zip"))
    if not found:
        raise UsageError(f"{folder}: no cycle is sealed here; give the path of a bundle, or of a store")
    return tuple(found)


def in_place(path: Path, store: Store, sealed: bytes, statement: Statement) -> str:
    """Hold a bundle against its place in the store; say in words what was found. Raises `VerificationError`."""
    place = path.resolve().relative_to(store.root).parts
    if place[0] != "cycles":
        return "it lies beside the cycles of its store, and is none of them"
    said = statement.predicate
    if said.interim or place[1:-1] != (said.service, said.cycle):
        raise VerificationError(
            f"it lies in {'/'.join(place[:-1])}, which is not the place of {said.service} {said.cycle}"
        )
    sibling = small_file(path.resolve().with_name(ENVELOPE))
    if sibling is None:
        raise VerificationError(f"there is no {ENVELOPE} beside it: it was never sealed, or the seal was removed")
    if sibling != sealed:
        raise VerificationError(
            f"{ENVELOPE} beside it is another one than its own: this bundle does not count, or was changed"
        )
    if place[-1].startswith("bundle-") and place[-1] != f"bundle-{digest(sealed)}.zip":
        raise VerificationError("its file name is not the one that its envelope gives")
    return "the envelope beside it is its own, and its place is its cycle's"


def continued(store: Store, key: PublicKey, sealed: bytes, statement: Statement) -> str:
    """Hold the store's journal against the point of it that the bundle names. Raises `VerificationError`.

    The journal must only have grown since, and must say that this cycle was sealed, and no cycle that is not here.
    """
    said = statement.predicate
    chain, digests = store.journal(key)
    point = said.journal
    if point.height > chain.height or (point.height and digests[point.height - 1] != point.head):
        raise VerificationError("the store's journal does not continue the bundle's: entries were removed or changed")
    grown = f"the store's journal continues the bundle's, by {chain.height - point.height} entries"
    if said.interim:
        return grown
    links = {link.cycle: link.manifest for link in store.links(said.service, key)}
    sealings = [
        entry for entry in chain.entries if entry.kind == "sealed" and entry.body.get("service") == said.service
    ]
    for entry in sealings:
        cycle = entry.body.get("cycle")
        if links.get(str(cycle)) != entry.body.get("manifest"):
            raise VerificationError(
                f"the journal says that {cycle} was sealed, with a bundle that is not here: dropped, or made again"
            )
    for entry in sealings:
        if entry.body.get("manifest") == statement.manifest and entry.body.get("envelope") == digest(sealed):
            return f"{grown}, and says in entry {entry.height} that it was sealed"
    raise VerificationError(
        "the store's journal does not say that it was sealed; `starcadence run` finishes a seal that was interrupted"
    )


def _link(folder: Path, keys: Sequence[tuple[int, PublicKey]]) -> Link | None:
    """The committed cycle of a folder, signed by the key of its time; `None` for a seal that was begun and not committed."""
    content = small_file(folder / ENVELOPE)
    if content is None:
        return None
    parsed = envelope.parse(content)
    parsed.authenticate(key_at(keys, parsed.statement.predicate.journal.height))
    link = Link.of(parsed.statement)
    if (link.service, link.cycle) != (folder.parent.name, folder.name):
        raise VerificationError(f"{folder} holds {link.cycle} of {link.service}: cycles were re-ordered")
    return link


def _entries(folder: Path) -> Iterator[bytes]:
    names = sorted(entry.name for entry in os.scandir(folder))
    for number, name in enumerate(names, start=1):
        if not _ENTRY.fullmatch(name) or int(name[:8]) != number:
            raise VerificationError(
                f"{folder / name} stands where entry {number} of the journal should: entries were removed"
            )
        yield small_file(folder / name) or b""


def small_file(path: Path) -> bytes | None:
    """A small file; `None` if there is none. A hostile store may hold pipes and devices, which are no files."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > _LARGEST:
        raise VerificationError(f"{path} has more than {_LARGEST} bytes")
    return content

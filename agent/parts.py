"""Plans and parts in the store: compressed records whose presence means that they are done."""

from typing import Protocol

import zstandard

from agent.canonical import decode, digest, encode
from agent.errors import StoreError
from agent.record import Part, Plan, Record
from agent.store import LARGEST_BLOB, Store


class Reads(Protocol):
    """What holds records under keys: the store, or a bundle."""

    def get(self, key: str) -> bytes:
        """The bytes at a key."""
        ...


def put_plan(store: Store, folder: str, plan: Plan) -> Plan:
    """Put a sweep's plan down unless one stands; return the one that stands."""
    key = f"{folder}/plan.json.zst"
    return decode(unpacked(store.put_if_absent(key, packed(plan)), key), Plan, what=key)


def read_plan(store: Reads, folder: str) -> Plan:
    """The plan of a sweep. `StoreError` if it is missing or damaged."""
    key = f"{folder}/plan.json.zst"
    return decode(unpacked(standing(store, key), key), Plan, what=key)


def put_part(store: Store, folder: str, part: Part) -> None:
    """Put one account's part down unless one stands."""
    store.put_if_absent(_key(folder, f"{part.provider}/{part.account}"), packed(part))


def has_part(store: Store, folder: str, account: str) -> bool:
    """The account (`<provider>/<account>`) is done."""
    return store.has(_key(folder, account))


def read_part(store: Reads, folder: str, account: str) -> Part:
    """One account's part. `StoreError` if it is missing or damaged."""
    key = _key(folder, account)
    return decode(unpacked(standing(store, key), key), Part, what=key)


def part_digests(store: Store, folder: str) -> dict[str, str]:
    """`<provider>/<account>` -> sha256 of the part's plain bytes, for all parts of a sweep."""
    found = {}
    for name in store.children(f"{folder}/parts"):
        key = f"{folder}/parts/{name}"
        found[_account(name)] = digest(unpacked(store.get(key), key))
    return found


def part_names(store: Store, folder: str) -> frozenset[str]:
    """`<provider>/<account>` of all parts of a sweep that stand."""
    return frozenset(map(_account, store.children(f"{folder}/parts")))


def standing(store: Reads, key: str) -> bytes:
    """The bytes of a record that must stand. `StoreError` if it does not."""
    try:
        return store.get(key)
    except KeyError:
        raise StoreError(f"{key} is missing; restore the store from its backup") from None


def packed(record: Record) -> bytes:
    """A record as it is stored."""
    return zstandard.ZstdCompressor(level=6).compress(encode(record))


def unpacked(data: bytes, what: str) -> bytes:
    """A stored record's plain bytes."""
    try:
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST_BLOB)
    except zstandard.ZstdError as error:
        raise StoreError(f"{what} is damaged ({error}); restore it from the backup") from error


def _account(name: str) -> str:
    return name.removesuffix(".json.zst").replace("-", "/", 1)


def _key(folder: str, account: str) -> str:
    return f"{folder}/parts/{account.replace('/', '-', 1)}.json.zst"

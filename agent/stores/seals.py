"""Holding the sealed cycles of a store against its journal: each verified as a stranger would, and none of them missing."""

from collections.abc import Collection, Generator, Iterable, Iterator
from typing import TypeAlias, TypeVar

from agent.canonical import digest
from agent.edition import ENVELOPE
from agent.errors import AgentError
from agent.journal import check_chain
from agent.keys import PublicKey, parse_public
from agent.material import Past
from agent.store import Store
from agent.stores.mirror import mirrored
from agent.stores.references import contents
from agent.surroundings import STORE_KEY, committed
from agent.verification import State
from agent.verify import verify_all

T = TypeVar("T")
Found: TypeAlias = Generator[tuple[str, str], None, T]
"""Yields what is wrong, as keys and words; returns what was learned."""


def seals(store: Store, keys: Collection[str], sealed: Iterable[Past]) -> Iterator[tuple[str, str]]:
    """What is wrong with chain and seals, as keys and words."""
    key = yield from _key(store, keys)
    chain = sorted(one for one in keys if one.startswith("journal/"))
    try:
        check_chain((data for _, data in contents(store, chain)), key)
    except AgentError as error:
        yield "journal", str(error)
    standing = yield from _standing(store, keys, sealed)
    if not standing:
        return
    with mirrored(store) as root:
        found = verify_all(
            (path for path in committed(root) if path.is_file()), (key,) if key else (), any_key=key is None
        )
        for bundle in found.bundles:
            place = bundle.path.removeprefix(f"{root}/")
            for one in bundle.checks:
                if one.state is State.REFUSED:
                    yield place, f"{one.what}: {one.words}"
        for chained in found.chains:
            if chained.state is State.REFUSED:
                yield "cycles", f"{chained.what}: {chained.words}"


def _key(store: Store, keys: Collection[str]) -> Found[PublicKey | None]:
    """Yield what is wrong with the public key; return it."""
    if STORE_KEY not in keys:
        yield (
            STORE_KEY,
            "is missing: signatures were held against the keys that came with the bundles, and the journal's against none",
        )
        return None
    try:
        return parse_public(store.get(STORE_KEY))
    except ValueError as error:
        yield STORE_KEY, f"is no public key: {error}"
        return None


def _standing(store: Store, keys: Collection[str], sealed: Iterable[Past]) -> Found[bool]:
    """Yield each envelope or bundle that is missing or another; return whether there is any bundle to verify."""
    envelopes = {key for key in keys if key.startswith("cycles/") and key.endswith(f"/{ENVELOPE}")}
    digests = {key: digest(store.get(key)) for key in sorted(envelopes)}
    bundles = {f"{key.rpartition('/')[0]}/bundle-{one}.zip" for key, one in digests.items()}
    for key in sorted(bundles - set(keys)):
        yield key, "is missing, though its envelope stands; restore it from the backup"
    for past in sealed:
        place = f"cycles/{past.service}/{past.cycle}/{ENVELOPE}"
        if digests.get(place) != past.envelope:
            words = "is another than" if place in digests else "is missing, though it is"
            yield place, f"{words} the one that the journal says was sealed; restore it from the backup"
    return bool(bundles & set(keys))

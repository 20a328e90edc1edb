"""Verifying bundles offline: what is shown, what is withheld, what cannot be known, in plain words. Loads no SDK."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent import countersigned, envelope, surroundings
from agent.agreement import journal_agrees, reports_agree
from agent.archive import Archive
from agent.edition import ENVELOPE, MANIFEST, Edition, checked_digests, matched
from agent.envelope import MAX_ENVELOPE, Envelope
from agent.errors import UsageError, VerificationError
from agent.keys import PublicKey
from agent.links import Link, chained, witness
from agent.manifest import MAX_MANIFEST, parse_manifest
from agent.surroundings import Store, store_of
from agent.trust import Authenticated, Trust
from agent.verification import Finding, State, Verification, Verified

SIGNER = "signer"


@dataclass(kw_only=True)
class _Course:
    """One file under verification."""

    path: Path
    at: str = "file"
    """What is being looked at."""
    findings: list[Finding] = field(default_factory=list)
    edition: Edition | None = None
    envelope: Envelope | None = None
    authenticated: Authenticated = Authenticated.NO
    links: tuple[Link, ...] = ()
    """The cycles of its store, if it lies in its place there."""

    def note(self, state: State, words: str) -> None:
        self.findings.append(Finding(what=self.at, state=state, words=words))

    @property
    def ok(self) -> bool:
        return all(finding.state is not State.REFUSED for finding in self.findings)

    @property
    def link(self) -> Link | None:
        """Its own link of the chain, if the file is sound, whoever signed it."""
        unsound = any(finding.state is State.REFUSED and finding.what != SIGNER for finding in self.findings)
        if self.envelope is None or unsound or self.envelope.statement.predicate.interim:
            return None
        return Link.of(self.envelope.statement)

    def result(self) -> Verification:
        path, checks = str(self.path), tuple(self.findings)
        if self.edition is None or self.envelope is None:
            return Verification(path=path, ok=self.ok, checks=checks)
        said = self.envelope.statement.predicate
        return Verification(
            path=path, ok=self.ok, checks=checks, authenticated=self.authenticated, fingerprint=self.envelope.fingerprint,
            manifest=self.edition.manifest_digest, edition=self.edition.tier, service=said.service, cycle=said.cycle,
            interim=said.interim, simulated=said.simulated,
        )  # fmt: skip


def verify(
    path: Path, trust: tuple[PublicKey, ...] = (), *, head: str | None = None, any_key: bool = False
) -> Verification:
    """Verify one file, and the store around it if it lies in one.

    `trust` are keys that the reader knows from elsewhere; `head` is a manifest digest noted elsewhere. Raises `UsageError` for what
    cannot be read; everything that does not verify is a finding.
    """
    return verify_all((path,), trust, head=head, any_key=any_key).bundles[0]


def verify_all(
    paths: Iterable[Path], trust: tuple[PublicKey, ...] = (), *, head: str | None = None, any_key: bool = False
) -> Verified:
    """Verify files, each by itself, and the chains of the cycles among them."""
    stores: dict[Path, Store] = {}
    rule = Trust(keys=trust, any_key=any_key)
    courses = [_file(path, rule, stores) for path in paths]
    own = [(course, course.link) for course in courses]
    chains: list[Finding] = []
    for service in sorted({link.service for _, link in own if link}):
        mine = [(course, link) for course, link in own if link and link.service == service]
        given = _chain(service, [link for _, link in mine], chains)
        for course, link in mine:
            _witness(course, link, given, head)
    bundles = tuple(course.result() for course in courses)
    ok = bool(bundles) and all(one.ok for one in bundles) and all(one.state is not State.REFUSED for one in chains)
    return Verified(ok=ok, bundles=bundles, chains=tuple(chains))


def _chain(service: str, links: Sequence[Link], chains: list[Finding]) -> tuple[Link, ...]:
    """Hold the given cycles of a service together; `()` where they do not."""
    try:
        ordered = chained(links, whole=False)
    except VerificationError as error:
        chains.append(Finding(what=f"cycles of {service}", state=State.REFUSED, words=str(error)))
        return ()
    if len(ordered) > 1:
        words = f"{len(ordered)} cycles, {ordered[0].cycle} to {ordered[-1].cycle}, each following the one before"
        chains.append(Finding(what=f"cycles of {service}", state=State.VERIFIED, words=words))
    return ordered


def _witness(course: _Course, link: Link, given: tuple[Link, ...], head: str | None) -> None:
    course.at = "newest"
    known = course.links if len(course.links) > len(given) else given or (link,)
    try:
        words = witness(known, link.manifest, head)
    except VerificationError as error:
        course.note(State.REFUSED, str(error))
        return
    if words:
        course.note(State.VERIFIED, words)
    else:
        course.note(
            State.UNKNOWN,
            "whether this cycle is the newest, and the first bundle made of it: whoever holds the key could drop or re-make it; a later "
            "cycle, or its digest noted elsewhere (--head), would stand against that",
        )


def _file(path: Path, trust: Trust, stores: dict[Path, Store]) -> _Course:
    """Look at one file; the first thing that does not verify ends it, for what follows would rest on it."""
    course = _Course(path=path)
    try:
        with Archive.open(path) as archive:
            _contents(course, archive)
            _seal(course, archive, trust, stores)
    except VerificationError as error:
        course.note(State.REFUSED, str(error))
    except RecursionError:
        course.note(State.REFUSED, "it nests deeper than anything of ours")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    return course


def _contents(course: _Course, archive: Archive) -> None:
    """The file, its digests, its members and its evidence."""
    course.note(
        State.VERIFIED, f"{len(archive.entries)} members, and every byte between them as our own encoding gives it"
    )
    course.at = "digests"
    digests = checked_digests(archive)
    course.note(State.VERIFIED, "every member has the sha256 that SHA256SUMS says")
    course.at = "manifest"
    edition = matched(archive, digests, parse_manifest(archive.read(MANIFEST, MAX_MANIFEST)))
    course.edition = edition
    present = f"{len(edition.tiers)} members are what the manifest says"
    if edition.withheld:
        course.note(State.VERIFIED, f"{present}; {edition.withheld} more are left out of this {edition.tier} edition")
        course.at = "evidence"
        course.note(State.WITHHELD, f"{edition.manifest.merkle.leaves} resource lines, in the auditor's edition")
    else:
        course.note(State.VERIFIED, f"{present}, and none is missing")
        course.at = "evidence"
        course.note(State.VERIFIED, f"{edition.manifest.merkle.leaves} resource lines give the Merkle root")


def _seal(course: _Course, archive: Archive, trust: Trust, stores: dict[Path, Store]) -> None:
    """The envelope, and everything that it speaks of."""
    course.at = "signature"
    sealed = archive.read(ENVELOPE, MAX_ENVELOPE)
    course.envelope = parsed = envelope.parse(sealed)
    edition, store = course.edition, store_of(course.path)
    assert edition is not None
    if store is not None:
        store = stores.setdefault(store.root, store)
    key = _signature(course, edition, parsed, trust, store)
    course.at = "statement"
    statement = parsed.statement
    if statement.manifest != edition.manifest_digest or statement.predicate.merkle != edition.manifest.merkle:
        raise VerificationError("what was signed is another manifest than the one in this bundle")
    course.note(State.VERIFIED, f"it speaks of this manifest, sha256 {statement.manifest}")
    course.at = "journal"
    words = journal_agrees(edition, statement, key)
    course.note(State.VERIFIED if words else State.WITHHELD, words or "this edition does not hold the journal")
    course.at = "reports"
    course.note(State.VERIFIED, reports_agree(edition, statement, key))
    course.at = "store"
    if store is not None:
        course.note(State.VERIFIED, surroundings.in_place(course.path, store, sealed, statement))
        course.note(State.VERIFIED, surroundings.continued(store, key, sealed, statement))
        if not statement.predicate.interim:
            course.links = store.links(statement.predicate.service, key)
    course.at = "review"
    for state, words in countersigned.review(course.path, edition, sealed, parsed, key, trust.keys, store):
        course.note(state, words)
    if statement.predicate.interim:
        course.at = "newest"
        course.note(
            State.UNKNOWN, "an interim bundle of a cycle that was open: it stands in no chain, and counts for nothing"
        )


def _signature(course: _Course, edition: Edition, parsed: Envelope, trust: Trust, store: Store | None) -> PublicKey:
    """Check the signature, with the best key there is."""
    key, course.authenticated = trust.choose(edition, parsed.fingerprint, store)
    parsed.authenticate(key)
    course.note(State.VERIFIED, f"the statement was signed by the key {key.fingerprint}")
    course.at = SIGNER
    match course.authenticated:
        case Authenticated.YES:
            course.note(State.VERIFIED, "this is a key that you gave")
        case Authenticated.SELF_ASSERTED:
            course.note(
                State.UNKNOWN, "self-asserted: only the store in which it lies says that this key is the provider's"
            )
        case Authenticated.NO:
            course.note(
                State.UNKNOWN if trust.any_key else State.REFUSED,
                "not authenticated: the key came with the bundle, and anybody can make one; give the provider's key (--key), or take "
                "any signer (--any-key)",
            )
    return key

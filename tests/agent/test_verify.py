"""Verifying: what was written verifies; a bit, a key, a cycle or an entry that is not the sealed one does not."""

import io
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from agent import bundle, envelope, merkle
from agent.archive import Archive, Writer
from agent.bundle import Member
from agent.canonical import digest, encode
from agent.edition import read, sums
from agent.envelope import sign_entry
from agent.errors import UsageError
from agent.journal import GENESIS
from agent.keys import LocalSigner
from agent.links import Link
from agent.manifest import Tier, manifest_bytes, parse_manifest
from agent.statement import JournalPoint
from agent.verification import State, Verification
from agent.verify import verify, verify_all
from agent.zipform import TAIL
from tests.agent import bundles
from tests.agent.bundles import Lived

FLIPS = 10_000
"""Of the bits of a bundle, by default; a flip takes about 50 microseconds."""
WHOLE = os.environ.get("STARCADENCE_SWEEP") == "whole"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> LocalSigner:
    return bundles.signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory, signer: LocalSigner) -> Lived:
    return bundles.live(tmp_path_factory.mktemp("lived") / "store", signer)


@pytest.fixture
def lived(lived_once: Lived, tmp_path: Path) -> Lived:
    """A copy of a store with three cycles, to do harm to."""
    root = tmp_path / "store"
    shutil.copytree(lived_once.root, root)
    moved = {cycle: root / path.relative_to(lived_once.root) for cycle, path in lived_once.bundles.items()}
    return Lived(root=root, signer=lived_once.signer, bundles=moved, manifests=lived_once.manifests)


@pytest.fixture
def whole(tmp_path: Path, signer: LocalSigner) -> Path:
    return bundles.loose(tmp_path / "whole.zip", signer).path


def states(found: Verification) -> dict[str, State]:
    return {check.what: check.state for check in found.checks}


def refused(found: Verification) -> str:
    assert not found.ok
    (one,) = [check for check in found.checks if check.state is State.REFUSED]
    return f"{one.what}: {one.words}"


# What verifies


def test_a_bundle_verifies_with_its_key(whole: Path, signer: LocalSigner) -> None:
    found = verify(whole, (signer.public_key,))
    assert found.ok
    assert (found.authenticated, found.fingerprint) == ("yes", signer.fingerprint)
    assert (found.service, found.cycle, found.simulated, found.interim) == ("object-store", "2026-10", True, False)
    assert states(found) == {
        "file": "verified", "digests": "verified", "manifest": "verified", "evidence": "verified", "signature": "verified",
        "signer": "verified", "statement": "verified", "journal": "verified", "reports": "verified", "newest": "not known",
    }  # fmt: skip


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.CUSTOMER])
def test_an_edition_verifies_and_says_what_is_withheld(
    tier: Tier, whole: Path, tmp_path: Path, signer: LocalSigner
) -> None:
    bundle.cut(whole, tier, tmp_path / "cut.zip")
    found = verify(tmp_path / "cut.zip", (signer.public_key,))
    assert found.ok
    assert found.edition is tier
    assert found.manifest == verify(whole, (signer.public_key,)).manifest
    assert {what for what, state in states(found).items() if state is State.WITHHELD} == {"evidence", "journal"}


def test_every_bundle_of_a_store_verifies_by_the_stores_own_key(lived: Lived) -> None:
    found = verify_all(lived.bundles.values())
    assert found.ok
    assert [one.authenticated for one in found.bundles] == ["self-asserted"] * 3
    assert [states(one)["newest"] for one in found.bundles] == ["verified", "verified", "not known"]
    assert states(found.bundles[0])["signer"] is State.UNKNOWN
    assert [chain.state for chain in found.chains] == [State.VERIFIED]


def test_a_signer_for_whom_nothing_speaks_is_refused_after_all_else_was_checked(
    whole: Path, signer: LocalSigner
) -> None:
    found = verify(whole)
    assert refused(found).startswith("signer: not authenticated")
    assert found.fingerprint == signer.fingerprint
    assert states(found)["reports"] is State.VERIFIED
    taken = verify(whole, any_key=True)
    assert taken.ok
    assert taken.authenticated == "no"
    assert states(taken)["signer"] is State.UNKNOWN


def test_any_of_several_keys_will_do(whole: Path, signer: LocalSigner, tmp_path: Path) -> None:
    other = bundles.signer(tmp_path, secret=7).public_key
    assert verify(whole, (other, signer.public_key)).ok


def test_an_interim_bundle_verifies_and_stands_in_no_chain(tmp_path: Path, signer: LocalSigner) -> None:
    path = bundles.loose(tmp_path / "interim.zip", signer, bundles.claim(interim=True)).path
    found = verify_all((path,), (signer.public_key,), head="00" * 32)
    assert found.ok
    assert found.bundles[0].interim
    assert not found.chains
    assert states(found.bundles[0])["newest"] is State.UNKNOWN


def test_nothing_is_not_verified() -> None:
    assert not verify_all(()).ok


def test_the_head_noted_elsewhere_stands_against_remaking_the_newest(whole: Path, signer: LocalSigner) -> None:
    head = verify(whole, (signer.public_key,)).manifest
    found = verify(whole, (signer.public_key,), head=head)
    assert states(found)["newest"] is State.VERIFIED
    assert "newest" in refused(verify(whole, (signer.public_key,), head="00" * 32))


def test_a_later_head_speaks_for_earlier_cycles_and_an_earlier_one_not_for_later(lived: Lived) -> None:
    newest = lived.manifests["2026-10"]
    assert all(
        states(one)["newest"] is State.VERIFIED for one in verify_all(lived.bundles.values(), head=newest).bundles
    )
    oldest = lived.manifests["2026-08"]
    found = verify(lived.bundles["2026-10"], head=oldest)
    assert found.ok
    assert states(found)["newest"] is State.UNKNOWN


# Single bits


@pytest.mark.slow
def test_no_single_bit_of_a_bundle_can_change(whole: Path, signer: LocalSigner) -> None:
    content = whole.read_bytes()
    key = (signer.public_key,)
    with whole.open("r+b", buffering=0) as file:
        for bit in random.Random(1).sample(range(len(content) * 8), len(content) * 8 if WHOLE else FLIPS):
            at = bit // 8
            os.pwrite(file.fileno(), bytes([content[at] ^ 1 << bit % 8]), at)
            assert not verify(whole, key).ok, f"bit {bit}"
            os.pwrite(file.fileno(), content[at : at + 1], at)
    assert verify(whole, key).ok


@pytest.mark.slow
def test_no_single_bit_of_the_envelope_beside_it_can_change(lived: Lived) -> None:
    path = lived.bundles["2026-09"]
    beside = path.with_name("bundle.sigstore.json")
    content = beside.read_bytes()
    bits = range(len(content) * 8)
    with beside.open("r+b", buffering=0) as file:
        for bit in bits if WHOLE else random.Random(2).sample(bits, len(bits) // 40):
            at = bit // 8
            os.pwrite(file.fileno(), bytes([content[at] ^ 1 << bit % 8]), at)
            assert not verify(path).ok, f"bit {bit}"
            os.pwrite(file.fileno(), content[at : at + 1], at)
    assert verify(path).ok


def test_no_single_bit_of_an_envelope_alone_can_change(whole: Path, signer: LocalSigner) -> None:
    with Archive.open(whole) as archive:
        content = bytearray(archive.read("bundle.sigstore.json", 10000))
    for bit in range(len(content) * 8):
        content[bit // 8] ^= 1 << bit % 8
        with pytest.raises(envelope.VerificationError):
            envelope.parse(bytes(content)).authenticate(signer.public_key)
        content[bit // 8] ^= 1 << bit % 8


# Foreign keys


def test_a_foreign_key_is_refused(whole: Path, tmp_path: Path) -> None:
    other = bundles.signer(tmp_path, secret=7)
    assert "none of those that you gave" in refused(verify(whole, (other.public_key,)))


def test_a_bundle_of_a_foreign_key_in_a_store_is_refused(lived: Lived, tmp_path: Path) -> None:
    (lived.root / "signing.pub").write_text(bundles.signer(tmp_path, secret=7).public_key.pem)
    assert "the store's own key" in refused(verify(lived.bundles["2026-10"]))


def test_a_store_key_that_is_none_is_refused(lived: Lived) -> None:
    (lived.root / "signing.pub").write_text("junk")
    assert "signing.pub" in refused(verify(lived.bundles["2026-10"]))


def test_a_store_without_a_key_speaks_for_nobody(lived: Lived) -> None:
    (lived.root / "signing.pub").unlink()
    assert "not authenticated" in refused(verify(lived.bundles["2026-10"]))


# Members that were changed by someone who can compute digests, and a signer who lies


def resealed(
    source: Path, target: Path, change: Callable[[dict[str, bytes]], None], signer: LocalSigner | None = None
) -> Path:
    """A bundle with other members, its checksums made right; with a signer, manifest and envelope too as far as they still exist."""
    with Archive.open(source) as archive:
        members = {name: archive.read(name, 1 << 20) for name in archive.entries}
    parsed = envelope.parse(members["bundle.sigstore.json"])
    change(members)
    if signer:
        members["bundle.sigstore.json"] = envelope.seal(
            digest(members["manifest.json"]), parsed.statement.predicate, signer
        )
    with target.open("xb") as file:
        writer, digests = Writer(file), {}
        for name, content in members.items():
            if name == "SHA256SUMS":
                content = sums(digests)  # noqa: PLW2901 -- made right on the way
            digests[name] = writer.add(name, io.BytesIO(content)).sha256
        writer.finish()
    return target


def dropped(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.pop(name) and None


def added(members: dict[str, bytes]) -> None:
    tail = {name: members.pop(name) for name in TAIL}
    members["zzz.txt"] = b"extra"
    members.update(tail)


def put(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: content})


FACTS = "evidence/facts/aws/444455556666/DataStore-all.jsonl.zst"
CHANGES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a public member": (put("public/report.json", b"{}"), "public/report.json is not what the manifest says"),
    "a customer's member": (put("gaps.json", b"[]"), "gaps.json is not what the manifest says"),
    "a facts shard": (put(FACTS, bundles.shard(b"[]")), "is not what the manifest says"),
    "the salts": (put("salts.jsonl", b""), "salts.jsonl is not what the manifest says"),
    "a member dropped": (dropped("report.json"), "report.json is missing"),
    "a customer's member dropped": (dropped("gaps.json"), "gaps.json is missing"),
    "a public member dropped": (dropped("public/report.json"), "1 members for the tier public are missing"),
    "the signing key dropped": (dropped("signing.pub"), "1 members for the tier public are missing"),
    "salts dropped": (dropped("salts.jsonl"), "is not in the manifest"),
    "a member added": (added, "zzz.txt is not in the manifest"),
    "no manifest": (dropped("manifest.json"), "manifest.json is missing"),
    "no envelope": (dropped("bundle.sigstore.json"), "bundle.sigstore.json is missing"),
    "no checksums": (dropped("SHA256SUMS"), "SHA256SUMS is missing"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_bundle_with_right_checksums_is_refused(
    name: str, whole: Path, tmp_path: Path, signer: LocalSigner
) -> None:
    change, words = CHANGES[name]
    changed = resealed(whole, tmp_path / "changed.zip", change)
    assert words in refused(verify(changed, (signer.public_key,)))


def test_wrong_checksums_are_refused(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    with Archive.open(whole) as archive:
        members = {name: archive.read(name, 1 << 20) for name in archive.entries}
    members["SHA256SUMS"] = members["SHA256SUMS"].replace(b"report.json", b"report.jsom", 1)
    with (tmp_path / "changed.zip").open("xb") as file:
        writer = Writer(file)
        for name, content in members.items():
            writer.add(name, io.BytesIO(content))
        writer.finish()
    assert "SHA256SUMS does not say" in refused(verify(tmp_path / "changed.zip", (signer.public_key,)))


def test_an_untouched_copy_with_right_checksums_verifies(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    same = resealed(whole, tmp_path / "same.zip", lambda _: None, signer)
    assert verify(same, (signer.public_key,)).ok
    assert same.read_bytes() == whole.read_bytes()


def manifest_without(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"leaves":3', b'"leaves":4')


def test_a_signer_cannot_seal_another_merkle_root(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    changed = resealed(whole, tmp_path / "changed.zip", manifest_without, signer)
    assert "Merkle root" in refused(verify(changed, (signer.public_key,)))


def test_a_signer_cannot_seal_a_statement_of_another_merkle_root(
    whole: Path, tmp_path: Path, signer: LocalSigner
) -> None:
    def change(members: dict[str, bytes]) -> None:
        tree = merkle.Tree().result()
        members["manifest.json"] = manifest_bytes(list(parse_manifest(members["manifest.json"]).members), tree)

    bundle.cut(whole, Tier.PUBLIC, tmp_path / "public.zip")
    changed = resealed(tmp_path / "public.zip", tmp_path / "changed.zip", change, signer)
    assert "another manifest" in refused(verify(changed, (signer.public_key,)))


def test_an_envelope_of_another_bundle_is_refused(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    other = bundles.loose(tmp_path / "other.zip", signer, bundles.claim("2026-09"))
    changed = resealed(whole, tmp_path / "changed.zip", put("bundle.sigstore.json", other.envelope))
    assert "another manifest" in refused(verify(changed, (signer.public_key,)))


def said_otherwise(**changes: object) -> Callable[[LocalSigner], list[Member]]:
    def members(signer: LocalSigner) -> list[Member]:
        content = bundles.report(bundles.claim(), signer.fingerprint, "public", **changes)
        return [Member(name="public/report.json", tier=Tier.PUBLIC, content=content)]

    return members


LIES = {
    "not simulated": said_otherwise(simulated=False),
    "another cycle": said_otherwise(cycle="2026-11"),
    "another service": said_otherwise(service="other"),
    "another end": said_otherwise(end=bundles.claim("2026-11").end),
    "another CCM": said_otherwise(ccm="4.0.13"),
    "another edition": said_otherwise(edition="auditor"),
    "another key": said_otherwise(fingerprint="00" * 32),
    "another previous bundle": said_otherwise(previous_bundle="00" * 32),
    "another journal": said_otherwise(journal_height=1),
    "malformed": lambda _: [Member(name="public/report.json", tier=Tier.PUBLIC, content=b"{")],
    "incomplete": lambda _: [Member(name="public/report.json", tier=Tier.PUBLIC, content=b"{}")],
}


@pytest.mark.parametrize("name", LIES)
def test_a_report_that_says_otherwise_than_the_statement_is_refused(
    name: str, tmp_path: Path, signer: LocalSigner
) -> None:
    path = bundles.loose(tmp_path / "lie.zip", signer, more=LIES[name](signer)).path
    assert refused(verify(path, (signer.public_key,))).startswith("reports: public/report.json")


@pytest.mark.parametrize("missing", ["report.json", "journal.jsonl"])
def test_a_whole_bundle_without_report_or_journal_is_refused(missing: str, tmp_path: Path, signer: LocalSigner) -> None:
    said = bundles.claim()
    members = [member for member in bundles.members(said, signer.fingerprint) if member.name != missing]
    bundle.write(tmp_path / "b.zip", members, said, signer, bundles.SALT_KEY)
    assert f"{missing} is missing" in refused(verify(tmp_path / "b.zip", (signer.public_key,)))


def test_an_edition_without_any_report_is_refused(tmp_path: Path, signer: LocalSigner) -> None:
    bundle.write(tmp_path / "b.zip", [], bundles.claim(), signer, bundles.SALT_KEY)
    assert "journal.jsonl is missing" in refused(verify(tmp_path / "b.zip", (signer.public_key,)))


# Hostile evidence: bombs, and salts that do not fit


def test_a_facts_shard_with_a_foreign_salt_count_is_refused(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    def change(members: dict[str, bytes]) -> None:
        lines = members["salts.jsonl"].splitlines(keepends=True)
        told = json.loads(lines[1])
        lines[1] = encode({**told, "leaves": ""}) + b"\n"
        old, members["salts.jsonl"] = members["salts.jsonl"], b"".join(lines)
        manifest = members["manifest.json"].replace(digest(old).encode(), digest(members["salts.jsonl"]).encode())
        members["manifest.json"] = manifest

    changed = resealed(whole, tmp_path / "changed.zip", change, signer)
    assert "1 lines and 0 salts" in refused(verify(changed, (signer.public_key,)))


def test_a_bomb_is_not_opened_to_its_end(tmp_path: Path, signer: LocalSigner, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zstandard.ZstdCompressor().compress((b"0" * 1023 + b"\n") * 4096)
    path = bundles.loose(tmp_path / "b.zip", signer, more=[Member(name=FACTS, tier=Tier.AUDITOR, content=bomb)]).path
    assert verify(path, (signer.public_key,)).ok
    monkeypatch.setattr("agent.facts.LARGEST", 1 << 20)
    assert "opens to more than" in refused(verify(path, (signer.public_key,)))


def test_reordered_salts_are_refused(whole: Path, tmp_path: Path, signer: LocalSigner) -> None:
    def change(members: dict[str, bytes]) -> None:
        old = members["salts.jsonl"]
        members["salts.jsonl"] = b"".join(reversed(old.splitlines(keepends=True)))
        manifest = members["manifest.json"].replace(digest(old).encode(), digest(members["salts.jsonl"]).encode())
        members["manifest.json"] = manifest

    changed = resealed(whole, tmp_path / "changed.zip", change, signer)
    assert "in order" in refused(verify(changed, (signer.public_key,)))


def swapped(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    """Change a plainly listed member, and what the manifest says of it."""

    def swap(members: dict[str, bytes]) -> None:
        old, members[name] = members[name], change(members[name])
        told = members["manifest.json"].replace(digest(old).encode(), digest(members[name]).encode())
        members["manifest.json"] = told.replace(b'"size":%d' % len(old), b'"size":%d' % len(members[name]))

    return swap


def test_a_bundle_that_encloses_another_key_or_none_is_refused(
    whole: Path, tmp_path: Path, signer: LocalSigner
) -> None:
    other = bundles.signer(tmp_path, secret=7).public_key.pem.encode()
    for number, (content, words) in enumerate(((other, "the envelope names"), (b"x" * len(other), "not a public key"))):
        changed = resealed(whole, tmp_path / f"{number}.zip", swapped("signing.pub", lambda _, to=content: to), signer)
        assert words in refused(verify(changed, (signer.public_key,)))


SALTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "an unknown member": (
        lambda salts: salts.replace(b"journal.jsonl", b"journal.jsonm"),
        "is not in the manifest as a member",
    ),
    "another salt": (lambda salts: salts.replace(b'"salt":"', b'"salt":"0', 1).replace(b'"}', b"0}", 1), "malformed"),
    "lines of what has none": (
        lambda salts: salts.replace(b'{"path":"journal', b'{"leaves":"","path":"journal'),
        "salts of another kind",
    ),
    "no line end": (lambda salts: salts[:-1], "in order"),
}


@pytest.mark.parametrize("name", SALTS)
def test_salts_that_open_something_else_are_refused(
    name: str, whole: Path, tmp_path: Path, signer: LocalSigner
) -> None:
    change, words = SALTS[name]
    changed = resealed(whole, tmp_path / "changed.zip", swapped("salts.jsonl", change), signer)
    assert words in refused(verify(changed, (signer.public_key,)))


def test_a_member_that_changes_while_it_is_read_is_refused(whole: Path) -> None:
    with Archive.open(whole) as archive:
        edition = read(archive)
        whole.write_bytes(whole.read_bytes().replace(b"canary-gap", b"canary-gaq"))
        with pytest.raises(envelope.VerificationError, match="changed while it was read"):
            edition.read("gaps.json", 1000)


# The chain of cycles


def loose_cycles(lived: Lived, tmp_path: Path) -> dict[str, Path]:
    """The bundles away from their store."""
    return {cycle: shutil.copy(path, tmp_path / f"{cycle}.zip") for cycle, path in lived.bundles.items()}


def test_loose_cycles_are_chained_in_whatever_order_they_are_given(lived: Lived, tmp_path: Path) -> None:
    paths = loose_cycles(lived, tmp_path)
    found = verify_all(reversed(paths.values()), (lived.signer.public_key,))
    assert found.ok
    assert "2026-08 to 2026-10" in found.chains[0].words
    assert [states(one)["newest"] for one in found.bundles] == ["not known", "verified", "verified"]


def test_a_loose_cycle_dropped_under_a_later_one_is_refused(lived: Lived, tmp_path: Path) -> None:
    paths = loose_cycles(lived, tmp_path)
    found = verify_all((paths["2026-08"], paths["2026-10"]), (lived.signer.public_key,))
    assert not found.ok
    assert all(one.ok for one in found.bundles)
    assert "a cycle was dropped" in found.chains[0].words


def test_an_edition_and_its_whole_are_one_cycle(lived: Lived, tmp_path: Path) -> None:
    paths = loose_cycles(lived, tmp_path)
    bundle.cut(paths["2026-09"], Tier.PUBLIC, tmp_path / "public.zip")
    assert verify_all((*paths.values(), tmp_path / "public.zip"), (lived.signer.public_key,)).ok


def test_two_bundles_of_one_cycle_are_refused(tmp_path: Path, signer: LocalSigner) -> None:
    one = bundles.loose(tmp_path / "one.zip", signer)
    other = bundles.loose(tmp_path / "other.zip", signer, more=[Member(name="zz", tier=Tier.PUBLIC, content=b"")])
    found = verify_all((one.path, other.path), (signer.public_key,))
    assert "two different bundles" in found.chains[0].words
    assert not found.ok


def test_overlapping_cycles_are_refused(tmp_path: Path, signer: LocalSigner) -> None:
    one = bundles.loose(tmp_path / "one.zip", signer)
    said = bundles.claim("2026-11", start=bundles.claim("2026-10").start, cycle="2026-Q4", previous=one.manifest_digest)
    other = bundles.loose(tmp_path / "other.zip", signer, said)
    assert "overlap" in verify_all((one.path, other.path), (signer.public_key,)).chains[0].words


def test_a_cycle_dropped_from_a_store_is_refused_by_all_others(lived: Lived) -> None:
    for cycle in ("2026-08", "2026-09"):
        moved = lived.bundles[cycle].parent
        moved.rename(lived.root / "away")
        assert "dropped" in refused(verify(lived.bundles["2026-10"]))
        (lived.root / "away").rename(moved)
    assert verify(lived.bundles["2026-10"]).ok


def test_the_newest_cycle_dropped_from_a_store_is_refused_by_its_journal(lived: Lived) -> None:
    shutil.rmtree(lived.bundles["2026-10"].parent)
    assert "the journal says that 2026-10 was sealed" in refused(verify(lived.bundles["2026-08"]))


def test_cycles_that_changed_places_are_refused(lived: Lived) -> None:
    one, other = lived.bundles["2026-08"].parent, lived.bundles["2026-09"].parent
    one.rename(lived.root / "away")
    other.rename(one)
    (lived.root / "away").rename(other)
    assert "not the place of" in refused(verify(one / lived.bundles["2026-09"].name))
    assert "re-ordered" in refused(verify(lived.bundles["2026-10"]))


def test_a_cycle_made_again_is_refused(lived: Lived) -> None:
    said = bundles.claim("2026-09", previous=lived.manifests["2026-08"])
    folder = lived.bundles["2026-09"].parent
    again = bundles.loose(folder / "again.zip", lived.signer, said)
    again.path.rename(folder / f"bundle-{digest(again.envelope)}.zip")
    (folder / "bundle.sigstore.json").write_bytes(again.envelope)
    assert "does not follow 2026-09" in refused(verify(lived.bundles["2026-10"]))
    assert "another one than its own" in refused(verify(lived.bundles["2026-09"]))


def test_a_loser_of_a_race_does_not_count(lived: Lived) -> None:
    loser = bundles.loose(lived.root / "loser.zip", lived.signer, bundles.claim("2026-10"))
    place = lived.bundles["2026-10"].with_name(f"bundle-{digest(loser.envelope)}.zip")
    loser.path.rename(place)
    assert "does not count" in refused(verify(place))
    assert verify(lived.bundles["2026-10"]).ok


def test_a_bundle_under_another_name_or_without_its_seal_is_refused(lived: Lived) -> None:
    path = lived.bundles["2026-10"]
    other = path.rename(path.with_name(f"bundle-{'00' * 32}.zip"))
    assert "file name" in refused(verify(other))
    other.with_name("bundle.sigstore.json").unlink()
    assert "never sealed" in refused(verify(other))


def test_an_interim_bundle_among_sealed_cycles_is_refused(lived: Lived) -> None:
    path = lived.bundles["2026-10"].parent / "interim.zip"
    bundles.loose(path, lived.signer, bundles.claim(interim=True))
    assert "not the place of" in refused(verify(path))


def test_an_interim_bundle_beside_the_cycles_verifies(lived: Lived) -> None:
    path = lived.root / "interim.zip"
    bundles.loose(path, lived.signer, bundles.claim(interim=True))
    assert verify(path).ok


# The journal


def entries(lived: Lived) -> list[Path]:
    return sorted((lived.root / "journal").iterdir())


def test_a_removed_entry_is_refused(lived: Lived) -> None:
    for entry in entries(lived)[:-1]:
        content = entry.read_bytes()
        entry.unlink()
        assert "store:" in refused(verify(lived.bundles["2026-08"]))
        entry.write_bytes(content)
    assert verify(lived.bundles["2026-08"]).ok


def test_a_cut_journal_is_refused(lived: Lived) -> None:
    *_, closing, sealed = entries(lived)
    sealed.unlink()
    assert "does not say that it was sealed" in refused(verify(lived.bundles["2026-10"]))
    closing.unlink()
    assert "does not continue" in refused(verify(lived.bundles["2026-10"]))


def test_a_changed_entry_is_refused(lived: Lived) -> None:
    entry = entries(lived)[0]
    content = entry.read_bytes()
    for changed in (bundles.edited(content, at="2026-08-02T00:00:00Z"), content + b"\n", b"", b"junk", b"[" * 8000):
        entry.write_bytes(changed)
        assert "store:" in refused(verify(lived.bundles["2026-08"]))


def test_a_foreign_file_in_the_journal_is_refused(lived: Lived) -> None:
    (lived.root / "journal" / "junk").write_bytes(b"")
    assert "journal" in refused(verify(lived.bundles["2026-08"]))


def test_a_pipe_in_a_store_holds_nobody_up(lived: Lived) -> None:
    beside = lived.bundles["2026-10"].with_name("bundle.sigstore.json")
    beside.unlink()
    os.mkfifo(beside)
    assert "never sealed" in refused(verify(lived.bundles["2026-10"]))


def lines_of(signer: LocalSigner, kinds: tuple[str, ...]) -> list[bytes]:
    """A journal made by hand."""
    lines: list[bytes] = []
    previous = GENESIS
    for height, kind in enumerate(kinds, start=1):
        unsigned = {
            "height": height,
            "previous": previous,
            "at": "2026-10-01T00:00:00Z",
            "kind": kind,
            "key": kind,
            "body": {},
        }
        lines.append(encode({**unsigned, "signature": sign_entry(encode(unsigned), signer)}))
        previous = digest(lines[-1])
    return lines


JOURNALS: dict[str, tuple[Callable[[list[bytes]], bytes], str]] = {
    "an entry removed": (lambda lines: lines[0] + b"\n" + lines[2] + b"\n", "does not follow"),
    "the last removed": (lambda lines: lines[0] + b"\n" + lines[1] + b"\n", "the journal ends at entry 2"),
    "the first removed": (lambda lines: lines[1] + b"\n" + lines[2] + b"\n", "does not follow"),
    "re-ordered": (lambda lines: b"".join(lines[at] + b"\n" for at in (1, 0, 2)), "does not follow"),
    "changed": (
        lambda lines: b"\n".join((bundles.edited(lines[0], kind="x"), *lines[1:])) + b"\n",
        "does not follow",
    ),
    "the last changed": (
        lambda lines: b"\n".join((*lines[:-1], bundles.edited(lines[-1], kind="x"))) + b"\n",
        "is not one of the key",
    ),
    "no line end": (b"\n".join, "does not end with a line"),
    "an empty line": (lambda lines: b"\n".join((*lines, b"", b"")), "not an entry"),
    "empty": (lambda _: b"", "the journal ends at entry 0"),
}


@pytest.mark.parametrize("name", JOURNALS)
def test_a_bundle_with_another_journal_is_refused(name: str, tmp_path: Path, signer: LocalSigner) -> None:
    lines = lines_of(signer, ("opened", "committed", "closing"))
    change, words = JOURNALS[name]
    said = bundles.claim(journal=JournalPoint(height=3, head=digest(lines[-1])))
    for journal, path in ((b"\n".join(lines) + b"\n", "good.zip"), (change(lines), "bad.zip")):
        members = bundles.members(said, signer.fingerprint, journal)
        bundle.write(tmp_path / path, members, said, signer, bundles.SALT_KEY)
    assert verify(tmp_path / "good.zip", (signer.public_key,)).ok
    assert words in refused(verify(tmp_path / "bad.zip", (signer.public_key,)))


def test_a_journal_of_another_signer_is_refused(tmp_path: Path, signer: LocalSigner) -> None:
    lines = lines_of(bundles.signer(tmp_path, secret=7), ("opened",))
    said = bundles.claim(journal=JournalPoint(height=1, head=digest(lines[-1])))
    bundle.write(
        tmp_path / "b.zip", bundles.members(said, signer.fingerprint, lines[0] + b"\n"), said, signer, bundles.SALT_KEY
    )
    assert "was signed by the key" in refused(verify(tmp_path / "b.zip", (signer.public_key,)))


# The world


def test_what_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        verify(tmp_path / "absent.zip")


def test_a_link_is_what_the_statement_says(signer: LocalSigner, whole: Path) -> None:
    with Archive.open(whole) as archive:
        statement = envelope.parse(archive.read("bundle.sigstore.json", 10000)).statement
    said = bundles.claim()
    assert Link.of(statement) == Link(
        service=said.service,
        cycle=said.cycle,
        start=said.start,
        end=said.end,
        manifest=statement.manifest,
        previous=None,
    )

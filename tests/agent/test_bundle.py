"""Writing bundles and cutting editions: the same inputs give the same bytes, and what is withheld stays so."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import bundle, facts, merkle
from agent.archive import Archive
from agent.bundle import Member
from agent.edition import read
from agent.errors import UsageError, VerificationError
from agent.manifest import Salt, Tier, line_salt
from agent.zipform import TAIL, place
from tests.agent import bundles
from tests.agent.bundles import SALT_KEY

WITHHELD = ("canary", "gaps", "journal.jsonl", "evidence", "111122223333")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory):
    return bundles.signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def whole(tmp_path: Path, signer) -> Path:
    return bundles.loose(tmp_path / "whole.zip", signer).path


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, signer, whole: Path) -> None:
    said = bundles.claim()
    members = bundles.members(said, signer.fingerprint)
    (tmp_path / "report").write_bytes(members[1].content)
    shuffled = [
        *reversed(members[2:]),
        Member(name=members[0].name, tier=members[0].tier, content=lambda: io.BytesIO(members[0].content)),
        Member(name=members[1].name, tier=members[1].tier, content=tmp_path / "report"),
    ]
    bundle.write(tmp_path / "again.zip", shuffled, said, signer, SALT_KEY)
    assert (tmp_path / "again.zip").read_bytes() == whole.read_bytes()


def test_sha256sum_accepts_every_edition(tmp_path: Path, whole: Path) -> None:
    for tier in Tier:
        edition, folder = tmp_path / f"{tier}.zip", tmp_path / tier
        bundle.cut(whole, tier, edition)
        with zipfile.ZipFile(edition) as other:
            other.extractall(folder)
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
        )
        listed = {line.removesuffix(": OK") for line in checked.stdout.splitlines()}
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert present - listed == {"SHA256SUMS", "bundle.sigstore.json"}


def test_the_whole_bundle_cut_for_the_auditor_is_the_bundle(tmp_path: Path, whole: Path) -> None:
    bundle.cut(whole, Tier.AUDITOR, tmp_path / "auditor.zip")
    assert (tmp_path / "auditor.zip").read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("tier", "names"),
    [
        (Tier.PUBLIC, ["public/report.json", "signing.pub", "manifest.json", "SHA256SUMS", "bundle.sigstore.json"]),
        (
            Tier.CUSTOMER,
            [
                "gaps.json",
                "public/report.json",
                "signing.pub",
                "salts-customer.jsonl",
                "manifest.json",
                "SHA256SUMS",
                "bundle.sigstore.json",
            ],
        ),
    ],
)
def test_an_edition_keeps_manifest_and_envelope_and_leaves_the_higher_tiers_out(
    tier: Tier, names: list[str], tmp_path: Path, whole: Path
) -> None:
    bundle.cut(whole, tier, tmp_path / "cut.zip")
    with Archive.open(tmp_path / "cut.zip") as cut, Archive.open(whole) as source:
        assert list(cut.entries) == names
        for name in ("manifest.json", "bundle.sigstore.json"):
            assert cut.read(name, 10000) == source.read(name, 10000)
        assert read(cut).tier is tier


def test_the_public_edition_shows_no_withheld_name_digest_or_size(tmp_path: Path, whole: Path) -> None:
    bundle.cut(whole, Tier.PUBLIC, tmp_path / "public.zip")
    content = (tmp_path / "public.zip").read_bytes()
    with Archive.open(whole) as archive:
        edition = read(archive)
        for name in archive.entries:
            if edition.tiers.get(name, Tier.PUBLIC) is Tier.PUBLIC or name in TAIL:
                continue
            assert f" {name}\n".encode() not in content
            assert edition.digests[name].hex().encode() not in content
    for word in WITHHELD:
        assert word.encode() not in content
    told = json.loads(zipfile.ZipFile(tmp_path / "public.zip").read("manifest.json"))["members"]
    assert all(("size" in member) is (member["tier"] == "public") for member in told)


def test_equal_members_of_two_bundles_are_unlike_under_two_keys(tmp_path: Path, signer) -> None:
    said = bundles.claim()
    names = []
    for number, key in enumerate((b"1" * 32, b"2" * 32)):
        bundle.write(tmp_path / f"{number}.zip", bundles.members(said, signer.fingerprint), said, signer, key)
        manifest = json.loads(zipfile.ZipFile(tmp_path / f"{number}.zip").read("manifest.json"))
        names.append({member["name"] for member in manifest["members"]} - {"public/report.json", "signing.pub"})
    assert names[0] & names[1] == {"salts.jsonl", "salts-customer.jsonl"}


def test_a_higher_edition_cannot_be_cut_from_a_lower(tmp_path: Path, whole: Path) -> None:
    bundle.cut(whole, Tier.PUBLIC, tmp_path / "public.zip")
    with pytest.raises(UsageError, match="itself the public edition"):
        bundle.cut(tmp_path / "public.zip", Tier.CUSTOMER, tmp_path / "customer.zip")
    assert not (tmp_path / "customer.zip").exists()


def test_a_damaged_bundle_is_not_cut(tmp_path: Path, whole: Path) -> None:
    content = whole.read_bytes()
    whole.write_bytes(content.replace(b"canary-gap", b"canary-gaq"))
    with pytest.raises(VerificationError, match=r"gaps\.json"):
        bundle.cut(whole, Tier.PUBLIC, tmp_path / "public.zip")
    assert not (tmp_path / "public.zip").exists()


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path, signer, whole: Path) -> None:
    before = whole.read_bytes()
    with pytest.raises(UsageError, match="stands there already"):
        bundles.loose(whole, signer)
    assert whole.read_bytes() == before

    def breaks() -> io.BytesIO:
        raise OSError(28, "No space left on device")

    broken = Member(name="zz", tier=Tier.PUBLIC, content=breaks)
    with pytest.raises(OSError, match="No space"):
        bundles.loose(tmp_path / "half.zip", signer, more=[broken])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["whole.zip"]


@pytest.mark.parametrize(
    "name", ["manifest.json", "SHA256SUMS", "salts.jsonl", "bundle.sigstore.json", "../evil", "report.json/x"]
)
def test_a_member_that_cannot_stand_is_our_error(name: str, tmp_path: Path, signer) -> None:
    with pytest.raises(ValueError, match="member"):
        bundles.loose(tmp_path / "b.zip", signer, more=[Member(name=name, tier=Tier.PUBLIC, content=b"")])
    assert not list(tmp_path.iterdir())


def test_evidence_is_for_the_auditor_only(tmp_path: Path, signer) -> None:
    shard = Member(name="evidence/facts/a.jsonl.zst", tier=Tier.CUSTOMER, content=bundles.shard(b"{}"))
    with pytest.raises(ValueError, match="auditor"):
        bundles.loose(tmp_path / "b.zip", signer, more=[shard])


def test_a_line_is_proved_without_showing_another(whole: Path) -> None:
    with Archive.open(whole) as archive:
        manifest = read(archive).manifest
        salts = [json.loads(line) for line in archive.read("salts.jsonl", 10000).splitlines()]
    leaves = []
    for told in salts:
        if "leaves" in told:
            leaves += Salt(**told).lines()
    hashed = [merkle.leaf(salt, line) for salt, line in zip(leaves, (*bundles.LINES, b"{}"), strict=True)]
    assert leaves[0] == line_salt(SALT_KEY, bundles.LINES[0])
    assert merkle.proves(hashed[1], 1, merkle.prove(hashed, 1), manifest.merkle)


shards = st.dictionaries(
    st.from_regex(r"evidence/facts/[a-z]{1,4}\.jsonl\.zst", fullmatch=True),
    st.lists(st.binary(min_size=1, max_size=20).filter(lambda line: b"\n" not in line), max_size=5),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    shards=shards,
    others=st.dictionaries(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True),
        st.tuples(st.sampled_from(Tier), st.binary(max_size=30)),
        max_size=6,
    ),
)
def test_whatever_is_written_reads_as_its_manifest_says(shards, others, tmp_path: Path, signer) -> None:
    others = {f"x/{name}": value for name, value in others.items()}
    members = [Member(name=name, tier=Tier.AUDITOR, content=bundles.shard(*lines)) for name, lines in shards.items()]
    members += [Member(name=name, tier=tier, content=content) for name, (tier, content) in others.items()]
    path = tmp_path / "any.zip"
    path.unlink(missing_ok=True)
    bundle.write(path, members, bundles.claim(), signer, SALT_KEY)
    with Archive.open(path) as archive:
        edition = read(archive)
        assert edition.withheld == 0
        assert {name: tier for name, tier in edition.tiers.items() if name not in TAIL} == {
            **dict.fromkeys(shards, Tier.AUDITOR), **{name: tier for name, (tier, _) in others.items()}, "signing.pub": Tier.PUBLIC
        }  # fmt: skip
        assert list(archive.entries) == sorted(archive.entries, key=place)
        expected = [merkle.leaf(line_salt(SALT_KEY, line), line) for name in sorted(shards) for line in shards[name]]
        assert edition.manifest.merkle.root == merkle.root(expected).hex()


def test_the_lines_of_a_shard_are_bounded_and_whole() -> None:
    def opened(content: bytes) -> list[bytes]:
        return list(facts.lines(io.BytesIO(content), "shard"))

    pack = zstandard.ZstdCompressor(level=3).compress
    assert opened(pack(b"a\nb\n")) == [b"a", b"b"]
    assert opened(pack(b"a\n") + pack(b"b\n")) == [b"a", b"b"]
    assert opened(pack(b"")) == []
    for content, words in (
        (pack(b"a\nb"), "does not end with a line"),
        (pack(b"\0" * (facts.LARGEST + 1)), "opens to more than"),
        (pack(b"a\n") + b"junk", "cannot be opened"),
        (b"junk", "cannot be opened"),
    ):
        with pytest.raises(VerificationError, match=words):
            opened(content)

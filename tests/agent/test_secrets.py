"""What a cloud carries and nobody may keep: searched for in every byte of a store, opened to the last member of the last bundle."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from agent.archive import Archive
from agent.bundle import cut
from agent.keys import make_salt_key, make_signing_key
from agent.manifest import Tier
from agent.opening import open_agent
from agent.reading import load
from agent.running import commit, run
from agent.verify import verify
from tests.agent.living import DAY
from tests.agent.simulator import Clock
from tests.conftest import ambient
from tests.fakes.aws import FakeAws, Request
from tests.fakes.estate import Estate

OWNER, CONTACT = "storage-lead@cloud.example", "assurance@cloud.example"
PROGRAMME = f"""\
provider: Example Cloud GmbH
contact: {CONTACT}
cadence: {{cycle: monthly, sweep_every: 31d}}
scope: {{aws: {{organization: o-exampleorg1, role: starcadence-read, external_id: external-id-canary}}}}
services:
  - id: object-store
    name: Example Object Store
    owner: lead
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-*: {{owner: lead, responsibility: provider}}
      CCM:4.1:IAM-*: {{owner: lead, responsibility: provider}}
owners: {{lead: {{email: {OWNER}}}}}
"""
PERSON = "maria.lopez@people.example"
TOKEN = "ghp_" + "C4n4ry" * 6
SECRET = "wJalrXUtnFEMI/" + "K7MDENG/" + "canaryCANARYcanar4"
PASSWORD = "hunter2-canary-Zx9vQ7"
CANARIES = (
    PERSON, TOKEN, SECRET, PASSWORD, "external-id-canary", "@corp.example", "Sam Doe", "555 0100", "token-of-", "AKIAFAKE",
)  # fmt: skip
"""Ours, and what the fake estate has of its own: the addresses of accounts, the security contact, session tokens, our keys."""
CARRIED = f"asked {PERSON}; see https://admin:{PASSWORD}@db.example/ and {TOKEN}; aws_secret_access_key = {SECRET}"
ADDRESS = re.compile(rb"[\w.+-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+")


def laden(value: Any) -> Any:
    """An answer in which tags, names and descriptions carry what people write into them."""
    if isinstance(value, list):
        return [laden(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: laden(one) for key, one in value.items()}
    for key in ("Tags", "TagList", "TagSet"):
        if isinstance(found.get(key), list):
            name, text = ("TagKey", "TagValue") if any("TagKey" in one for one in found[key]) else ("Key", "Value")
            found[key] = [
                *found[key],
                {name: "owner", text: PERSON},
                {name: PERSON, text: "x"},
                {name: "notes", text: CARRIED},
            ]
    for key in ("Description", "GroupName"):
        if key in found:
            found[key] = CARRIED
    return found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A sealed cycle of an estate that is full of canaries."""
    estate = Estate(accounts=("111122223333",), regions=("eu-west-1",), external_id="external-id-canary")

    def answer(request: Request) -> dict[str, Any]:
        return laden(estate.answer(request))

    folder = tmp_path_factory.mktemp("secrets")
    (folder / "programme.yaml").write_text(PROGRAMME)
    (folder / "keys").mkdir()
    make_signing_key(folder / "keys" / "signing.pem")
    make_salt_key(folder / "keys" / "salt.key")
    clock = Clock()
    server = FakeAws(answers=answer).start()
    with pytest.MonkeyPatch.context() as monkeypatch:
        ambient(monkeypatch, estate.management, server.url)
        agent = open_agent(load(folder / "programme.yaml"), clock=clock)
        commit(agent)
        swept = run(agent).sweep
        clock.now += 30 * DAY
        run(agent, sweep=False)
    server.stop()
    assert swept is not None and swept.gaps.get("redacted") and swept.resources["object-store"]["DataStore"] > 10
    yield folder / "store"


def opened(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder, or member of a bundle, packed and unpacked."""
    if path.suffix == ".zip":
        with Archive.open(path) as archive:
            for name in archive.entries:
                yield from unpacked(f"{path.name}: {name}", archive.read(name, 1 << 28))
    else:
        yield from unpacked(str(path), path.read_bytes())


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if name.endswith(".zst"):
        yield name, zstandard.ZstdDecompressor().decompress(content, max_output_size=1 << 28)


def everything(store: Path) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for path in sorted(one for one in store.rglob("*") if one.is_file()):
        found.setdefault(str(path), []).append(str(path).encode())
        for name, content in opened(path):
            found.setdefault(name, []).append(content)
    return found


def test_no_byte_of_a_store_holds_a_secret_or_a_person_of_the_cloud(store: Path) -> None:
    held = everything(store)
    evidence = b"".join(
        content
        for name, contents in held.items()
        if "/evidence/" in name or "evidence/facts" in name
        for content in contents
    )
    for trace in (
        b"[redacted: github token]",
        b"[redacted: aws secret key]",
        b"[redacted: password in url]",
        b"user/person-",
    ):
        assert trace in evidence, "the canaries were there, and were looked for where they would be"
    for name, contents in held.items():
        for content in contents:
            found = [
                canary
                for canary in CANARIES
                if canary.encode() in content or canary.replace("@", "%40").encode() in content
            ]
            assert not found, (name, found)


def test_addresses_are_the_programmes_own_and_stand_where_they_belong(store: Path) -> None:
    """The contact in programme and reports, the owners in the programme alone."""
    for name, contents in everything(store).items():
        found = {one.group() for content in contents for one in ADDRESS.finditer(content)}
        if b'"provider":"Example Cloud GmbH"' in b"".join(contents) and b'"signing"' in b"".join(contents):
            assert found <= {OWNER.encode(), CONTACT.encode()}, name
        else:
            assert found <= ({CONTACT.encode()} if "report." in name else set()), (name, found)


def test_the_public_edition_holds_no_owners_address_and_no_detail(store: Path, tmp_path: Path) -> None:
    (bundle,) = store.glob("cycles/*/*/bundle-*.zip")
    edition = tmp_path / "public.zip"
    cut(bundle, Tier.PUBLIC, edition)
    assert verify(edition, any_key=True).ok
    whole = edition.read_bytes() + b"".join(content for _, content in opened(edition))
    assert {one.group() for one in ADDRESS.finditer(whole)} == {CONTACT.encode()}
    for detail in (b"arn:aws", b"111122223333", b"vol-3", b"o-exampleorg1", b"cloud.example:"):
        assert detail not in whole, detail

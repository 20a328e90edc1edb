"""Manifests: one form, and nothing withheld that could be guessed."""

import base64
import json

import pytest

from agent.canonical import encode
from agent.errors import VerificationError
from agent.manifest import (
    Salt,
    Tier,
    commitment,
    line_salt,
    listed,
    manifest_bytes,
    member_salt,
    opaque_name,
    parse_manifest,
    parse_salt,
)
from agent.statement import MerkleRoot
from tests.agent.bundles import SALT_KEY

TREE = MerkleRoot(root="00" * 32, leaves=0)
PUBLIC = listed("public/report.json", Tier.PUBLIC, 7, b"d" * 32, None)
SALT = member_salt(SALT_KEY, "gaps.json", b"e" * 32)
OPAQUE = listed("gaps.json", Tier.CUSTOMER, 9, b"e" * 32, SALT)
GOOD = manifest_bytes([PUBLIC, OPAQUE], TREE)


def test_a_manifest_is_read_as_it_was_written() -> None:
    manifest = parse_manifest(GOOD)
    assert set(manifest.members) == {PUBLIC, OPAQUE}
    assert manifest_bytes([OPAQUE, PUBLIC], TREE) == GOOD


def test_what_is_withheld_shows_neither_name_nor_digest_nor_size() -> None:
    told = json.loads(GOOD)["members"][0]
    assert set(told) == {"name", "tier", "commitment"}
    assert "gaps" not in GOOD.decode()
    assert (b"e" * 32).hex() not in GOOD.decode()


def test_a_commitment_depends_on_salt_and_content_and_a_name_on_salt_and_path() -> None:
    other = member_salt(b"other" + SALT_KEY[5:], "gaps.json", b"e" * 32)
    assert len({commitment(SALT, b"e" * 32), commitment(other, b"e" * 32), commitment(SALT, b"f" * 32)}) == 3
    assert len({opaque_name(SALT, "gaps.json"), opaque_name(other, "gaps.json"), opaque_name(SALT, "gap.json")}) == 3


def test_salts_differ_by_key_path_and_content_and_repeat_otherwise() -> None:
    salts = {
        member_salt(key, path, digest)
        for key in (b"1" * 32, b"2" * 32)
        for path in ("a", "b")
        for digest in (b"d" * 32, b"e" * 32)
    }
    assert len(salts) == 8
    assert member_salt(b"1" * 32, "a", b"d" * 32) in salts
    assert line_salt(b"1" * 32, b"{}") != line_salt(b"2" * 32, b"{}") != line_salt(b"2" * 32, b"[]")


CHANGED = {
    "not canonical": (b",", b", "),
    "another format": (b"bundle/1", b"bundle/2"),
    "an unknown tier": (b'"customer"', b'"friends"'),
    "a size of what is withheld": (b'"tier":"customer"', b'"size":9,"tier":"customer"'),
    "no size of what is public": (b'"size":7,', b""),
    "a negative size": (b'"size":7', b'"size":-7'),
    "a member without commitment": (b'"commitment":"' + b"64" * 32 + b'",', b""),
    "a commitment in capitals": (b"6464", b"6A64"),
    "the same name twice": (OPAQUE.name.encode(), PUBLIC.name.encode()),
    "another order": (PUBLIC.name.encode(), b"000"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_manifest_in_another_form_is_refused(name: str) -> None:
    changed = GOOD.replace(*CHANGED[name])
    assert changed != GOOD
    with pytest.raises(VerificationError, match=r"manifest\.json"):
        parse_manifest(changed)


def test_the_salts_of_lines_are_whole_and_in_one_spelling() -> None:
    salts = bytes(range(64))
    good = Salt(path="p", salt="00" * 32, leaves=base64.b64encode(salts).decode())
    assert good.lines() == (salts[:32], salts[32:])
    assert Salt(path="p", salt="00" * 32, leaves="").lines() == ()
    for leaves in ("?", "AA==", base64.b64encode(salts).decode() + "\n", base64.b64encode(salts[:63]).decode()):
        with pytest.raises(VerificationError, match="malformed"):
            Salt(path="p", salt="00" * 32, leaves=leaves).lines()


@pytest.mark.parametrize("salt", ["", "00", "00" * 31, "00" * 33, "zz" * 32, "AA" * 32])
def test_a_salt_of_another_length_or_spelling_is_refused(salt: str) -> None:
    with pytest.raises(VerificationError):
        parse_salt(encode({"path": "p", "salt": salt}), "salts.jsonl")

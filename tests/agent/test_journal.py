from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.canonical import encode
from agent.errors import StoreError, VerificationError
from agent.journal import GENESIS, Journal, check_chain
from agent.keys import LocalSigner, make_signing_key
from agent.store import Folder

AT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def signer(tmp_path: Path) -> LocalSigner:
    return make_signing_key(tmp_path / "key.pem")


@pytest.fixture
def journal(tmp_path: Path, signer: LocalSigner) -> Journal:
    return Journal(Folder(tmp_path / "store"), signer)


def filled(journal: Journal, number: int = 5) -> list[bytes]:
    for index in range(number):
        journal.append("event", f"event/{index}", {"index": index}, AT)
    return journal.upto(number).splitlines()


def test_an_event_is_written_down_once(journal: Journal) -> None:
    first = journal.append("sealed", "sealed/a/2026-09", {"manifest": "1"}, AT)
    assert journal.append("sealed", "sealed/a/2026-09", {"manifest": "2"}, AT) == first
    assert journal.height == 1


def test_two_writers_make_one_chain(journal: Journal, signer: LocalSigner) -> None:
    other = Journal(journal.store, signer)
    journal.append("a", "a/1", {}, AT)
    other.append("b", "b/1", {}, AT)
    journal.append("c", "c/1", {}, AT)
    other.refresh()
    assert [entry.key for entry in other.entries] == ["a/1", "b/1", "c/1"]
    assert other.head == journal.head
    assert check_chain(journal.upto(3).splitlines(), signer.public_key).head == journal.head


def test_a_journal_for_reading_cannot_be_written(journal: Journal) -> None:
    with pytest.raises(StoreError, match="reading only"):
        Journal(journal.store).append("a", "a", {}, AT)


def test_a_whole_chain_holds(journal: Journal, signer: LocalSigner) -> None:
    chain = check_chain(filled(journal), signer.public_key)
    assert (chain.height, chain.head) == (5, journal.head)
    assert check_chain([], signer.public_key).head == GENESIS


@pytest.mark.parametrize("damage", ["drop", "swap", "repeat", "change", "spaces", "resign"])
def test_a_chain_that_was_touched_is_refused(
    journal: Journal, signer: LocalSigner, tmp_path: Path, damage: str
) -> None:
    lines = filled(journal)
    match damage:
        case "drop":
            del lines[2]
        case "swap":
            lines[1], lines[2] = lines[2], lines[1]
        case "repeat":
            lines.insert(2, lines[2])
        case "change":
            lines[4] = lines[4].replace(b'"index":4', b'"index":5')
        case "spaces":
            lines[4] = lines[4].replace(b'"index":4', b'"index": 4')
        case "resign":
            other = Journal(Folder(tmp_path / "other"), make_signing_key(tmp_path / "other.pem"))
            lines = filled(other)
    with pytest.raises(VerificationError):
        check_chain(lines, signer.public_key)


def test_a_key_stands_once_in_a_chain(journal: Journal, signer: LocalSigner, tmp_path: Path) -> None:
    lines = filled(journal, 1)
    forged = Journal(journal.store, signer)
    forged._by_key.clear()
    forged.append("event", "event/0", {}, AT)
    lines.append(encode(forged.entries[-1]))
    with pytest.raises(VerificationError, match="line 2 does not follow"):
        check_chain(lines, signer.public_key)


def test_a_journal_whose_entry_was_replaced_is_not_opened(journal: Journal) -> None:
    filled(journal)
    path = journal.store.root / "journal/00000002.json"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data.replace(b'"index":1', b'"index":9'))
    with pytest.raises(StoreError, match="entry 3 does not follow"):
        Journal(journal.store)

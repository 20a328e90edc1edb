"""Bundle files as ZIP: readable everywhere, in one form only, and hostile ones refused before anything of them is believed."""

import io
import os
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import zipform
from agent.archive import Archive, Writer
from agent.errors import UsageError, VerificationError
from agent.zipform import Entry

CONTENTS = {"a.txt": b"one", "b/c.txt": b"", "b/d.txt": bytes(range(256)), "manifest.json": b"{}", "SHA256SUMS": b"x"}


def write(path: Path, contents: dict[str, bytes]) -> Path:
    with path.open("xb") as file:
        writer = Writer(file)
        for name, content in contents.items():
            writer.add(name, io.BytesIO(content))
        writer.finish()
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "good.zip", CONTENTS)


def read(path: Path) -> dict[str, bytes]:
    with Archive.open(path) as archive:
        for name in archive.entries:
            archive.digest(name)
        return {name: archive.read(name, 1000) for name in archive.entries}


def test_what_is_written_is_read_and_others_read_it_too(good: Path) -> None:
    assert read(good) == CONTENTS
    with zipfile.ZipFile(good) as other:
        assert other.testzip() is None
        assert {name: other.read(name) for name in other.namelist()} == CONTENTS


words = st.text("abcXYZ019_.-=@", min_size=1, max_size=8).filter(
    lambda word: word[0] not in ".-=@" and word[-1] not in ".-"
)
paths = st.lists(words, min_size=1, max_size=3).map("/".join)


@given(st.dictionaries(paths, st.binary(max_size=50), max_size=8))
def test_any_members_survive_or_are_refused_by_name(contents: dict[str, bytes]) -> None:
    ordered = {name: contents[name] for name in sorted(contents, key=zipform.place)}
    file = io.BytesIO()
    writer = Writer(file)
    for name, content in ordered.items():
        writer.add(name, io.BytesIO(content))
    if zipform.fault(list(ordered)):
        with pytest.raises(ValueError, match="members"):
            writer.finish()
        return
    writer.finish()
    with zipfile.ZipFile(file) as other:
        assert {name: other.read(name) for name in other.namelist()} == ordered


def test_a_member_is_streamed_in_pieces(tmp_path: Path) -> None:
    content = random.Random(1).randbytes((1 << 20) + 7)
    path = write(tmp_path / "large.zip", {"large": content})
    with Archive.open(path) as archive:
        assert [len(chunk) for chunk in archive.chunks("large")] == [1 << 20, 7]
        with archive.content("large") as stream:
            assert stream.read() == content
        with pytest.raises(VerificationError, match="more than 10"):
            archive.read("large", 10)
        with pytest.raises(VerificationError, match="missing"):
            archive.read("absent", 10)


NAMES = {
    "absolute": "/etc/passwd",
    "upwards": "../evil",
    "upwards inside": "a/../../evil",
    "here": "./a",
    "hidden": ".bashrc",
    "a drive": "C:evil",
    "backslash": "..\\evil",
    "control character": "a\nb",
    "end of string": "a\0b",
    "escape sequence": "a\x1b[2J",
    "empty": "",
    "folder": "a/",
    "empty part": "a//b",
    "an option": "-rf",
    "a space": "a b",
    "a dot at its end": "a.",
    "not ASCII": "é",
    "right to left": "\u202egpj.exe",
    "long": "a" * 201,
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_that_could_harm_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as other:
        info = zipfile.ZipInfo(NAMES[kind])
        info.filename = NAMES[kind]  # ZipInfo cuts names at a NUL
        info.external_attr = 0o100644 << 16
        other.writestr(info, b"")
    with pytest.raises(VerificationError):
        Archive.open(path)
    assert zipform.fault([NAMES[kind]])


@pytest.mark.parametrize(
    "names",
    [
        ["a", "a"],
        ["A", "a"],
        ["a", "a/b"],
        ["A/b", "a"],
        ["b", "a"],
        ["manifest.json", "z"],
        ["SHA256SUMS", "manifest.json"],
    ],
)
def test_names_that_clash_or_stand_out_of_order_are_refused(names: list[str], tmp_path: Path) -> None:
    entries, content = [], b""
    for name in names:
        entries.append(Entry(name=name, size=0, crc=0, offset=len(content)))
        content += zipform.local(entries[-1])
    path = tmp_path / "hostile.zip"
    path.write_bytes(content + zipform.directory(entries))
    with pytest.raises(VerificationError, match="not a bundle"):
        Archive.open(path)


def rezipped(write: Callable[[zipfile.ZipFile], None]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        write(other)
    return file.getvalue()


def member(other: zipfile.ZipFile, **fields: object) -> None:
    info = zipfile.ZipInfo("a.txt", (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o100644 << 16
    for name, value in fields.items():
        setattr(info, name, value)
    other.writestr(info, b"one" * 100)


def commented(other: zipfile.ZipFile) -> None:
    member(other)
    other.comment = b"comment"


def descriptor() -> bytes:
    """A member whose sizes follow it: what zip writes to a pipe."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

    file = Pipe()
    with zipfile.ZipFile(file, "w") as other:
        member(other)
    return file.getvalue()


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty file": lambda _: b"",
    "no ZIP": lambda _: b"junk" * 100,
    "prefix": lambda good: b"#!/bin/sh\n" + good,
    "suffix": lambda good: good + b"\0",
    "cut": lambda good: good[:-1],
    "cut at its start": lambda good: good[1:],
    "only an end": lambda good: good[-22:],
    "comment": lambda _: rezipped(commented),
    "compressed": lambda _: rezipped(lambda other: member(other, compress_type=zipfile.ZIP_DEFLATED)),
    "bomb": lambda _: rezipped(lambda other: other.writestr("a", b"\0" * 1_000_000, zipfile.ZIP_DEFLATED)),
    "symlink": lambda _: rezipped(lambda other: member(other, external_attr=(stat.S_IFLNK | 0o777) << 16)),
    "executable": lambda _: rezipped(lambda other: member(other, external_attr=0o100755 << 16)),
    "setuid": lambda _: rezipped(lambda other: member(other, external_attr=0o104755 << 16)),
    "device": lambda _: rezipped(lambda other: member(other, external_attr=(stat.S_IFCHR | 0o666) << 16)),
    "date": lambda _: rezipped(lambda other: member(other, date_time=(2026, 1, 1, 0, 0, 0))),
    "extra field": lambda _: rezipped(lambda other: member(other, extra=struct.pack("<HH", 0x5455, 0))),
    "member comment": lambda _: rezipped(lambda other: member(other, comment=b"x")),
    "data descriptor": lambda _: descriptor(),
    "encrypted": lambda good: good.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
    "another name before its content": lambda good: good.replace(b"a.txt", b"z.txt", 1),
    "gap": lambda good: good[:35] + b"\0" + good[35:],
    "two archives": lambda good: good + good,
    "too many members": lambda good: good[:-14] + b"\xff\xff\xff\xff" + good[-10:],
    "a directory beyond the file": lambda good: good[:-6] + b"\xff\xff\xff\x7f" + good[-2:],
    "zip64 without need": lambda good: good[:-22] + struct.pack(
        "<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 5, 5, 300, 400) + struct.pack("<4sLQL", b"PK\6\7", 0, len(good) - 22, 1) + good[-22:],
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused(kind: str, good: Path, tmp_path: Path) -> None:
    content = HOSTILE[kind](good.read_bytes())
    assert content != good.read_bytes()
    path = tmp_path / "hostile.zip"
    path.write_bytes(content)
    with pytest.raises(VerificationError):
        read(path)


def test_the_plain_member_that_hostile_ones_are_made_of_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "plain.zip"
    path.write_bytes(rezipped(member))
    assert read(path) == {"a.txt": b"one" * 100}


def test_every_single_bit_of_a_file_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "flipped.zip", {"a": b"1", "manifest.json": b"{}"})
    content = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for bit in range(len(content) * 8):
            at = bit // 8
            os.pwrite(file.fileno(), bytes([content[at] ^ 1 << bit % 8]), at)
            with pytest.raises(VerificationError):
                read(path)
            os.pwrite(file.fileno(), content[at : at + 1], at)
    assert read(path) == {"a": b"1", "manifest.json": b"{}"}


def test_a_file_that_shrinks_while_it_is_read_is_refused(good: Path) -> None:
    with Archive.open(good) as archive:
        good.write_bytes(b"")
        with pytest.raises(VerificationError, match="ends early"):
            archive.digest("a.txt")


def test_what_is_no_file_is_a_usage_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError, match="no such file"):
            Archive.open(path)


def test_far_and_many_members_take_zip64_and_others_read_it(tmp_path: Path) -> None:
    entries, offset = [], 0
    for name in ("a", "b", "c"):
        entries.append(Entry(name=name, size=3 << 30, crc=1, offset=offset))
        offset = entries[-1].end
    path = tmp_path / "sparse.zip"
    with path.open("xb") as file:
        for entry in entries:
            file.seek(entry.offset)
            file.write(zipform.local(entry))
        file.seek(entries[-1].end)
        file.write(zipform.directory(entries))
    with Archive.open(path) as archive:
        assert list(archive.entries.values()) == entries
    with zipfile.ZipFile(path) as other:
        assert [(info.filename, info.header_offset) for info in other.infolist()] == [
            (one.name, one.offset) for one in entries
        ]


@pytest.mark.slow
@pytest.mark.whole
def test_sixty_five_thousand_members_take_zip64(tmp_path: Path) -> None:
    entries, offset = [], 0
    for number in range(0x10001):
        entries.append(Entry(name=f"{number:05}", size=0, crc=0, offset=offset))
        offset = entries[-1].end
    path = tmp_path / "many.zip"
    path.write_bytes(b"".join(map(zipform.local, entries)) + zipform.directory(entries))
    with Archive.open(path) as archive:
        assert len(archive.entries) == 0x10001
    with zipfile.ZipFile(path) as other:
        assert len(other.infolist()) == 0x10001


def test_too_many_members_are_refused() -> None:
    assert "more than" in (zipform.fault(["a"] * (zipform.MAX_MEMBERS + 1)) or "")

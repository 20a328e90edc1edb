"""The one form of our ZIP files: stored members, no dates, no attributes, nothing between them, nothing before or after.

Names, sizes and checksums of the members determine every other byte, so that a reader can encode the file again and compare.
PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
"""

import re
import struct
from collections.abc import Iterable, Sequence

import msgspec

TAIL = ("salts-customer.jsonl", "salts.jsonl", "manifest.json", "SHA256SUMS", "bundle.sigstore.json")
"""Members that stand last, in this order, because they speak of the ones before. All others come first, sorted."""
MAX_MEMBERS = 1 << 18
MAX_MEMBER = 0xFFFFFFFE
"""Bytes of one member: what a header holds without zip64."""
MAX_DIRECTORY = MAX_MEMBERS * 300
"""Bytes of a central directory, end records included."""
MAX_NAME = 200
"""Characters."""

_WORD = r"[A-Za-z0-9_](?:[A-Za-z0-9._=+@-]*[A-Za-z0-9_=+@-])?"
_NAME = re.compile(rf"{_WORD}(?:/{_WORD})*", re.ASCII)
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_VERSION, _VERSION64, _UNIX = 20, 45, 3 << 8
_DATE = 1 << 5 | 1  # 1 January 1980, the first day that ZIP knows
_REGULAR = 0o100644 << 16
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF

END_SIZE = _END.size
END64_SIZE = _END64.size + _LOCATOR64.size
CENTRAL_SIZE = _CENTRAL.size


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One member, as its headers tell it."""

    name: str
    size: int
    crc: int
    offset: int
    """Of its local header."""

    @property
    def start(self) -> int:
        """Offset of its content."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Offset of what follows its content."""
        return self.start + self.size


def place(name: str) -> tuple[int, str]:
    """Sort key: where a member stands."""
    return (TAIL.index(name) + 1 if name in TAIL else 0, name)


def fault(names: Sequence[str]) -> str | None:
    """What is wrong with these names as the members of one file, in words; `None` if nothing is."""
    if len(names) > MAX_MEMBERS:
        return f"there are more than {MAX_MEMBERS} members"
    for name in names:
        if len(name) > MAX_NAME or not _NAME.fullmatch(name):
            return f"a member has a name that is not allowed: {name[:MAX_NAME]!r}"
    folders = {name[:cut].lower() for name in names for cut in _cuts(name)}
    unique = {name.lower() for name in names}
    if len(unique) < len(names) or folders & unique:
        return "two members have names that are one on some computers"
    if list(names) != sorted(names, key=place):
        return "the members are not in their order"
    return None


def _cuts(name: str) -> Iterable[int]:
    cut = name.find("/")
    while cut > 0:
        yield cut
        cut = name.find("/", cut + 1)


def local(entry: Entry) -> bytes:
    """The header before a member's content."""
    fixed = _LOCAL.pack(
        b"PK\3\4", _VERSION, 0, 0, 0, _DATE, entry.crc, entry.size, entry.size, len(entry.name), 0
    )  # fmt: skip
    return fixed + entry.name.encode("ascii")


def directory(entries: Sequence[Entry]) -> bytes:
    """Everything after the last member's content. zip64 only where a number does not fit."""
    start = entries[-1].end if entries else 0
    central = b"".join(map(_central, entries))
    return central + _end(len(entries), len(central), start)


def _central(entry: Entry) -> bytes:
    far = entry.offset >= _FULL32
    version, offset = (_VERSION64, _FULL32) if far else (_VERSION, entry.offset)
    extra = struct.pack("<HHQ", 1, 8, entry.offset) if far else b""
    fixed = _CENTRAL.pack(
        b"PK\1\2", _UNIX | version, version, 0, 0, 0, _DATE, entry.crc, entry.size, entry.size,
        len(entry.name), len(extra), 0, 0, 0, _REGULAR, offset,
    )  # fmt: skip
    return fixed + entry.name.encode("ascii") + extra


def _end(count: int, size: int, start: int) -> bytes:
    short, small, near = min(count, _FULL16), min(size, _FULL32), min(start, _FULL32)
    end = _END.pack(b"PK\5\6", 0, 0, short, short, small, near, 0)
    if short < _FULL16 and small < _FULL32 and near < _FULL32:
        return end
    version = _UNIX | _VERSION64
    end64 = _END64.pack(b"PK\6\6", _END64.size - 12, version, _VERSION64, 0, 0, count, count, size, start)
    return end64 + _LOCATOR64.pack(b"PK\6\7", 0, start + size, 1) + end


def directory_start(tail: bytes, size: int) -> tuple[int, int]:
    """Offset of the central directory and number of members, as the last bytes of a file of `size` bytes tell them.

    Raises `ValueError` if there is no end record without comment, or its numbers are beyond the limits.
    """
    if len(tail) < END_SIZE or tail[-END_SIZE:-18] != b"PK\5\6":
        raise ValueError("no end record")
    *_, count, _, start, _ = _END.unpack(tail[-END_SIZE:])
    if tail[-END64_SIZE - END_SIZE :][:4] == b"PK\6\6" and len(tail) >= END64_SIZE + END_SIZE:
        *_, count, _, start = _END64.unpack(tail[-END64_SIZE - END_SIZE :][: _END64.size])
    if count > MAX_MEMBERS or not size - MAX_DIRECTORY <= start <= size:
        raise ValueError("too many members")
    return start, count


def listed(central: bytes, count: int) -> tuple[Entry, ...]:
    """The members that a central directory tells of, unchecked but for their limits: encode them again and compare.

    Raises `ValueError` for what cannot be one.
    """
    entries = []
    at, offset = 0, 0
    for _ in range(count):
        if len(central) - at < CENTRAL_SIZE:
            raise ValueError("the directory ends early")
        fields = _CENTRAL.unpack_from(central, at)
        crc, size, name_size, extra_size = fields[7], fields[8], fields[10], fields[11]
        at += CENTRAL_SIZE
        name = central[at : at + name_size].decode("ascii")
        entry = Entry(name=name, size=size, crc=crc, offset=offset)
        if size > MAX_MEMBER:
            raise ValueError("a member is too large")
        entries.append(entry)
        at += name_size + extra_size
        offset = entry.end
    return tuple(entries)

"""What must not be kept: named patterns, and which texts can hold one at all, told at the speed of memory.

Only named patterns are looked for: entropy detectors trip on 108 of 260 ordinary answers.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, MatchKind

Suspicion = Callable[[str], bool]
"""A quick look at a text: whether it can hold what must not be kept."""

_ACCESS_KEY = r"(?:AKIA|ASIA)[A-Z2-7]{16}"
_SECRET_NAME = r"(?i:secret[ _-]?(?:access[ _-]?)?key)"  # noqa: S105 - the name of a secret, not one
_SECRET = r"(?<![A-Za-z0-9/+])(?![0-9a-f]{40}(?![A-Za-z0-9/+]))[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"  # noqa: S105
"""An AWS secret access key: forty base64 characters that are not a SHA-1. Looked for only beside a key id or its own name."""
_PASSWORD_NAME = r"(?i:password|passwd|pwd|accountkey|sharedaccesskey)"  # noqa: S105


class Detector(NamedTuple):
    """One named pattern. What its group `kept` matched stays in front of the replacement."""

    name: str
    pattern: re.Pattern[str]


DETECTORS = (
    Detector(
        "private key",
        re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END [A-Z0-9 ]+-----|.*)", re.DOTALL),
    ),
    Detector("json web token", re.compile(r"\beyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]{8,}")),
    Detector("github token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})")),
    Detector("gitlab token", re.compile(r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{20,}")),
    Detector("slack token", re.compile(r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/(?:services|workflows)/[\w/]{20,}")),
    Detector("stripe key", re.compile(r"\b(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}")),
    Detector("google key", re.compile(r"\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})")),
    Detector(
        "aws secret key",
        re.compile(rf"(?P<kept>{_ACCESS_KEY}\W{{1,20}}(?:\w{{1,40}}\W{{1,20}})?|{_SECRET_NAME}\W{{1,10}}){_SECRET}"),
    ),
    Detector("password in url", re.compile(r"(?P<kept>://[^\s/:@\"'<>]*:)(?!\*+@)[^\s/@\"'<>]+(?=@)")),
    Detector(
        "password in connection string",
        re.compile(rf"(?P<kept>(?:^|(?<=[;&?,\s\"'])){_PASSWORD_NAME}\s*=\s*)(?![*\[{{$%<])[^;&\s\"']+"),
    ),
)  # fmt: skip

_SIGNED = tuple(one for one in DETECTORS if one.name == "password in url")
"""Those whose hits hold an `@` and perhaps nothing else of what is looked for."""
EMAIL = re.compile(r"\w[\w.+-]{0,63}(?:@|%40)(?:\w(?:[\w-]{0,61}\w)?\.)+[^\W\d_]{2,}")
NEAR = re.compile(f"{_ACCESS_KEY}|{_SECRET_NAME}")
"""What stands in one object with a secret that has no pattern of its own."""
ALONE = re.compile(_SECRET)

_WRITTEN = BytesAhoCorasick(
    (
        b"%40", b"-----BEGIN", b"eyJ", b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"gldt-", b"glrt-",
        b"glcbt-", b"glptt-", b"glft-", b"glsoat-", b"xox", b"hooks.slack", b"k_live_", b"k_test_", b"whsec_", b"AIza", b"ya29.",
        b"GOCSPX-", b"AKIA", b"ASIA",
    ),
    matchkind=MatchKind.LeftmostFirst,
)  # fmt: skip
"""What every hit holds, unless it holds an `@` or the name of a secret. No single letter is among them, and the kind of match is the one
that looks at sixteen bytes at once: both together cost a fifteenth."""
_NAMED = BytesAhoCorasick(
    (b"secret", b"passw", b"pwd", b"accountkey", b"sharedaccesskey", "\u017f".encode(), "\u212a".encode()),
    matchkind=MatchKind.LeftmostFirst,
)
"""The names of secrets, in lower case, which patterns find in any; to them two letters more are an s and a k."""


def able(text: str) -> tuple[Detector, ...]:
    """The patterns that can find something in the text, in their order."""
    if _worded(text.encode("utf-8", "surrogatepass")):
        return DETECTORS
    return _SIGNED if "@" in text else ()


def addressed(text: str) -> bool:
    """The text can hold an address, if nothing else is suspect about it."""
    return "@" in text


def suspect(text: str) -> bool:
    """The text can hold something that must not be kept."""
    return "@" in text or _worded(text.encode("utf-8", "surrogatepass"))


def suspicion(line: bytes, whole: Suspicion = suspect) -> Suspicion | None:
    """Which texts of an encoded line need a look; `None` if none does. Cheap and generous: only such a line is walked.

    `whole` is the answer for what the line is a part of.
    """
    if whole is suspect and _worded(line):
        return suspect
    return addressed if b"@" in line else None


def pure(text: bytes) -> bool:
    """A text as it came over the wire holds nothing suspect, even if what JSON writes as a number of a character is read."""
    escaped = b"\\" in text and b"\\u" in text  # a single letter is found thirty times faster than two
    return b"@" not in text and not escaped and not _worded(text)


def _worded(line: bytes) -> bool:
    return bool(_WRITTEN.find_matches_as_indexes(line) or _NAMED.find_matches_as_indexes(line.lower()))

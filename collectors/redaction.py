"""What must not be kept is taken out before anything reaches the store.

Only named patterns are looked for: entropy detectors trip on 108 of 260 ordinary answers. E-mail addresses of people become
keyed pseudonyms, the same for the same person; any other hit is replaced in place by `[redacted: <detector>]` and is reported, so that
the machinery can make it a gap.
"""

import hashlib
import hmac
import re
from functools import partial
from typing import Any, NamedTuple, TypeVar

import msgspec
from ahocorasick_rs import BytesAhoCorasick

from collectors.resource import Resource
from collectors.sighting import Evidence, Reading, Sighting

R = TypeVar("R", bound=Resource)

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

_EMAIL = re.compile(r"\w[\w.+-]{0,63}(?:@|%40)(?:\w(?:[\w-]{0,61}\w)?\.)+[^\W\d_]{2,}")
MACHINES = ".gserviceaccount.com"
"""How the address of a service account of Google Cloud ends."""
_SUSPECT = BytesAhoCorasick((
    b"@", b"%40", b"-----begin", b"eyj", b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"gldt-", b"glrt-",
    b"glcbt-", b"glptt-", b"glft-", b"glsoat-", b"xox", b"hooks.slack", b"k_live_", b"k_test_", b"whsec_", b"aiza", b"ya29.", b"gocspx-",
    b"akia", b"asia", b"secret", b"passw", b"pwd", b"accountkey", b"sharedaccesskey",
))  # fmt: skip
"""What every hit holds, in lower case. Looked for in the encoded line, cheap and generous: only a line that has one is walked.
One pass over the line looks for all of them; a pattern for each costs four times as much."""
_NEAR = re.compile(f"{_ACCESS_KEY}|{_SECRET_NAME}")
_ALONE = re.compile(_SECRET)


class Hit(NamedTuple):
    """One thing that was taken out and is therefore not learned."""

    operation: str
    """Whose answer held it; empty for a fact, a name or a tag."""
    detector: str


class Redactor:
    """Takes out what must not be kept. `key` is the pseudonyms' secret: the same key gives the same person the same pseudonym."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def text(self, text: str, hits: set[str] | None = None) -> str:
        """The text without secrets and addresses; the detectors that found something are added to `hits`."""
        for name, pattern in DETECTORS:
            text, found = pattern.subn(partial(_replaced, name), text)
            if found and hits is not None:
                hits.add(name)
        return _EMAIL.sub(self._known, text) if "@" in text or "%40" in text else text

    def _known(self, match: re.Match[str]) -> str:
        """Who is no person keeps the name: an operator must find the service account that is wrong."""
        return match[0] if match[0].lower().endswith(MACHINES) else self.pseudonym(match[0])

    def pseudonym(self, address: str) -> str:
        """`person-<12 hex>`: the same for every spelling of an e-mail address, of no use without the key."""
        canonical = address.replace("%40", "@").lower().encode()
        return f"person-{hmac.new(self._key, canonical, hashlib.sha256).hexdigest()[:12]}"

    def tree(self, value: Any, hits: set[str]) -> Any:
        """Plain JSON with every string, keys too, redacted."""
        if isinstance(value, str):
            return self.text(value, hits)
        if isinstance(value, list):
            return [self.tree(inner, hits) for inner in value]
        if isinstance(value, dict):
            near = any(_NEAR.search(part) for pair in value.items() for part in pair if isinstance(part, str))
            return {
                self.text(key, hits): self._beside(inner, hits) if near else self.tree(inner, hits)
                for key, inner in value.items()
            }
        return value

    def _beside(self, value: Any, hits: set[str]) -> Any:
        """A value that stands in one object with an access key id or a secret's name."""
        if isinstance(value, str) and _ALONE.fullmatch(value):
            hits.add("aws secret key")
            return "[redacted: aws secret key]"
        return self.tree(value, hits)

    def sighting(self, sighting: Sighting) -> tuple[Sighting, tuple[Hit, ...]]:
        """The sighting as it may be kept, and what was taken out of it."""
        if not _suspect(msgspec.json.encode(sighting)):
            return sighting, ()
        hits: set[str] = set()
        resource = self._resource(sighting.resource, hits)
        evidence, found = self._evidence(sighting.evidence)
        kept = msgspec.structs.replace(
            sighting, resource=resource, evidence=evidence, cites=tuple(map(self.text, sighting.cites))
        )
        return kept, tuple(sorted({*found, *(Hit("", name) for name in hits)}))

    def reading(self, reading: Reading) -> tuple[Reading, tuple[Hit, ...]]:
        """The reading as it may be kept, and what was taken out of it."""
        if not _suspect(msgspec.json.encode(reading)):
            return reading, ()
        hits: set[str] = set()
        values = self.tree(reading.values, hits)
        evidence, found = self._evidence(reading.evidence)
        kept = msgspec.structs.replace(reading, id=self.text(reading.id), values=values, evidence=evidence)
        return kept, tuple(sorted({*found, *(Hit("", name) for name in hits)}))

    def _evidence(self, evidence: tuple[Evidence, ...]) -> tuple[tuple[Evidence, ...], set[Hit]]:
        kept: list[Evidence] = []
        found: set[Hit] = set()
        for one in evidence:
            hits: set[str] = set()
            kept.append(Evidence(operation=one.operation, answer=self.tree(one.answer, hits)))
            found |= {Hit(one.operation, name) for name in hits}
        return tuple(kept), found

    def _resource(self, resource: R, hits: set[str]) -> R:
        before = msgspec.to_builtins(resource)
        after = self.tree(before, hits)
        return resource if before == after else _decoded(type(resource), before, after)


def _suspect(line: bytes) -> bool:
    return bool(_SUSPECT.find_matches_as_indexes(line.lower()))


def _replaced(name: str, match: re.Match[str]) -> str:
    kept = match.groupdict().get("kept") or ""
    return f"{kept}[redacted: {name}]"


def _decoded(kind: type[R], before: dict[str, Any], after: dict[str, Any]) -> R:
    """The resource as redacted; a fact that no longer has its type is not learned."""
    whole = dict(after)
    for name, value in after.items():
        if value != before[name] and not _decodes(kind, {**before, name: value}):
            whole[name] = None
    return msgspec.convert(whole, kind)


def _decodes(kind: type[Resource], fields: dict[str, Any]) -> bool:
    try:
        msgspec.convert(fields, kind)
    except msgspec.ValidationError:
        return False
    return True

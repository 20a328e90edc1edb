"""Strings from clouds are hostile: what cannot be seen is made visible before anything is printed.

Escaping is Jinja's; this is about characters that escape well and deceive the eye: bidirectional overrides, zero-width
joiners, control characters, lone surrogates. The set is spelled out, not asked of `unicodedata`, so that one input gives one page
under every Python.
"""

import re
from typing import Any

import msgspec
from markupsafe import Markup

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Controls (tab and line feed apart), formats, fillers, surrogates, private use and non-characters."""


def legible(value: Any) -> Any:
    """The same text with each unseen character as `⟨U+202E⟩`. Markup of our own and what is not text pass through."""
    if isinstance(value, Markup) or not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value)


def fact(value: Any) -> str:
    """One fact as canonical JSON, since a reader must tell `"false"` from `false`; `None` was not learned."""
    return "not learned" if value is None else msgspec.json.encode(value, order="sorted").decode()


def anchor(prefix: str, name: str) -> str:
    """A fragment identifier for a name: `anchor("s", "CCM:4.1:A&A-01")` is `s-CCM-4.1-A_A-01`."""
    return f"{prefix}-{re.sub(r'[^A-Za-z0-9.-]', '_', name.replace(':', '-'))}"

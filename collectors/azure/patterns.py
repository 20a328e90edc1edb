"""Azure's action patterns: `*` stands for anything, letters' case does not matter, and what is taken off is taken off."""

import functools
import re
from collections.abc import Iterable
from typing import Any


def allows(actions: Any, not_actions: Any, action: str) -> bool:
    """One permission (of a role, or of the caller) lets an action be done. What is malformed lets nothing be done."""
    return matches(actions, action) and not matches(not_actions, action)


def matches(patterns: Any, action: str) -> bool:
    """Some pattern of a list names the action."""
    listed: Iterable[Any] = patterns if isinstance(patterns, list) else ()
    return any(isinstance(one, str) and _compiled(one.lower()).fullmatch(action.lower()) for one in listed)


@functools.lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))

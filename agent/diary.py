"""The agent's own uptime as evidence: when it started, stopped and failed, written into the journal and bounded.

At most `MOST` entries of a kind in a day, whatever crashes in a loop. Nothing is written before the commitment, which is the first entry.
"""

from datetime import datetime
from typing import Any

from agent.journal import Journal

MOST = 8


def note(journal: Journal, kind: str, body: dict[str, Any], at: datetime) -> bool:
    """Write down one event of this instance; False if there was no room for it today, or no commitment yet.

    `body` names the instance, so that an entry of another one under the same key is told apart. Raises `StoreError`.
    """
    if journal.find("commitment") is None:
        return False
    day = f"{at:%Y-%m-%d}"
    for number in range(1, MOST + 1):
        key = f"{kind}/{day}/{number}"
        if journal.find(key) is not None:
            continue
        entry = journal.append(kind, key, {**body, "more": number == MOST}, at)
        if entry.body["instance"] == body["instance"]:
            return True
    return False

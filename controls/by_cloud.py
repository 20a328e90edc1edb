"""The page of every check on every cloud: proven, or why it cannot be (docs/clouds.md)."""

from controls.catalogue import CHECKS
from controls.coverage import CLOUDS, proven
from controls.unproven import UNPROVEN


def page() -> str:
    """Every check on every cloud: proven, or why it cannot be."""
    known = {cloud: proven(cloud) for cloud in CLOUDS}
    head = (
        "A check is *proven* on a cloud if that cloud's collectors learn all that it reads, and the fake estate that the tests look at"
        " gives it one pass and one failure: only that counts as coverage. Everywhere else stands why it cannot be. *Nothing*: there is"
        " nothing to judge. *Always*: the cloud sees to it; it cannot fail. *Unsaid*: the cloud does not tell, it never passes;"
        " where it does not fail either it is not applicable."
    )
    counts = ", ".join(f"{len(known[cloud])} on {cloud}" for cloud in CLOUDS)
    rows = [
        f"| `{one.name}` | {' | '.join(_cell(one.name, cloud, proven=one.name in known[cloud]) for cloud in CLOUDS)} |"
        for one in sorted(CHECKS, key=lambda one: one.name)
    ]
    table = "\n".join((f"| check | {' | '.join(CLOUDS)} |", "|---|---|---|---|", *rows))
    return f"# Checks by cloud\n\nMade from the code by `make reference`.\n\n{head}\n\nOf {len(CHECKS)} checks: {counts}.\n\n{table}\n"


def _cell(check: str, cloud: str, *, proven: bool) -> str:
    if proven:
        return "proven"
    reason = UNPROVEN[cloud][check]
    return f"*{reason.why}*: {reason.words}"

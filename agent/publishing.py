"""Publishing sealed cycles: the edition that a target is meant for, put beside what was published before and never over it.

A target's layout: `<service>/<cycle>/` with `<service>-<cycle>-<edition>.zip`, `bundle.sigstore.json`, `index.html` (the public report),
`status.html` (the public status page as it was then), and `review.sigstore.json` once it was reviewed, in an auditor's target with the
responses. What went out before its review says so on the page and in `UNREVIEWED.txt`, for good.
One `published` entry per cycle, written when every target has it; whoever comes second finds it done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from agent.archive import Archive
from agent.assertion import REVIEW
from agent.canonical import decode
from agent.digesting import to_do
from agent.edition import ENVELOPE
from agent.errors import AgentError, StoreError
from agent.journal import Entry, Journal
from agent.manifest import Tier
from agent.material import Opened
from agent.people import Publication
from agent.programme import Programme
from agent.reading import Loaded
from agent.shelf import cut, put, put_first, shelf
from agent.steps import Life, lives
from agent.store import Store
from controls.check import Check

PAGE = "public/report.html"
UNREVIEWED = "UNREVIEWED.txt"
STATUS = "status.html"
NOTE = b"Published before a named person has reviewed it. If review.sigstore.json stands beside this file, it was reviewed later.\n"
BANNER = b'<p role="note"><strong>UNREVIEWED.</strong> ' + NOTE.strip() + b"</p>"
LARGEST_PAGE = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One sealed cycle that may go out."""

    life: Life
    responses: str | None
    """sha256 of the responses, if it was reviewed."""
    bundle: str
    """Key of its bundle in the store."""
    folder: str
    """Its folder under every target."""

    @property
    def reviewed(self) -> bool:
        """Its review stands."""
        return self.responses is not None

    def answers(self, edition: str) -> tuple[str, ...]:
        """Names of the files of its review that go with an edition: the answers name resources, and so are for the auditor."""
        if self.responses is None:
            return ()
        return (REVIEW, f"responses-{self.responses}.json") if edition == Tier.AUDITOR else (REVIEW,)


def publish_due(
    store: Store, journal: Journal, loaded: Loaded, checks: Sequence[Check], now: datetime
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Publish every cycle that may be published; return the entries, and why others could not be (the next run tries again).

    What an attempt before put into a target stands, and is not put again.
    """
    made: list[Entry] = []
    troubles: list[str] = []
    for life in lives(journal.entries, now) if loaded.programme.publish else ():
        try:
            entry = _publish(store, journal, loaded, checks, life, now)
        except (AgentError, OSError) as error:
            troubles.append(f"{life.service} {life.cycle} is not published: {error}")
            continue
        made += [entry] if entry else []
    return tuple(made), tuple(troubles)


def may_publish(life: Life, programme: Programme, now: datetime) -> bool:
    """The policy that was in force for the cycle lets it go out now."""
    review = life.step("reviewed")
    cadence = programme.cadence
    if review is None or cadence.publish_after == "seal" or review.done is not None:
        return review is not None
    return cadence.publish_overdue_review == "mark" and review.overdue(now)


def _publish(
    store: Store, journal: Journal, loaded: Loaded, checks: Sequence[Check], life: Life, now: datetime
) -> Entry | None:
    """Publish one cycle, or add the review to what was published before it; `None` where nothing is to be done."""
    sealed = journal.find(f"sealed/{life.service}/{life.cycle}")
    if sealed is None:
        return None
    reviewed = journal.find(f"reviewed/{life.service}/{life.cycle}")
    place = f"cycles/{life.service}/{life.cycle}"
    issue = Issue(
        life=life, responses=reviewed.body["responses"] if reviewed else None, bundle=f"{place}/bundle-{sealed.body['envelope']}.zip",
        folder=f"{life.service}/{life.cycle}",
    )  # fmt: skip
    if standing := journal.find(f"published/{life.service}/{life.cycle}"):
        return (
            _amend(store, journal, loaded, issue, standing, now) if reviewed and not standing.body["reviewed"] else None
        )
    if not may_publish(life, _in_force(store, journal, life.cycle), now):
        return None
    step = life.step("published")
    status = _status(store, journal, loaded, checks, now)
    body = {
        "service": life.service, "cycle": life.cycle, "manifest": sealed.body["manifest"], "reviewed": issue.reviewed,
        "late": step is not None and step.overdue(now),
        "targets": [_issue(store, shelf(loaded, one.to), one, issue, status) for one in loaded.programme.publish],
    }  # fmt: skip
    return journal.append("published", f"published/{life.service}/{life.cycle}", body, now)


def _amend(
    store: Store, journal: Journal, loaded: Loaded, issue: Issue, standing: Entry, now: datetime
) -> Entry | None:
    """Put the review beside what was published without one."""
    key = f"amended/{issue.folder}"
    if journal.find(key) is not None:
        return None
    for target in standing.body["targets"]:
        for name in issue.answers(target["edition"]):
            put(shelf(loaded, target["to"]), f"{issue.folder}/{name}", _sibling(store, issue, name))
    body = {"service": issue.life.service, "cycle": issue.life.cycle, "manifest": standing.body["manifest"]}
    return journal.append("amended", key, body, now)


def _issue(store: Store, target: Store, publication: Publication, issue: Issue, status: bytes) -> dict[str, Any]:
    """Put one edition of a cycle into one target; what stands there already must be the same, but for the page of the day."""
    marked = not issue.reviewed or target.has(f"{issue.folder}/{UNREVIEWED}")
    files = {}
    if marked:
        files[UNREVIEWED] = NOTE
    files[ENVELOPE] = _sibling(store, issue, ENVELOPE)
    files |= {name: _sibling(store, issue, name) for name in issue.answers(publication.edition)}
    name = f"{issue.folder.replace('/', '-')}-{publication.edition}.zip"
    with store.local(issue.bundle) as path:
        with Archive.open(path) as archive:
            files["index.html"] = page(archive.read(PAGE, LARGEST_PAGE), marked=marked)
        digests = {one: put(target, f"{issue.folder}/{one}", content) for one, content in files.items()}
        digests[name] = cut(target, path, Tier(publication.edition), f"{issue.folder}/{name}")
    digests[STATUS] = put_first(target, f"{issue.folder}/{STATUS}", status)
    return {"to": publication.to, "edition": publication.edition, "files": dict(sorted(digests.items()))}


def _status(store: Store, journal: Journal, loaded: Loaded, checks: Sequence[Check], now: datetime) -> bytes:
    """The public status page as of now."""
    from agent.board import board
    from agent.outlook import outlook
    from agent.page.status import render_status

    view = outlook(store, journal, checks, loaded.exceptions, now, loaded.programme)
    assert view is not None  # a cycle was sealed
    items = to_do(store, journal, loaded, checks, now)
    return render_status(board(view, store, journal, items, Tier.PUBLIC)).encode()


def page(report: bytes, *, marked: bool) -> bytes:
    """The public report as it is served: as it is sealed, or with the mark that nobody has reviewed it."""
    if not marked:
        return report
    start = report.index(b"<body")
    end = report.index(b">", start) + 1
    return report[:end] + BANNER + report[end:]


def _sibling(store: Store, issue: Issue, name: str) -> bytes:
    key = f"cycles/{issue.folder}/{name}"
    try:
        return store.get(key)
    except KeyError:
        raise StoreError(
            f"{store.where(key)} is missing, though the journal names it; restore it from the backup"
        ) from None


def _in_force(store: Store, journal: Journal, cycle: str) -> Programme:
    """The programme that the cycle was opened with."""
    entry = journal.find(f"cycle/{cycle}")
    assert entry is not None
    opened = msgspec.convert(entry.body, Opened)
    return decode(store.read(opened.programme), Programme, what="the programme in force")

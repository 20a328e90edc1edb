"""Publishing sealed cycles: the edition that a target is meant for, put beside what was published before and never over it.

A target's layout: `<service>/<cycle>/` with `<service>-<cycle>-<edition>.zip`, `bundle.sigstore.json`, `index.html` (the public report),
and `review.sigstore.json` once it was reviewed, in an auditor's target with the responses. What went
out before its review says so on the page and in `UNREVIEWED.txt`, for good.
One `published` entry per cycle, written when every target has it; whoever comes second finds it done.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agent import bundle
from agent.archive import Archive
from agent.assertion import REVIEW
from agent.canonical import decode, digest
from agent.edition import ENVELOPE
from agent.errors import AgentError, StoreError
from agent.journal import Entry, Journal
from agent.manifest import Tier
from agent.material import Opened
from agent.people import Publication
from agent.programme import Programme
from agent.reading import Loaded
from agent.steps import Life, lives
from agent.store import Folder, Store

PAGE = "public/report.html"
UNREVIEWED = "UNREVIEWED.txt"
UNFINISHED = ".unfinished"
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
    store: Store, journal: Journal, loaded: Loaded, now: datetime
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Publish every cycle that may be published; return the entries, and why others could not be (the next run tries again)."""
    made: list[Entry] = []
    troubles: list[str] = []
    for life in lives(journal.entries, now) if loaded.programme.publish else ():
        try:
            entry = _publish(store, journal, loaded, life, now)
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


class Shelf(Folder):
    """The target of a publication, written by put-if-absent only."""

    def temporary(self) -> Path:
        """A fresh path in a hidden folder, which no web server lists and no runner removes under another."""
        return Folder(self.root / UNFINISHED).temporary()


def shelf(folder: Path) -> Shelf:
    """The target that a programme names."""
    return Shelf(folder)


def _publish(store: Store, journal: Journal, loaded: Loaded, life: Life, now: datetime) -> Entry | None:
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
    body = {
        "service": life.service, "cycle": life.cycle, "manifest": sealed.body["manifest"], "reviewed": issue.reviewed,
        "late": step is not None and step.overdue(now),
        "targets": [_issue(store, loaded.beside(one.to), one, issue) for one in loaded.programme.publish],
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
            _put(shelf(loaded.beside(target["to"])), f"{issue.folder}/{name}", _sibling(store, issue, name))
    body = {"service": issue.life.service, "cycle": issue.life.cycle, "manifest": standing.body["manifest"]}
    return journal.append("amended", key, body, now)


def _issue(store: Store, folder: Path, publication: Publication, issue: Issue) -> dict[str, Any]:
    """Put one edition of a cycle into one target; what stands there already must be the same."""
    target = shelf(folder)
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
        digests = {one: _put(target, f"{issue.folder}/{one}", content) for one, content in files.items()}
        digests[name] = _cut(target, path, Tier(publication.edition), f"{issue.folder}/{name}")
    return {"to": publication.to, "edition": publication.edition, "files": dict(sorted(digests.items()))}


def page(report: bytes, *, marked: bool) -> bytes:
    """The public report as it is served: as it is sealed, or with the mark that nobody has reviewed it."""
    if not marked:
        return report
    start = report.index(b"<body")
    end = report.index(b">", start) + 1
    return report[:end] + BANNER + report[end:]


def _put(target: Folder, key: str, content: bytes) -> str:
    """Digest of what stands at the key now, which is what we meant to put there. `StoreError` if it is something else."""
    if target.put_if_absent(key, content) != content:
        raise StoreError(
            f"{target.root / key} holds something else; move it away, for nothing published is ever replaced"
        )
    return digest(content)


def _cut(target: Folder, sealed: Path, tier: Tier, key: str) -> str:
    """Put the edition into the target; return its digest."""
    temporary = target.temporary()
    try:
        bundle.cut(sealed, tier, temporary)
        made = _digest(temporary)
        if not target.place(temporary, key) and _digest(target.root / key) != made:
            raise StoreError(
                f"{target.root / key} holds something else; move it away, for nothing published is ever replaced"
            )
    finally:
        temporary.unlink(missing_ok=True)
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

"""Reviewing a sealed cycle: its deviations to read, and the signed answers to keep. The reviewer changes no result.

The order: the responses are put under a name that their digest gives; the envelope's put-if-absent is the commit point; a `reviewed`
entry writes it down. A review that was cut short in between is finished by typing it again.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from agent import assertion
from agent.answers import Response, Responses
from agent.archive import Archive
from agent.assertion import REVIEW, Approval, Assertion
from agent.canonical import decode, digest, encode
from agent.errors import UsageError
from agent.journal import Entry, Journal
from agent.keys import Signer
from agent.material import Past
from agent.report import Report
from agent.sealing import LARGEST_REPORT
from agent.steps import due_of
from agent.store import Store
from agent.version import version

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class SealedCycle:
    """A sealed cycle as a reviewer meets it."""

    past: Past
    report: Report

    @property
    def folder(self) -> str:
        """Its folder in the store."""
        return f"cycles/{self.past.service}/{self.past.cycle}"


def sealed_cycle(store: Store, journal: Journal, cycle: str, service: str | None) -> SealedCycle:
    """The sealed cycle of a service, which need not be named where there is one only. Raises `UsageError` if there is none."""
    found = [msgspec.convert(entry.body, Past) for entry in journal.of("sealed") if entry.body["cycle"] == cycle]
    named = [past for past in found if service in (None, past.service)]
    if not named:
        other = sorted(
            {entry.body["cycle"] for entry in journal.of("sealed") if service in (None, entry.body["service"])}
        )
        known = f"sealed are: {', '.join(other)}" if other else "nothing is sealed yet: type `starcadence run`"
        raise UsageError(f"no cycle {cycle}{f' of {service}' if service else ''} is sealed; {known}")
    if len(named) > 1:
        raise UsageError(f"give --service: {', '.join(past.service for past in named)}")
    past = named[0]
    key = f"cycles/{past.service}/{past.cycle}/bundle-{past.envelope}.zip"
    with store.local(key) as path, Archive.open(path) as archive:
        report = decode(archive.read("report.json", LARGEST_REPORT), Report, what=f"{key}: report.json")
    return SealedCycle(past=past, report=report)


def standing(journal: Journal, sealed: SealedCycle) -> Entry | None:
    """The cycle's review, if it stands."""
    return journal.find(f"reviewed/{sealed.past.service}/{sealed.past.cycle}")


def sign(
    store: Store, journal: Journal, sealed: SealedCycle, answers: tuple[Response, ...], *,
    reviewer: str, programme: Signer, own: Signer | None, now: datetime,
) -> Entry:  # fmt: skip
    """Sign the management assertion over a sealed cycle, or finish signing it; return its entry.

    `programme` is the key of the journal, `own` the reviewer's. Raises `UsageError` where another review stands, or nobody reviews.
    """
    if not reviewer.strip() or len(reviewer) > LONGEST_NAME:
        raise UsageError(f"who has reviewed it? Give --reviewer, a name of at most {LONGEST_NAME} characters")
    past = sealed.past
    if entry := standing(journal, sealed):
        raise UsageError(
            f"{past.service} {past.cycle} was reviewed by {entry.body['reviewer']} ({entry.at:%Y-%m-%d}); a review is never replaced"
        )
    given = Responses(
        service=past.service, cycle=past.cycle, manifest=past.manifest, reviewer=reviewer, answers=answers
    )
    data = encode(given)
    proven = own is not None and own.fingerprint != programme.fingerprint
    approval: Approval = "proven" if proven else "declared"
    signer = own if own is not None and proven else programme
    said = Assertion(
        service=past.service, cycle=past.cycle, envelope=past.envelope, reviewer=reviewer, approval=approval,
        key=signer.public_key.pem if proven else None, at=now, responses=digest(data), deviations=len(answers),
        disputed=sum(one.disputed_because is not None for one in answers), words=assertion.WORDS, tool=f"starcadence {version()}",
    )  # fmt: skip
    store.put_if_absent(f"{sealed.folder}/responses-{said.responses}.json", data)
    content = store.put_if_absent(f"{sealed.folder}/{REVIEW}", assertion.seal(past.manifest, said, signer))
    entry = _write_down(journal, past, content, now)
    if entry.body["responses"] != said.responses:
        raise UsageError(
            f"another review stood already, by {entry.body['reviewer']}: it counts, and yours was not taken"
        )
    return entry


def _write_down(journal: Journal, past: Past, content: bytes, now: datetime) -> Entry:
    """The journal's entry of the review that stands."""
    found = assertion.parse(content)
    said = found.said
    due = due_of(journal.entries, past.service, past.cycle, "reviewed", now)
    body = {
        "service": past.service, "cycle": past.cycle, "manifest": past.manifest, "review": digest(content),
        "responses": said.responses, "reviewer": said.reviewer, "approval": said.approval, "key": found.fingerprint,
        "deviations": said.deviations, "disputed": said.disputed, "late": due is not None and now > due,
    }  # fmt: skip
    return journal.append("reviewed", f"reviewed/{past.service}/{past.cycle}", body, now)

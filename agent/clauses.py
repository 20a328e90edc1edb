"""The rows of `specifications.csv`, out of a sealed bundle: the evidence that a crosswalk reads the other way."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.archive import Archive
from agent.edition import ENVELOPE, Edition, read
from agent.envelope import MAX_ENVELOPE, parse
from agent.errors import UsageError, VerificationError
from agent.surroundings import committed
from controls.ccm import Version, release
from controls.crosswalk_results import Evidence
from controls.tally import Result

MEMBERS = ("specifications.csv", "public/specifications.csv")
"""The auditor's first: the public one has the same rows."""
LARGEST = 1 << 24
NEEDED = ("specification", "committed", "basis", "reach", "result")


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What one bundle says of every specification."""

    path: Path
    service: str
    cycle: str
    end: datetime
    interim: bool
    simulated: bool
    ccm: str
    """The release: `4.1.0`."""
    edition: str
    rows: tuple[Evidence, ...]

    @property
    def version(self) -> Version:
        """The CCM version that it is judged by."""
        return release(self.ccm)


def sealed(path: Path) -> Sealed:
    """Read one bundle, its members held against its manifest; whose signature it carries is for `verify` to say.

    Raises `UsageError` for what cannot be read, `VerificationError` for what is not what its manifest says.
    """
    with Archive.open(path) as archive:
        edition = read(archive)
        said = parse(archive.read(ENVELOPE, MAX_ENVELOPE)).statement
        if said.manifest != edition.manifest_digest:
            raise VerificationError(f"{path}: what was signed is another manifest than the one in this bundle")
        predicate = said.predicate
        return Sealed(
            path=path, service=predicate.service, cycle=predicate.cycle, end=predicate.end, interim=predicate.interim,
            simulated=predicate.simulated, ccm=predicate.ccm, edition=str(edition.tier), rows=tuple(_rows(edition, path)),
        )  # fmt: skip


def newest(folder: Path, service: str | None = None) -> tuple[Sealed, ...]:
    """The newest sealed bundle of each service (or of one) in a store's folder, by service. `UsageError` where there is none."""
    last: dict[str, Path] = {}
    for path in committed(folder):  # sorted, so that a service's newest cycle comes last
        last[path.parent.parent.name] = path
    if service is not None and service not in last:
        raise UsageError(f"{folder} holds no sealed cycle of {service}; it has {', '.join(last)}")
    return tuple(sealed(path) for name, path in last.items() if service in {None, name})


def _rows(edition: Edition, path: Path) -> Iterator[Evidence]:
    name = next((one for one in MEMBERS if one in edition.tiers), None)
    if name is None:
        raise UsageError(f"{path}: this bundle holds no {MEMBERS[0]}")
    rows = csv.DictReader(io.StringIO(edition.read(name, LARGEST).decode("utf-8", "replace")))
    if missing := [column for column in NEEDED if column not in (rows.fieldnames or ())]:
        raise VerificationError(f"{path}: its {name} has no column {', '.join(missing)}")
    for row in rows:
        yield Evidence(
            specification=row["specification"], committed=row["committed"] == "yes", basis=row["basis"], reach=row["reach"],
            result=_result(row["result"]) if row["committed"] == "yes" else None,
        )  # fmt: skip


def _result(text: str) -> Result:
    """A result as it is written; a word that we do not know shows nothing."""
    return next((one for one in Result if one.value == text), Result.NOT_SHOWN)

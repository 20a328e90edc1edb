"""Reading the programme: the file and the approved exceptions beside it, with every fault of all of them at once."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent import canonical, places, rules, scoping
from agent.approval import Folder, approved
from agent.dossier import Desk, read_desk, trace
from agent.errors import StoreError, UsageError
from agent.logs import logger
from agent.places import is_address
from agent.programme import ApprovedException, Programme
from agent.rules import VARIABLE, external_id_is_taken, faults
from agent.shape import convert
from agent.stores.remote import Unanswered
from agent.strict import Document, Fault, Refusal, read, read_file
from agent.units import duration

if TYPE_CHECKING:
    from agent.packs import Pack

NAMED_BY = "STARCADENCE_PROGRAMME"
DEFAULT = Path("programme.yaml")
EXCEPTIONS = ("approved_exceptions",)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A programme without faults, and the approved exceptions as they stand now."""

    programme: Programme
    """With the external id taken from the environment where it says so."""
    digest: str
    """sha256 of the file's canonical values before anything is taken from the environment: comments and order do not count."""
    path: Path
    exceptions: tuple[ApprovedException, ...]
    """Sorted by id."""
    exceptions_digest: str
    """sha256 of their canonical values, sorted by id."""
    ignored: tuple[str, ...] = ()
    """Files beside the approved exceptions and the records that were not read: one line each, to be said on stderr."""
    packs: "tuple[Pack, ...]" = ()
    """Packs of others' checks as they lie there now, by id."""
    desk: Desk = field(default_factory=Desk)
    """Records, registers and suppliers as they lie in their folders now."""

    def beside(self, name: str) -> Path:
        """A path that the programme writes, seen from its file."""
        return self.path.parent / name

    @property
    def store(self) -> str:
        """The address of the store: the path of a folder, or of a bucket."""
        address = self.programme.store
        return address if is_address(address) else str(self.beside(address))

    @property
    def key(self) -> Path:
        """The file of the signing key."""
        return self.beside(self.programme.signing.key)

    @property
    def salt_key(self) -> Path:
        """The file of the salt key."""
        return self.beside(self.programme.signing.salt_key)


def locate(option: str | os.PathLike[str] | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The programme's path: the option, else `STARCADENCE_PROGRAMME`, else `./programme.yaml`. `UsageError` if nothing stands there."""
    named = os.fspath(option) if option else environment.get(NAMED_BY)
    path = Path(named) if named else DEFAULT
    if path.is_file():
        return path
    source = (
        "--programme" if option else NAMED_BY if named else "neither --programme nor STARCADENCE_PROGRAMME is given"
    )
    said = f"({source})" if named else f"here, and {source}"
    raise UsageError(f"there is no programme at {path} {said}; name one, or type `starcadence init` to write one")


def load(path: Path, *, environment: Mapping[str, str] = os.environ, checks: Collection[str] | None = None) -> Loaded:
    """Read a programme and its approved exceptions. Raises `ProgrammeError` with every fault of all the files.

    `checks` are the names that exceptions may speak of; those of the catalogue where none are given.
    """
    document = read_file(path)
    meant = partial(external_id_is_taken, environment=environment)
    found = faults(document, Programme, (*rules.RULES, *places.RULES, *scoping.RULES, meant))
    packed, unpacked = _packs(document, path.parent)
    theirs = tuple(check.name for one in packed for check in one.checks)
    folder = _folder(document, path.parent, None if checks is None else (*checks, *theirs), theirs)
    desk = read_desk(document, path.parent, lambda: _with(_known(), theirs) if checks is None else (*checks, *theirs))
    if found or folder.faults or desk.faults or unpacked:
        raise Refusal(*found, *folder.faults, *desk.faults, *unpacked)
    return Loaded(
        programme=_substituted(convert(document, Programme), environment),
        digest=canonical.digest(canonical.encode(document.value)),
        path=path,
        exceptions=folder.exceptions,
        exceptions_digest=canonical.digest(canonical.encode(folder.values)),
        ignored=(*folder.ignored, *desk.ignored),
        desk=desk,
        packs=packed,
    )


def fresh(loaded: Loaded) -> Desk:
    """The papers as they lie in their folders now, for a process that lives on: read again only if a file was written, came or went.

    Where they have faults now, or a bucket does not answer, those that were read last stand, and the log says so: a paper never ends
    the cadence.
    """
    try:
        document = read_file(loaded.path)
        if trace(document, loaded.path.parent) == loaded.desk.trace:
            return loaded.desk
        theirs = tuple(check.name for one in loaded.packs for check in one.checks)
        desk = read_desk(document, loaded.path.parent, lambda: _with(_known(), theirs))
    except Refusal as refusal:
        desk = Desk(faults=refusal.found)
    except (StoreError, Unanswered) as error:
        desk = Desk(away=(str(error),))
    if desk.faults or desk.away:
        words = [*(str(fault) for fault in desk.faults), *desk.away]
        logger(__name__).error("papers cannot be read; the last ones stand", faults=words)
        return loaded.desk
    return desk


def faults_of(data: bytes, name: str) -> tuple[str, ...]:
    """Every fault of a programme's text alone, without environment and exceptions; empty where there is none."""
    try:
        found = faults(read(data, name), Programme, (*rules.RULES, *places.RULES, *scoping.RULES))
    except Refusal as refusal:
        return refusal.faults
    return Refusal(*found).faults


def _packs(document: Document, beside: Path) -> "tuple[tuple[Pack, ...], list[Fault]]":
    """The packs that it names, and every fault of them; nothing of the language is loaded where it names none."""
    wrong: list[Fault] = []
    if document.value is None or not document.at(list, "packs"):
        return (), wrong
    from agent.packs import packs

    return packs(document, beside, wrong), wrong


def _folder(document: Document, beside: Path, checks: Collection[str] | None, theirs: Collection[str]) -> Folder:
    name = document.at(str, *EXCEPTIONS)
    if not name or not name.strip() or is_address(name):  # faults of their own
        return Folder()
    try:
        return approved(beside / name, lambda: _with(_known(), theirs) if checks is None else checks)
    except OSError as error:
        words = f"{name} cannot be read as a folder ({error.strerror}); make it, or remove the key"
        return Folder(faults=(document.fault(EXCEPTIONS, f"approved_exceptions: {words}"),))


def _with(known: Collection[str], theirs: Collection[str]) -> Collection[str]:
    from agent.plugins import Named

    return Named((*known, *theirs))


def _known() -> Collection[str]:
    from agent.plugins import Named
    from controls.catalogue import CHECKS

    return Named(check.name for check in CHECKS)


def _substituted(programme: Programme, environment: Mapping[str, str]) -> Programme:
    """The programme with its external id, with levels as text, and with sweeps as often as its most demanding objective asks."""
    services = tuple(replace(service, level=str(service.level)) for service in programme.services)
    aws = programme.scope.aws
    variable = VARIABLE.fullmatch(aws.external_id) if aws and aws.external_id else None
    if aws and variable:
        aws = replace(aws, external_id=environment[variable[1]])
    cadence = replace(programme.cadence, sweep_every=_shortest(programme))
    return replace(programme, services=services, cadence=cadence, scope=replace(programme.scope, aws=aws))


def _shortest(programme: Programme) -> str:
    asked = (one.sweep_every for service in programme.services for one in service.specifications.values())
    return min((programme.cadence.sweep_every, *(one for one in asked if one)), key=duration)

"""What CSA's files say of one CCM version, and the folder in which a user keeps it: never the package, never a bundle."""

import tempfile
from pathlib import Path

import msgspec

from agent.errors import UsageError
from controls import ccm
from controls.crosswalk import Confidence

FOLDER = "csa"
"""Beside the programme file, unless another is named."""


class Mapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The clauses of one framework that CSA maps a specification to."""

    clauses: tuple[str, ...]
    confidence: Confidence = "medium"
    """By CSA's gap level: none is high, partial medium, full low; medium where the file says none."""


class Framework(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One framework of CSA's mapping."""

    name: str
    """As CSA writes it."""
    mapped: dict[str, Mapped]
    """By specification."""


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of the CAIQ."""

    specification: str
    text: str


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that was read."""

    name: str
    digest: str
    """sha256 of its bytes."""


class Library(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that was imported for one CCM version."""

    version: ccm.Version
    sources: tuple[Source, ...] = ()
    texts: dict[str, str] = {}
    """Specification -> CSA's own words."""
    questions: dict[str, Question] = {}
    """CAIQ question id -> question."""
    metrics: dict[str, str] = {}
    """CSA metric id -> CSA's description of it."""
    mappings: dict[str, Framework] = {}
    """Our framework id, or one made of its name -> what CSA maps."""

    @property
    def empty(self) -> bool:
        """Nothing was found."""
        return not (self.texts or self.questions or self.metrics or self.mappings)


def merged(before: Library, after: Library) -> Library:
    """Both together; what was read last wins, name by name."""
    sources = {one.name: one for one in (*before.sources, *after.sources)}
    return Library(
        version=after.version, sources=tuple(sources[name] for name in sorted(sources)), texts={**before.texts, **after.texts},
        questions={**before.questions, **after.questions}, metrics={**before.metrics, **after.metrics},
        mappings={**before.mappings, **after.mappings},
    )  # fmt: skip


def load(folder: Path, version: ccm.Version) -> Library | None:
    """What a folder holds for a version; `None` if nothing was imported. Raises `UsageError` for a file that is not ours."""
    path = folder / f"{version}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Library)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"{path}: not what `starcadence catalog import` writes ({error}); import CSA's file again"
        ) from None


def keep(folder: Path, library: Library) -> Path:
    """Write a library into its folder, in one step. Raises `UsageError` where that cannot be."""
    path = folder / f"{library.version}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(msgspec.json.format(msgspec.json.encode(library, order="sorted"), indent=1))
        Path(file.name).replace(path)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}); name another folder (--folder)") from None
    return path

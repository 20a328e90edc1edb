"""botocore's models of the services, without the prose that makes half of them.

Without it, and decoded by msgspec, the models of all services that are read take half of the memory. botocore documents that one may bring
a file loader of one's own.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import Loader

PROSE = "documentation"
"""Key of what is written for people, wherever it stands. botocore looks for it, so it stays, empty; a member of that name is an object."""


class Terse:
    """Reads one file of botocore's data, as `botocore.loaders.JSONFileLoader` does."""

    def exists(self, file_path: str) -> bool:
        """There is such a file. `file_path` has no extension."""
        return _found(file_path) is not None

    def load_file(self, file_path: str) -> Any:
        """Its content; `None` if there is none."""
        found = _found(file_path)
        if found is None:
            return None
        data = found.read_bytes()
        return _terse(msgspec.json.decode(gzip.decompress(data) if found.suffix == ".gz" else data))


@cache
def models() -> Loader:
    """The loader, once per process: each other one would read the same again."""
    return Loader(file_loader=Terse())


def _found(path: str) -> Path | None:
    return next((file for file in (Path(f"{path}.json"), Path(f"{path}.json.gz")) if file.is_file()), None)


def _terse(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "" if key == PROSE and isinstance(inner, str) else _terse(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_terse(inner) for inner in value]
    return value

"""Google Cloud Storage and Azure Blob Storage, through obstore (extra `object-stores`): conditional puts, and the SDKs' own environment.

Credentials are found as obstore documents: Google's application default credentials, Azure's `AZURE_STORAGE_*` variables or workload
identity. Retention and keys are the bucket's or container's own settings here (`docs/store.md`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import AzureStore, GCSStore

from agent.errors import StoreError
from agent.stores.naming import media_type
from agent.stores.remote import Object, Unanswered

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

AT_ONCE = 64 * 1024 * 1024
"""Bytes of a file that are put in one conditional request; a larger one goes up in parts, to a name that only its own content has."""
YOUNG = timedelta(days=7)
"""An object that is referred to at this age is copied onto itself, so that `gc` finds it young."""
RETRIES: "RetryConfig" = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
REFUSED = re.compile(r"status code: (4(?!08|29)\d\d)")
"""A status by which the service says that asking again is of no use."""
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class Objects:
    """One prefix of one bucket or container."""

    def __init__(self, scheme: str, bucket: str, prefix: str, *, endpoint: str | None) -> None:
        """`endpoint`, where one is set, is plain HTTP only on this machine itself."""
        self.address = f"{scheme}://{bucket}/{prefix}".rstrip("/")
        plain = bool(endpoint) and str(endpoint).startswith(LOOPBACK)
        client: ClientConfig = {"allow_http": True} if plain else {}
        made = GCSStore if scheme == "gs" else AzureStore
        try:
            self._store: Any = made(bucket, prefix=prefix or None, client_options=client, retry_config=RETRIES)
        except (BaseError, ValueError) as error:
            raise StoreError(
                f"{self.address}: {_short(error)}; see docs/store.md for the environment that it needs"
            ) from error

    def read(self, key: str) -> bytes:
        """The bytes at a key."""
        with self._said(key):
            return bytes(obstore.get(self._store, key).bytes())

    def download(self, key: str, target: Path) -> None:
        """Write the bytes at a key to a file."""
        with self._said(key), target.open("wb") as file:
            for chunk in obstore.get(self._store, key):
                file.write(chunk)

    def written(self, key: str) -> datetime:
        """When the object was put."""
        with self._said(key):
            return obstore.head(self._store, key)["last_modified"]

    def create(self, key: str, data: bytes) -> bool:
        """Put bytes where nothing stands; False if something does."""
        try:
            with self._said(key):
                obstore.put(self._store, key, data, mode="create", attributes={"Content-Type": media_type(key)})
        except _Stands:
            return False
        return True

    def upload(self, key: str, source: Path) -> bool:
        """Put a file of any size where nothing stands; False if something does."""
        if source.stat().st_size <= AT_ONCE:
            return self.create(key, source.read_bytes())
        try:
            self.written(key)
        except KeyError:
            with self._said(key):
                obstore.put(self._store, key, source, use_multipart=True)
            return True
        return False

    def keep(self, key: str) -> None:
        """Make an old object younger. Retention is the bucket's own; where it forbids that, the object stays as old as it is."""
        if datetime.now(UTC) - self.written(key) > YOUNG:
            with suppress(StoreError, _Stands), self._said(key):
                obstore.copy(self._store, key, key)

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys that begin with a prefix."""
        with self._said():
            for batch in obstore.list(self._store, prefix or None):
                yield from (one["path"] for one in batch)

    def listed(self, prefix: str) -> Iterator[Object]:
        """What stands at keys that begin with a prefix. obstore lists folders: a part of a name is sought in its own."""
        folder, _, _ = prefix.rpartition("/")
        with self._said():
            for batch in obstore.list(self._store, folder or None):
                for one in batch:
                    if one["path"].startswith(prefix):
                        mark = f"{one['e_tag']} {one['last_modified'].isoformat()}"
                        yield Object(one["path"], mark, one["size"])

    def children(self, prefix: str) -> Iterator[str]:
        """Names up to the next `/` after a prefix."""
        with self._said():
            found = obstore.list_with_delimiter(self._store, prefix or None)
        yield from (one["path"].removeprefix(prefix) for one in found["objects"])
        yield from (one.removeprefix(prefix).rstrip("/") for one in found["common_prefixes"])

    def delete(self, key: str) -> None:
        """Remove an object, if it stands."""
        try:
            with self._said(key):
                obstore.delete(self._store, key)
        except KeyError:
            return

    def ready(self) -> None:
        """The bucket answers."""
        with self._said():
            for _ in obstore.list(self._store, "journal", chunk_size=1):
                return

    @contextmanager
    def _said(self, key: str = "") -> Iterator[None]:
        """Turn what obstore raises into what a bucket may raise."""
        try:
            yield
        except FileNotFoundError as error:
            if key:
                raise KeyError(key) from None
            raise StoreError(f"{self.address}: {_short(error)}; make the bucket or container first") from error
        except (AlreadyExistsError, PreconditionError):
            raise _Stands from None
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise StoreError(
                f"{self.address}/{key}: {_short(error)}; give this identity the permissions that docs/store.md lists"
            ) from error
        except BaseError as error:
            refused = REFUSED.search(str(error))
            if refused is None:
                raise Unanswered(_short(error)) from error
            remedy = "make the bucket or container first" if refused[1] == "404" else "see what it says of this status"
            raise StoreError(f"{self.address}/{key}: {_short(error)}; {remedy}") from error


class _Stands(Exception):
    """Something stands at the key."""


def _short(error: Exception) -> str:
    """The first line of what obstore says; what follows is for its own developers."""
    return str(error).partition("\n")[0][:300]

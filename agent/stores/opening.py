"""Opening the store that an address names, with its options; the SDK it needs is loaded here and nowhere before."""

import os
from pathlib import Path

from agent.errors import StoreError, UsageError
from agent.programme import StoreOptions
from agent.store import Folder, Store
from agent.stores.naming import REMOTE
from agent.stores.remote import Bucket, Remote

ENDPOINTS = {"gs": ("GOOGLE_BASE_URL",), "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")}


def open_store(address: str, options: StoreOptions | None = None) -> Store:
    """The store at an address. `UsageError` for options that it cannot have, `StoreError` if what it needs is not installed."""
    options = options or StoreOptions()
    found = REMOTE.fullmatch(address)
    scheme, bucket, prefix = found.groups(default="") if found else ("", "", "")
    if scheme != "s3" and options != StoreOptions():
        raise UsageError(
            f"{address}: store_options are for s3:// stores; remove them, and set retention and keys where the data lies (docs/store.md)"
        )
    if not found:
        return Folder(Path(address))
    return Remote(_bucket(scheme, bucket, prefix.strip("/"), options, address))


def open_bucket(address: str) -> tuple[Bucket, str]:
    """The whole bucket that an address names, to be read, and the prefix that it names there; which `naming.is_remote` knows."""
    found = REMOTE.fullmatch(address)
    if found is None:
        raise UsageError(f"{address} names no bucket: write s3://, gs:// or az://, the bucket, and a prefix")
    scheme, bucket, prefix = found.groups(default="")
    return _bucket(scheme, bucket, "", StoreOptions(), address), prefix.strip("/")


def _bucket(scheme: str, bucket: str, prefix: str, options: StoreOptions, address: str) -> Bucket:
    if scheme == "s3":
        from agent.stores.s3 import S3

        return S3(bucket, prefix, options)
    try:
        from agent.stores.objects import Objects
    except ImportError as error:
        raise StoreError(f"{address} needs obstore: pip install 'starcadence[object-stores]'") from error
    endpoint = next((os.environ[name] for name in ENDPOINTS[scheme] if name in os.environ), None)
    return Objects(scheme, bucket, prefix, endpoint=endpoint)

"""Hosts of Google Cloud's own endpoints."""

import os
from urllib.parse import urlsplit

HOST = "cloudasset.googleapis.com"
SUFFIX = ".googleapis.com"
OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDASSET"
"""Where gcloud takes another endpoint of Cloud Asset Inventory from, such as Private Service Connect's; so do we."""


def is_provider_host(host: str) -> bool:
    """The host is one of Google's own endpoints; what is read elsewhere is marked SIMULATED."""
    return host.partition(":")[0].lower().endswith(SUFFIX)


def endpoint() -> tuple[str, bool]:
    """Host (with its port where one is named) to ask, and whether over TLS; only `http` on the machine itself goes without."""
    named = urlsplit(os.environ.get(OVERRIDE, ""))
    if not named.netloc:
        return HOST, True
    plain = named.scheme == "http" and named.hostname in {"127.0.0.1", "::1", "localhost"}
    return named.netloc.rpartition("@")[2].lower(), not plain

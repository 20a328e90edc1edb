"""The connections that questions go over. Imported where the first is opened, since `requests` takes its time."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter


class Connections(requests.Session):
    """One pool for both services, `most` wide. What the environment says of a host (proxies, certificates) is looked up once.

    requests would look it up for every request, which costs more than a page's reading. A `.netrc` is not read at all: what it says of
    a host would replace the token.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.trust_env = False
        self._environment = requests.Session()
        self._known: dict[tuple[Any, ...], Any] = {}
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(pool_maxsize=most, max_retries=0))

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """As requests', for the host. Nobody names proxies for one request only."""
        key = (urlsplit(url).netloc, stream, verify, cert)
        if key not in self._known:
            self._known[key] = self._environment.merge_environment_settings(url, proxies, stream, verify, cert)
        found = self._known[key]
        return {**found, "proxies": dict(found["proxies"])}

"""Handing metrics to a Pushgateway at the end of a run, for jobs that are gone before anybody could scrape them."""

from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import basic_auth_handler, default_handler, push_to_gateway

from agent.errors import Incomplete, UsageError
from agent.health import Health, Samples

JOB = "starcadence"
PATIENCE = 10.0
"""Seconds."""


def push(url: str, health: Health, provider: str) -> None:
    """Put the snapshot in place of the last one, under this job and provider.

    A user and a password in the address are sent as basic authentication. `UsageError` for what is no address of a gateway;
    `Incomplete` where it does not take the metrics: what the run did stands all the same.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError("--push-gateway: write the address of a Pushgateway, e.g. https://pushgateway.example:9091")
    gateway = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    user, secret = parts.username or "", parts.password or ""

    def handler(url: str, method: str, timeout: float | None, headers: list[tuple[str, str]], data: bytes):  # type: ignore[no-untyped-def] # noqa: ANN202
        if not user:
            return default_handler(url, method, timeout, headers, data)
        return basic_auth_handler(url, method, timeout, headers, data, user, secret)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Samples(health))
    try:
        push_to_gateway(gateway, JOB, registry, grouping_key={"provider": provider}, timeout=PATIENCE, handler=handler)
    except (OSError, ValueError) as error:
        if isinstance(error, HTTPError):
            error.close()
        raise Incomplete(
            f"the Pushgateway at {parts.hostname} did not take the metrics: {error}; what the run did stands"
        ) from error

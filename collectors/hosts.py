"""Whether a host is some provider's own: what is read elsewhere is marked SIMULATED."""

from collectors.aws import places as aws
from collectors.azure import places as azure
from collectors.gcp import places as gcp

OWN = (aws.is_provider_host, gcp.is_provider_host, azure.is_provider_host)
"""Each cloud's own word for it."""


def is_provider_host(host: str) -> bool:
    """The host is one of a provider's own endpoints."""
    return any(own(host) for own in OWN)

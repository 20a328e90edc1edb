"""Partitions, regions and hosts of AWS, written down beside the SDK so that the guard does not trust what it guards.

Source: botocore's endpoints.json; `tests/collectors/aws/test_places.py` holds them against it.
"""

from urllib.parse import urlsplit

HOMES = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
    "aws-eusc": "eusc-de-east-1",
}
"""Where each partition's services that know no regions live, and where account-wide questions are asked."""
SECOND_HOMES = {"aws": "us-west-2", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-east-1"}
"""A region that every account of the partition has, for questions that any region answers alike."""
_OTHER_HOMES = {("aws-cn", service): "cn-northwest-1" for service in ("account", "cloudfront", "organizations")}
_PREFIXES = {
    "cn-": "aws-cn", "us-gov-": "aws-us-gov", "us-iso-": "aws-iso", "us-isob-": "aws-iso-b", "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f", "eu-isof-": "aws-iso-f", "eusc-": "aws-eusc",
}  # fmt: skip

GLOBAL_SERVICES = frozenset({"account", "cloudfront", "iam", "organizations"})
"""Services of ours that have one endpoint per partition."""

REAL_HOSTS = {
    "aws": ("amazonaws.com", "api.aws"),
    "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "aws-us-gov": ("amazonaws.com", "api.aws"),
    "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
    "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
    "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
}
"""DNS suffixes of AWS's own endpoints, by partition."""


def partition_of(region: str) -> str:
    """The partition that a region belongs to."""
    return next((partition for prefix, partition in _PREFIXES.items() if region.startswith(prefix)), "aws")


def home(partition: str, service: str = "") -> str:
    """The region whose endpoint answers for a whole partition, for one of `GLOBAL_SERVICES` or for account-wide questions."""
    return _OTHER_HOMES.get((partition, service)) or HOMES[partition]


def doors(partition: str, near: str | None) -> tuple[str, ...]:
    """Where to ask what every region answers alike (who we are, a role, which regions there are), best first: in the region that we are set
    to, which a private network may be all that it reaches; at home; and elsewhere, for the day on which home is down or closed.
    """
    wanted = (
        near if near and partition_of(near) == partition else "",
        home(partition),
        SECOND_HOMES.get(partition, ""),
    )
    return tuple(dict.fromkeys(one for one in wanted if one))


def is_provider_host(host: str) -> bool:
    """The host is one of AWS's own endpoints; what is read elsewhere is marked SIMULATED."""
    return any(_within(host, suffix) for suffixes in REAL_HOSTS.values() for suffix in suffixes)


def is_endpoint(host: str, *, region: str, service: str) -> bool:
    """The host is AWS's own and serves that region: it names it, or it is the one of a service that knows no regions."""
    if not any(_within(host, suffix) for suffix in REAL_HOSTS[partition_of(region)]):
        return False
    return region in host.split(".") or (service in GLOBAL_SERVICES and region == home(partition_of(region), service))


def host_of(url: str) -> str:
    """Host and, where one is given, port of a URL, in lower case."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _within(host: str, suffix: str) -> bool:
    return host.partition(":")[0].lower().endswith(f".{suffix}")

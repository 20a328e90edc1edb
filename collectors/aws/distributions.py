"""Distributions of CloudFront that are switched on. A distribution logs where its own setting says so (to a bucket, or in real time), or
where a delivery of CloudWatch Logs takes its access logs away.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import flag, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.aws.tls import Version, version
from collectors.collector import Item, Unseen, collector
from collectors.serving import Endpoint

GONE = ("NoSuchDistribution",)
PARTITIONS = frozenset({"aws", "aws-cn"})
"""Where there is a CloudFront."""
REFUSES_PLAIN = frozenset({"https-only", "redirect-to-https"})


@collector(
    "aws.distributions",
    sees=Endpoint,
    kinds=("content delivery",),
    learns=("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged"),
    redacts=("HeaderValue",),  # what tells CloudFront's own requests from others at an origin
    grants=(
        "cloudfront:ListDistributions", "cloudfront:GetDistributionConfig", "logs:DescribeDeliverySources", "logs:DescribeDeliveries",
        "tag:GetResources",
    ),
    where="account",
)  # fmt: skip
class Distributions:
    """Every distribution of the account that is switched on."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `ListDistributions`, whose pages lie in an object of their own."""
        marker: str | None = "" if session.partition in PARTITIONS else None
        met: set[str] = set()
        while marker is not None:
            asked: dict[str, Any] = {"Marker": marker} if marker else {}
            answer = session.ask("cloudfront.ListDistributions", **asked)
            page = None if answer is None else answer.get("DistributionList")
            if page is None or marker in met:
                raise Unseen("no list of distributions" if page is None else "a page that leads back to itself")
            met.add(marker)
            yield from (one for one in page.get("Items") or () if flag(one, "Enabled") is not False)
            marker = page.get("NextMarker") if page.get("IsTruncated") else None

    def describe(self, session: CellSession, item: Item) -> Endpoint:
        """Its configuration tells of logging; the summary tells the rest."""
        name = item["ARN"]
        answer = session.ask("cloudfront.GetDistributionConfig", gone=GONE, Id=item["Id"])
        firewall = item.get("WebACLId")
        return Endpoint(
            id=name, provider="aws", account=session.account, region="global", kind="content delivery", name=text(item, "DomainName"),
            tags=tags_of(session, name, "cloudfront:distribution"), managed_by="customer", public=True,
            transport_encrypted=encrypted(item), oldest_tls=oldest_tls(item.get("ViewerCertificate")),
            filtered=None if firewall is None else bool(firewall),
            access_logged=None if answer is None else logged(session, name, answer.get("DistributionConfig") or {}),
        )  # fmt: skip


def behaviors(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """How it serves paths, the default one first."""
    listed = [item.get("DefaultCacheBehavior"), *((item.get("CacheBehaviors") or {}).get("Items") or ())]
    return [one for one in listed if one is not None]


def encrypted(item: Mapping[str, Any]) -> bool | None:
    """Every path refuses plain connections, or redirects them."""
    said = [text(one, "ViewerProtocolPolicy") for one in behaviors(item)]
    if set(said) - REFUSES_PLAIN - {None}:
        return False
    return None if not said or None in said else True


def oldest_tls(certificate: Mapping[str, Any] | None) -> Version | None:
    """From the security policy's name, as `TLSv1.2_2021`; under CloudFront's own certificate it always takes TLS 1.0."""
    if flag(certificate, "CloudFrontDefaultCertificate"):
        return "1.0"
    return version((text(certificate, "MinimumProtocolVersion") or "").partition("_")[0])


def logged(session: CellSession, name: str, configuration: Mapping[str, Any]) -> bool | None:
    """By a setting of its own, or by a delivery."""
    own = flag(configuration.get("Logging"), "Enabled")
    if own or any(text(one, "RealtimeLogConfigArn") for one in behaviors(configuration)):
        return True
    delivered = deliveries(session, name)
    return True if delivered else None if None in {own, delivered} else False


def deliveries(session: CellSession, name: str) -> bool | None:
    """Some delivery takes its access logs somewhere."""
    found = session.among("logs.DescribeDeliverySources", "deliverySources", by="service", of="cloudfront")
    if found is None:
        return None
    sources = [
        one["name"] for one in found if name in one.get("resourceArns", ()) and text(one, "logType") == "ACCESS_LOGS"
    ]
    said = [
        session.among("logs.DescribeDeliveries", "deliveries", by="deliverySourceName", of=source) for source in sources
    ]
    return True if any(said) else None if None in said else False

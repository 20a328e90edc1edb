"""Certificates of ACM. Those that are still being validated, failed or were revoked are nobody's. A summary that tells no more than a
name, as in older regions, is completed by one call."""

from collections.abc import Iterator

from collectors.aws.elements import instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.collector import Item, collector
from collectors.serving import Certificate

TYPES = (
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
)  # fmt: skip
"""Types of keys: without them ACM lists certificates of RSA with 2048 bits only."""
ALGORITHMS = {"EC_prime256v1": "EC-P256", "EC_secp384r1": "EC-P384", "EC_secp521r1": "EC-P521"}
GONE = ("ResourceNotFoundException",)
STANDING = ("ISSUED", "INACTIVE", "EXPIRED")


@collector(
    "aws.certificates",
    sees=Certificate,
    kinds=("certificate",),
    learns=("expires", "renews", "algorithm"),
    grants=("acm:ListCertificates", "acm:DescribeCertificate", "tag:GetResources"),
    counted=("AWS::ACM::Certificate",),
    where="region",
)
class Certificates:
    """Every certificate of the account in the region that was issued or imported."""

    def list(self, session: CellSession) -> Iterator[Item]:
        """Elements of `ListCertificates`."""
        return session.pages(
            "acm.ListCertificates",
            "CertificateSummaryList",
            CertificateStatuses=list(STANDING),
            Includes={"keyTypes": list(TYPES)},
        )

    def describe(self, session: CellSession, item: Item) -> Certificate:
        """The summary tells all, or one call does."""
        name, said = item["CertificateArn"], whole(session, item)
        kind = text(said, "KeyAlgorithm")
        return Certificate(
            id=name, provider="aws", account=session.account, region=session.region, kind="certificate", name=text(item, "DomainName"),
            tags=tags_of(session, name, "acm:certificate"), managed_by="provider" if text(said, "ManagedBy") else "customer",
            created=instant(said, "CreatedAt"), expires=instant(said, "NotAfter"), renews=renews(said),
            algorithm=None if kind is None else ALGORITHMS.get(kind, kind.replace("_", "-")),
        )  # fmt: skip


def whole(session: CellSession, item: Item) -> Item:
    """The summary, or the description of a certificate of which the summary does not tell when it ends."""
    if "NotAfter" in item:
        return item
    answer = session.ask("acm.DescribeCertificate", gone=GONE, CertificateArn=item["CertificateArn"])
    return (answer or {}).get("Certificate") or {}


def renews(item: Item) -> bool | None:
    """ACM renews what it issued itself and what is eligible, which an unused certificate is not; it never renews an imported one."""
    kind, eligible = text(item, "Type"), text(item, "RenewalEligibility")
    if kind == "IMPORTED":
        return False
    return None if kind is None or eligible is None else eligible == "ELIGIBLE"

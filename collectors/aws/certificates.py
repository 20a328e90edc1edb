"""Certificates of ACM. Those that are still being validated, failed or were revoked are nobody's."""

from collections.abc import Iterator

from collectors.aws.elements import flag, instant, text
from collectors.aws.gathered import CellSession
from collectors.aws.tagging import tags_of
from collectors.collector import Item, collector
from collectors.serving import Certificate

TYPES = (
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
)  # fmt: skip
"""Types of keys: without them ACM lists certificates of RSA with 2048 bits only."""
ALGORITHMS = {"EC_prime256v1": "EC-P256", "EC_secp384r1": "EC-P384", "EC_secp521r1": "EC-P521"}
STANDING = ("ISSUED", "INACTIVE", "EXPIRED")


@collector(
    "aws.certificates",
    sees=Certificate,
    kinds=("certificate",),
    learns=("expires", "renews", "algorithm", "in_use"),
    grants=("acm:ListCertificates", "tag:GetResources"),
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
        """The summary tells all."""
        name, kind = item["CertificateArn"], text(item, "KeyAlgorithm")
        return Certificate(
            id=name, provider="aws", account=session.account, region=session.region, kind="certificate", name=text(item, "DomainName"),
            tags=tags_of(session, name, "acm:certificate"), managed_by="provider" if text(item, "ManagedBy") else "customer",
            created=instant(item, "CreatedAt"), expires=instant(item, "NotAfter"), renews=renews(item),
            algorithm=None if kind is None else ALGORITHMS.get(kind, kind.replace("_", "-")), in_use=flag(item, "InUse"),
        )  # fmt: skip


def renews(item: Item) -> bool | None:
    """ACM renews what it issued itself and what is eligible, which an unused certificate is not; it never renews an imported one."""
    kind, eligible = text(item, "Type"), text(item, "RenewalEligibility")
    if kind == "IMPORTED":
        return False
    return None if kind is None or eligible is None else eligible == "ELIGIBLE"

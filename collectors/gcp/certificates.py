"""Certificates for TLS: those of load balancers, and those of Certificate Manager. Google renews what it issued itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.collector import Item, collector
from collectors.gcp.elements import at, data, instant, labels, last, region, text
from collectors.gcp.session import GcpSession
from collectors.serving import Certificate

OF_BALANCERS, MANAGED = "compute.googleapis.com/SslCertificate", "certificatemanager.googleapis.com/Certificate"


@collector(
    "gcp.certificates",
    sees=Certificate,
    kinds=("certificate",),
    learns=("expires", "renews", "algorithm"),
    redacts=("privateKey", "pemPrivateKey"),
    grants=("cloudasset.assets.listResource",),
    where="account",
)
class Certificates:
    """Every certificate of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of both kinds."""
        yield from session.assets(OF_BALANCERS)
        yield from session.assets(MANAGED)

    def describe(self, session: GcpSession, item: Item) -> Certificate:
        """The asset, and the certificate in it."""
        said = data(item)
        shown = next(filter(None, (text(said, *way) for way in PLACES)), None)
        return Certificate(
            id=item["name"], provider="gcp", account=session.account, region=region(item, "region"), kind="certificate",
            name=last(text(said, "name")), tags=labels(said), managed_by="customer",
            created=instant(said, "creationTimestamp") or instant(said, "createTime"), expires=instant(said, "expireTime"),
            renews=renews(said), algorithm=algorithm(shown) if shown else None,
        )  # fmt: skip


PLACES = (("certificate",), ("pemCertificate",), ("selfManaged", "pemCertificate"), ("selfManaged", "certificate"))
"""Where the public part stands."""


def renews(said: Mapping[str, Any]) -> bool:
    """Google issued it."""
    return text(said, "type") == "MANAGED" or at(said, "managed") is not None


def algorithm(pem: str) -> str | None:
    """Family and size of the key in the first certificate: `RSA-2048`, `EC-P256`; `None` for what is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    try:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    except ValueError:
        return None
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC-P{key.key_size}" if key.curve.name.startswith("secp") and key.curve.name.endswith("r1") else None
    return "EC-ED25519" if isinstance(key, ed25519.Ed25519PublicKey) else None

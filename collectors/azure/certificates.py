"""Certificates of App Service. Those of key vaults are in the data plane, which is not asked."""

from collections.abc import Iterator

from collectors.azure.elements import header, instant, properties, text
from collectors.collector import Item, Session, collector
from collectors.serving import Certificate


@collector(
    "azure.certificates",
    sees=Certificate,
    kinds=("certificate",),
    learns=("expires", "renews"),
    moves=("keyVaultSecretStatus",),
    redacts=("password", "pfxBlob", "cerBlob"),
    grants=("Microsoft.ResourceGraph/resources/read", "Microsoft.Web/certificates/read"),
    where="account",
)
class Certificates:
    """Every certificate that apps of the subscription use."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        return session.pages("graph.Certificates", "data")

    def describe(self, session: Session, item: Item) -> Certificate:
        """The row tells all. Azure renews those that it made for a domain; those from a vault follow the vault."""
        known = properties(item)
        return Certificate(
            **header(session, item), kind="certificate", created=instant(known, "issueDate"), expires=instant(known, "expirationDate"),
            renews=None if known is None else bool(text(known, "canonicalName")),
        )  # fmt: skip

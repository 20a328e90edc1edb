"""Secrets of key vaults, through Resource Manager, which gives their attributes and never their values.

An item is a secret as it was listed, with its vault's row beside it under `vault`.
"""

from collections.abc import Iterator

from collectors.azure.elements import flag, header, inner, properties
from collectors.azure.keys import expires, moment, open_policy
from collectors.collector import Item, Session, collector
from collectors.serving import Secret


@collector(
    "azure.secrets",
    sees=Secret,
    kinds=("secret",),
    learns=("renews", "rotated", "expires", "open_policy"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.KeyVault/vaults/read",
        "Microsoft.KeyVault/vaults/secrets/read",
    ),
    where="account",
)
class Secrets:
    """Every secret that is not switched off."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of each vault's listing."""
        for vault in session.pages("graph.SecretVaults", "data"):
            for secret in session.pages("arm.Secrets", "value", id=vault["id"]):
                if flag(inner(secret, "properties", "attributes"), "enabled") is not False:
                    yield {**secret, "vault": vault}

    def describe(self, session: Session, item: Item) -> Secret:
        """The element tells all. Attributes are those of the newest version; Key Vault makes no new one by itself."""
        attributes = inner(properties(item), "attributes")
        made = moment(attributes, "created")
        return Secret(
            **header(session, {"location": item["vault"].get("location"), **item}), kind="secret", created=made, rotated=made,
            renews=None if attributes is None else False, expires=expires(attributes),
            open_policy=open_policy(item["vault"]),
        )  # fmt: skip

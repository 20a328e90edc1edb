"""Who holds the key that encrypts something, where its id alone does not tell.

The keys that AWS manages in an account look like any other of the account; what tells them apart is their alias: each has one that begins
with `alias/aws/`, and nobody else can make such an alias (KMS developer guide, "Aliases").
"""

from typing import Any

from collectors.aws.elements import Holder, key_held_by, text
from collectors.aws.gathered import CellSession

RESERVED = "alias/aws/"


def holder(
    session: CellSession, *, encrypted: bool | None, key: str | None, region: str | None = None
) -> Holder | None:
    """Whose key it is; the aliases of the region are read once for the cell. `key` is an ARN, an id or an alias of KMS."""
    told = key_held_by(encrypted=encrypted, key=key, account=session.account)
    if told is not None or not encrypted or key is None:
        return told
    if ":alias/" in key or key.startswith("alias/"):
        return "customer"
    elsewhere: dict[str, Any] = {} if region is None else {"region": region}
    aliases = session.among("kms.ListAliases", "Aliases", by="TargetKeyId", of=key.rpartition("/")[2], **elsewhere)
    names = [None] if aliases is None else [text(one, "AliasName") for one in aliases]
    if None in names:
        return None
    return "provider" if any(name.startswith(RESERVED) for name in names if name) else "customer"

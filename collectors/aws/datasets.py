"""Databases of Glue's data catalogue: what is known of data, and not the data, which lies in its own stores.

Whether it is encrypted, under whose key, and who is let in from outside is set for the whole catalogue of a region. A link to a database
of another account is none of this one's. Lake Formation lists nothing that it keeps from the role which looks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import Holder, arn, instant, text
from collectors.aws.exposure import public
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.reach import rules_of
from collectors.aws.tagging import mapped
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

ABSENT = ("EntityNotFoundException",)
ENCRYPTED = {"DISABLED": False, "SSE-KMS": True, "SSE-KMS-WITH-SERVICE-ROLE": True}
TOLD = ["NAME", "TARGET_DATABASE"]
"""What the listing is asked for; the rest is asked of each."""


@collector(
    "aws.datasets",
    sees=DataStore,
    kinds=("dataset",),
    learns=("encrypted", "key_held_by", "public"),
    grants=(
        "glue:GetDatabases", "glue:GetDatabase", "glue:GetTags", "glue:GetDataCatalogEncryptionSettings", "glue:GetResourcePolicy",
        "kms:ListAliases",
    ),
    counted=("AWS::Glue::Database",),
    where="region",
)  # fmt: skip
class Datasets:
    """Every database of the account's own catalogue in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Names from `GetDatabases`."""
        found = session.pages("glue.GetDatabases", "DatabaseList", AttributesToGet=TOLD)
        return (one for one in found if not one.get("TargetDatabase"))

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """Two calls for each database, whose tags are told to nobody who may not read it; the catalogue's settings are read once."""
        name = item["Name"]
        own = arn(session, "glue", f"database/{name}")
        database = (session.ask("glue.GetDatabase", gone=ABSENT, Name=name) or {}).get("Database")
        labels = session.ask("glue.GetTags", gone=ABSENT, ResourceArn=own) if database else None
        settings = at_rest(session)
        encrypted = ENCRYPTED.get(text(settings, "CatalogEncryptionMode") or "")
        policy = session.common("glue.GetResourcePolicy", absent=ABSENT)
        rules = learned(policy, lambda known: rules_of(known.get("PolicyInJson")) if known else ())
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="dataset", name=name,
            tags=mapped((labels or {}).get("Tags")), managed_by="customer", created=instant(database, "CreateTime"), encrypted=encrypted,
            key_held_by=held_by(session, settings, encrypted=encrypted), public=learned(rules, public),
        )  # fmt: skip


def at_rest(session: CellSession) -> Mapping[str, Any] | None:
    """How the catalogue is encrypted."""
    answer = session.common("glue.GetDataCatalogEncryptionSettings") or {}
    found: Mapping[str, Any] | None = (answer.get("DataCatalogEncryptionSettings") or {}).get("EncryptionAtRest")
    return found


def held_by(session: CellSession, settings: Mapping[str, Any] | None, *, encrypted: bool | None) -> Holder | None:
    """Whose key encrypts the catalogue."""
    return holder(session, encrypted=encrypted, key=text(settings, "SseAwsKmsKeyId"))

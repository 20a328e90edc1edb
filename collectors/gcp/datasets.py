"""BigQuery datasets."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from collectors.collector import Item, collector
from collectors.gcp import lineage
from collectors.gcp.buckets import by_policy
from collectors.gcp.elements import data, key_held_by, labels, parts, region, text, tri_any
from collectors.gcp.session import GcpSession
from collectors.resource import DataStore

DATASET = "bigquery.googleapis.com/Dataset"
ROLES = ("roles/bigquery.", "roles/viewer", "roles/editor", "roles/owner")


@collector(
    "gcp.datasets",
    sees=DataStore,
    kinds=("dataset",),
    learns=("encrypted", "key_held_by", "public"),
    grants=("cloudasset.assets.listResource", "cloudasset.assets.listIamPolicy"),
    where="account",
)
class Datasets:
    """Every BigQuery dataset of the project."""

    def list(self, session: GcpSession) -> Iterator[Item]:
        """Assets of datasets."""
        return session.known(DATASET)

    def describe(self, session: GcpSession, item: Item) -> DataStore:
        """The asset, its access entries, and the IAM policies above."""
        if "resource" not in item:
            return by_its_policy(session, item)
        dataset = data(item)
        own = session.policy(item)
        ways = (
            None if own is None else lineage.public(own),
            open_access(dataset),
            lineage.public_above(session, item, ROLES),
        )
        return DataStore(
            id=item["name"], provider="gcp", account=session.account, region=region(item), kind="dataset",
            name=text(dataset, "datasetReference", "datasetId"), tags=labels(dataset), managed_by="customer", encrypted=True,
            key_held_by=key_held_by(text(dataset, "defaultEncryptionConfiguration", "kmsKeyName")), public=tri_any(ways),
        )  # fmt: skip


def by_its_policy(session: GcpSession, item: Item) -> DataStore:
    """One of which only the policy is listed: the inventory tells there who has access."""
    own = session.policy(item)
    ways = (None if own is None else lineage.public(own), lineage.public_above(session, item, ROLES))
    return msgspec.structs.replace(by_policy(session, item, "dataset"), public=tri_any(ways))


def open_access(dataset: Mapping[str, Any]) -> bool | None:
    """An access entry names everybody, by either of its two names for that; the inventory mostly tells it by the policy instead."""
    if not isinstance(dataset.get("access", []), list):
        return None
    entries = parts(dataset, "access")
    return any(lineage.PUBLIC & {text(entry, "specialGroup"), text(entry, "iamMember")} for entry in entries)

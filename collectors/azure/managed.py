"""Databases of SQL Managed Instance, each with the instance that it lies in.

An item is a database's row as it came, with its instance's row beside it under `instance`. An instance stands in a private network;
its public end point, where it is on, is guarded by that network's security group, which is not read here.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import flag, header, inner, instant, number, properties, said, switched, text
from collectors.azure.locks import GRANT, locked
from collectors.azure.session import AzureSession
from collectors.azure.sql import PROTECTORS
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore


@collector(
    "azure.managed_databases",
    sees=DataStore,
    kinds=("database",),
    learns=(
        "encrypted",
        "key_held_by",
        "public",
        "backup_days",
        "multi_zone",
        "private_only",
        "deletion_protected",
        "transport_encrypted",
    ),
    moves=("earliestRestorePoint",),
    redacts=("administratorLogin", "login"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Sql/managedInstances/read",
        "Microsoft.Sql/managedInstances/databases/read",
        "Microsoft.Sql/managedInstances/databases/transparentDataEncryption/read",
        "Microsoft.Sql/managedInstances/databases/backupShortTermRetentionPolicies/read",
        "Microsoft.Sql/managedInstances/encryptionProtector/read",
        GRANT,
    ),
    where="account",
)
class ManagedDatabases:
    """Every database of a managed instance."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph: instances first, since databases refer to them."""
        instances = {row["id"].lower(): row for row in session.pages("graph.ManagedInstances", "data")}
        for row in session.pages("graph.ManagedDatabases", "data"):
            yield {**row, "instance": instances.get(instance_of(row))}

    def describe(self, session: Session, item: Item) -> DataStore:
        """Encryption and retention of the database and the protector of its instance are asked for."""
        host = properties(item["instance"])
        encryption = properties(session.ask("arm.ManagedEncryption", id=item["id"]))
        backups = properties(session.ask("arm.ManagedBackups", id=item["id"]))
        outside = flag(host, "publicDataEndpointEnabled")
        return DataStore(
            **header(session, item), kind="database", created=instant(properties(item), "creationDate"),
            encrypted=said(encryption, "state", {"enabled": True, "disabled": False}), key_held_by=key_held_by(session, item),
            public=None if outside else outside, backup_days=number(backups, "retentionDays"), multi_zone=switched(host, "zoneRedundant"),
            private_only=None if outside is None else not outside, deletion_protected=locked(session, item["id"]),
            transport_encrypted=None if host is None else True,
        )  # fmt: skip


def instance_of(row: Mapping[str, Any]) -> str:
    """The id of the instance that a database's id names, in lower case."""
    return str(row["id"]).lower().rpartition("/databases/")[0]


def key_held_by(session: Session, item: Item) -> Any:
    """The instance's protector encrypts all of its databases."""
    answer = cast("AzureSession", session).ask_once("arm.ManagedProtector", id=instance_of(item))
    kind = text(inner(answer, "properties"), "serverKeyType")
    return PROTECTORS.get(kind.lower()) if kind else None

"""Databases of Azure SQL, each with the server that stands before it.

An item is a database's row as it came, with its server's row beside it under `server`. A server's `master` holds no data of the
customer's and is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from collectors.azure.elements import admits_everybody, flag, header, instant, listed, number, properties, said, text
from collectors.azure.locks import GRANT, locked
from collectors.azure.session import AzureSession
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

OPEN = {"enabled": True, "disabled": False, "securedbyperimeter": False}
CLOSED = {"enabled": False, "disabled": True, "securedbyperimeter": True}
PROTECTORS = {"servicemanaged": "provider", "azurekeyvault": "customer"}


@collector(
    "azure.sql",
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
    moves=("earliestRestoreDate", "pausedDate", "resumedDate"),
    redacts=("administratorLogin", "login"),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Sql/servers/read",
        "Microsoft.Sql/servers/databases/read",
        "Microsoft.Sql/servers/databases/transparentDataEncryption/read",
        "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read",
        "Microsoft.Sql/servers/encryptionProtector/read",
        "Microsoft.Sql/servers/firewallRules/read",
        GRANT,
    ),
    where="account",
)
class SqlDatabases:
    """Every database of a logical server, but `master`."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph: servers first, since databases refer to them."""
        servers = {row["id"].lower(): row for row in session.pages("graph.SqlServers", "data")}
        for row in session.pages("graph.SqlDatabases", "data"):
            if text(row, "name") != "master":
                yield {**row, "server": servers.get(server_of(row))}

    def describe(self, session: Session, item: Item) -> DataStore:
        """Encryption and retention of the database and the rules of its server are asked for."""
        known = properties(item)
        encryption = properties(session.ask("arm.SqlEncryption", id=item["id"]))
        backups = properties(session.ask("arm.SqlBackups", id=item["id"]))
        return DataStore(
            **header(session, item), kind="database", created=instant(known, "creationDate"),
            encrypted=said(encryption, "state" if "state" in (encryption or {}) else "status", {"enabled": True, "disabled": False}),
            public=public(session, item), backup_days=number(backups, "retentionDays"), multi_zone=flag(known, "zoneRedundant"),
            key_held_by=key_held_by(session, item, encryption), deletion_protected=locked(session, item["id"]),
            private_only=said(properties(item["server"]), "publicNetworkAccess", CLOSED),
            transport_encrypted=None if known is None else True,
        )  # fmt: skip


def key_held_by(session: Session, item: Item, encryption: Mapping[str, Any] | None) -> Any:
    """The server's protector encrypts all of its databases; a database with one of its own names it in its row."""
    if encryption is None:
        return None
    if text(properties(item), "encryptionProtector"):
        return "customer"
    protector = properties(cast("AzureSession", session).ask_once("arm.SqlProtector", id=server_of(item)))
    kind = text(protector, "serverKeyType")
    return PROTECTORS.get(kind.lower()) if kind else None


def server_of(row: Mapping[str, Any]) -> str:
    """The id of the server that a database's id names, in lower case."""
    return str(row["id"]).lower().rpartition("/databases/")[0]


def public(session: Session, item: Item) -> bool | None:
    """The server answers on the Internet, and its rules admit everybody, or every customer of Azure."""
    reachable = said(properties(item["server"]), "publicNetworkAccess", OPEN)
    return reachable if not reachable else open_rules(session, "arm.SqlFirewall", server_of(item))


def open_rules(session: Session, operation: str, server: str) -> bool | None:
    """A server's firewall rules admit everybody. Asked once for all databases of the server."""
    rules = listed(cast("AzureSession", session).ask_once(operation, id=server), "value")
    ranges = [(text(properties(one), "startIpAddress"), text(properties(one), "endIpAddress")) for one in rules or ()]
    known = [(first, last) for first, last in ranges if first and last]
    if rules is None or len(known) < len(ranges):
        return None
    return admits_everybody(known)

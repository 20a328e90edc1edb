"""Flexible servers of PostgreSQL and MySQL."""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.azure.elements import header, inner, instant, number, properties, said, text
from collectors.azure.locks import GRANT, locked
from collectors.azure.sql import CLOSED, OPEN, open_rules
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

HOLDERS = {"systemmanaged": "provider", "systemassigned": "provider", "azurekeyvault": "customer"}
STANDBY = {"zoneredundant": True, "samezone": False, "disabled": False}
PARAMETERS = {"microsoft.dbforpostgresql": "arm.PostgresTls", "microsoft.dbformysql": "arm.MysqlTls"}
FIREWALLS = {"microsoft.dbforpostgresql": "arm.PostgresFirewall", "microsoft.dbformysql": "arm.MysqlFirewall"}


@collector(
    "azure.flexible_servers",
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
    moves=("earliestRestoreDate", "state"),
    redacts=("administratorLogin",),
    grants=(
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.DBforPostgreSQL/flexibleServers/read",
        "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules/read",
        "Microsoft.DBforPostgreSQL/flexibleServers/configurations/read",
        "Microsoft.DBforMySQL/flexibleServers/configurations/read",
        "Microsoft.DBforMySQL/flexibleServers/read",
        "Microsoft.DBforMySQL/flexibleServers/firewallRules/read",
        GRANT,
    ),
    where="account",
)
class FlexibleServers:
    """Every flexible server, which is one database: its backups and its standby are the server's."""

    def list(self, session: Session) -> Iterator[Item]:
        """Rows of Resource Graph."""
        yield from session.pages("graph.PostgresServers", "data")
        yield from session.pages("graph.MysqlServers", "data")

    def describe(self, session: Session, item: Item) -> DataStore:
        """The row tells all but the firewall's rules and a parameter. Storage is always encrypted: nothing switches that off."""
        known = properties(item)
        closed = said(inner(known, "network"), "publicNetworkAccess", CLOSED)
        reachable = said(inner(known, "network"), "publicNetworkAccess", OPEN)
        if reachable:
            reachable = open_rules(session, FIREWALLS[str(item["type"]).lower().partition("/")[0]], item["id"])
        return DataStore(
            **header(session, item), kind="database", created=instant(inner(item, "systemData"), "createdAt"),
            encrypted=None if known is None else True, key_held_by=key_held_by(known), public=reachable,
            private_only=closed, deletion_protected=locked(session, item["id"]),
            backup_days=number(inner(known, "backup"), "backupRetentionDays"),
            multi_zone=said(inner(known, "highAvailability"), "mode", STANDBY), transport_encrypted=requires_tls(session, item),
        )  # fmt: skip


def requires_tls(session: Session, item: Item) -> bool | None:
    """A parameter of the server turns callers without TLS away."""
    operation = PARAMETERS[str(item["type"]).lower().partition("/")[0]]
    return said(properties(session.ask(operation, id=item["id"])), "value", {"on": True, "off": False})


def key_held_by(known: Mapping[str, Any] | None) -> Any:
    """Whose key encrypts the server; Azure leaves the object out where it is its own."""
    if known is None:
        return None
    kind = text(inner(known, "dataEncryption"), "type")
    return HOLDERS.get(kind.lower()) if kind else "provider"

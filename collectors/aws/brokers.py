"""Clusters of MSK, which keep streams as Kinesis does. What lies on their disks is always encrypted.

A serverless cluster stands in networks of ours, speaks TLS alone and is under MSK's own key.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import instant, policy, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.reach import reach
from collectors.aws.tagging import mapped
from collectors.collector import Item, Session, collector, learned
from collectors.resource import DataStore

ON_THE_INTERNET = {"DISABLED": False, "SERVICE_PROVIDED_EIPS": True}


@collector(
    "aws.brokers",
    sees=DataStore,
    kinds=("stream",),
    learns=("encrypted", "key_held_by", "public", "foreign_access", "transport_encrypted"),
    moves=("ActiveOperationArn", "CurrentVersion"),
    grants=("kafka:ListClustersV2", "kafka:GetClusterPolicy", "kms:ListAliases"),
    counted=("AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"),
    where="region",
)
class Brokers:
    """Every cluster of the account in the region, with brokers of its own or without."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `ListClustersV2`."""
        return session.pages("kafka.ListClustersV2", "ClusterInfoList")

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The element, and one call for its policy."""
        own = item["ClusterArn"]
        answer = session.ask("kafka.GetClusterPolicy", absent=("NotFoundException",), ClusterArn=own)
        rules = learned(answer, policy)
        said = reach(rules, account=session.account, arn=own, actions=())
        serverless = text(item, "ClusterType") == "SERVERLESS"
        brokers = item.get("Provisioned") or {}
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="stream", name=text(item, "ClusterName"),
            tags=mapped(item.get("Tags", {})), managed_by="customer",
            created=instant(item, "CreationTime"), encrypted=True,
            key_held_by="provider" if serverless else holder(session, encrypted=True, key=disk_key(brokers)),
            public=False if serverless else on_the_internet(brokers), foreign_access=said.foreign_access,
            transport_encrypted=True if serverless else only_tls(brokers),
        )  # fmt: skip


def disk_key(brokers: Mapping[str, Any]) -> str | None:
    """The key of the brokers' disks."""
    return text((brokers.get("EncryptionInfo") or {}).get("EncryptionAtRest"), "DataVolumeKMSKeyId")


def only_tls(brokers: Mapping[str, Any]) -> bool | None:
    """Clients are spoken with over TLS alone."""
    way = text((brokers.get("EncryptionInfo") or {}).get("EncryptionInTransit"), "ClientBroker")
    return None if way is None else way == "TLS"


def on_the_internet(brokers: Mapping[str, Any]) -> bool | None:
    """The brokers have public addresses."""
    access = ((brokers.get("BrokerNodeGroupInfo") or {}).get("ConnectivityInfo") or {}).get("PublicAccess")
    return ON_THE_INTERNET.get(text(access, "Type") or "")

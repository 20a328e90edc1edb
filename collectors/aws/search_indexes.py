"""Domains of OpenSearch and Elasticsearch.

A domain outside of our networks is public if its policy lets everybody in and nothing asks for a password behind it. Hourly snapshots are
kept for two weeks always.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.aws.elements import arn, flag, text
from collectors.aws.gathered import CellSession
from collectors.aws.holders import holder
from collectors.aws.reach import reach, rules_of
from collectors.aws.tagging import tags_of
from collectors.collector import Item, Session, collector
from collectors.resource import DataStore

AT_ONCE = 5
"""Domains that one call describes (OpenSearch Service API reference, `DescribeDomains`)."""


@collector(
    "aws.search_indexes",
    sees=DataStore,
    kinds=("search index",),
    learns=(
        "encrypted", "key_held_by", "public", "foreign_access", "transport_encrypted", "access_logged", "multi_zone", "private_only",
    ),
    moves=("ServiceSoftwareOptions", "Processing", "UpgradeProcessing"),
    grants=("es:ListDomainNames", "es:DescribeDomains", "kms:ListAliases", "tag:GetResources"),
    counted=("AWS::OpenSearch::Domain", "AWS::Elasticsearch::Domain"),
    where="region",
)  # fmt: skip
class SearchIndexes:
    """Every domain of the account in the region."""

    def list(self, session: Session) -> Iterator[Item]:
        """Elements of `DescribeDomains` for the names of `ListDomainNames`; one that is being deleted is none."""
        names = [one["DomainName"] for one in session.pages("opensearch.ListDomainNames", "DomainNames")]
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            found = session.pages("opensearch.DescribeDomains", "DomainStatusList", DomainNames=some)
            yield from (one for one in found if not one.get("Deleted"))

    def describe(self, session: CellSession, item: Item) -> DataStore:
        """The element tells all but whose key it is, and tags."""
        name = item["DomainName"]
        own = arn(session, "es", f"domain/{name}")
        at_rest = item.get("EncryptionAtRestOptions")
        encrypted = flag(at_rest, "Enabled")
        said = reach(rules_of(item.get("AccessPolicies")), account=session.account, arn=own, actions=())
        private = bool(item.get("VPCOptions"))
        return DataStore(
            id=own, provider="aws", account=session.account, region=session.region, kind="search index", name=name,
            tags=tags_of(session, own, "es:domain"), managed_by="customer", encrypted=encrypted,
            key_held_by=holder(session, encrypted=encrypted, key=text(at_rest, "KmsKeyId")),
            public=False if private else open_to_all(said.public, item), foreign_access=said.foreign_access,
            transport_encrypted=flag(item.get("DomainEndpointOptions"), "EnforceHTTPS"),
            access_logged=flag((item.get("LogPublishingOptions") or {}).get("AUDIT_LOGS"), "Enabled") is True,
            multi_zone=flag(item.get("ClusterConfig"), "ZoneAwarenessEnabled"), private_only=private,
        )  # fmt: skip


def open_to_all(let_in: bool | None, domain: Mapping[str, Any]) -> bool | None:  # noqa: FBT001 - what its policy says
    """Whom the policy lets in may do something: no fine-grained access control stands behind it, or one that admits the nameless."""
    control = domain.get("AdvancedSecurityOptions")
    if not let_in or flag(control, "Enabled") is False or control is None:
        return let_in
    return flag(control, "AnonymousAuthEnabled") if flag(control, "Enabled") else None

import json

import pytest

from collectors.aws.search_indexes import SearchIndexes
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:es:eu-west-1:{ACCOUNT}:domain/logs"
ANYBODY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}]})
STRANGER = json.dumps({
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "999988887777"}, "Action": "es:*", "Resource": "*"}]
})  # fmt: skip
FROM_HERE = json.dumps({
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*",
                   "Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}}]
})  # fmt: skip
DOMAIN = {
    "DomainName": "logs", "ARN": ARN, "AccessPolicies": "", "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": "alias/aws/es"},
    "DomainEndpointOptions": {"EnforceHTTPS": True}, "ClusterConfig": {"ZoneAwarenessEnabled": True},
}  # fmt: skip
NETWORK = {"VPCOptions": {"VPCId": "vpc-1"}}
TAGS = {"resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []}}


def seen(**said):
    return SearchIndexes.describe(Told(TAGS), {**DOMAIN, **said})


def test_an_element_tells_all():
    found = seen()
    assert (found.id, found.kind, found.name, found.tags) == (ARN, "search index", "logs", {})
    assert (found.encrypted, found.key_held_by, found.transport_encrypted, found.multi_zone) == (
        True, "provider", True, True,
    )  # fmt: skip
    assert (found.public, found.foreign_access, found.private_only) == (False, (), False)


@pytest.mark.parametrize(
    ("said", "public"),
    [
        ({"AccessPolicies": ANYBODY}, True),
        ({"AccessPolicies": ANYBODY, **NETWORK}, False),
        (
            {"AccessPolicies": ANYBODY, "AdvancedSecurityOptions": {"Enabled": True, "AnonymousAuthEnabled": False}},
            False,
        ),
        ({"AccessPolicies": ANYBODY, "AdvancedSecurityOptions": {"Enabled": True, "AnonymousAuthEnabled": True}}, True),
        ({"AccessPolicies": ANYBODY, "AdvancedSecurityOptions": {"Enabled": True}}, None),
        ({"AccessPolicies": ANYBODY, "AdvancedSecurityOptions": {"Enabled": False}}, True),
        ({"AccessPolicies": ANYBODY, "AdvancedSecurityOptions": {}}, None),
        ({"AccessPolicies": FROM_HERE}, False),
        ({"AccessPolicies": STRANGER}, False),
        ({"AccessPolicies": None}, None),
        ({"AccessPolicies": "{"}, False),
        ({"AccessPolicies": "no"}, None),
    ],
)
def test_a_domain_is_public_if_nothing_at_all_asks_who_comes(said, public):
    assert seen(**said).public is public


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"AUDIT_LOGS": {"Enabled": True}}, True),
        ({"AUDIT_LOGS": {"Enabled": False}}, False),
        ({"ES_APPLICATION_LOGS": {"Enabled": True}}, False),
        (None, False),
    ],
)
def test_access_is_recorded_by_audit_logs_alone(options, expected):
    assert seen(LogPublishingOptions=options).access_logged is expected


def test_strangers_in_the_policy_are_named():
    assert seen(AccessPolicies=STRANGER).foreign_access == ("999988887777",)


def test_a_domain_in_a_network_is_private():
    assert seen(**NETWORK).private_only is True


def test_domains_are_described_five_at_once_and_deleted_ones_are_none():
    asked = []

    def described(parameters):
        asked.append(parameters["DomainNames"])
        return {"DomainStatusList": [{**DOMAIN, "DomainName": name, "Deleted": name == "d3"} for name in asked[-1]]}

    names = [{"DomainName": f"d{number}"} for number in range(7)]
    told = Told({"opensearch.ListDomainNames": {"DomainNames": names}, "opensearch.DescribeDomains": described})
    assert [one["DomainName"] for one in SearchIndexes.list(told)] == ["d0", "d1", "d2", "d4", "d5", "d6"]
    assert list(map(len, asked)) == [5, 2]

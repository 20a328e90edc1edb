import pytest

from collectors.aws.classic_load_balancers import ClassicLoadBalancers
from collectors.aws.load_balancers import LoadBalancers
from collectors.aws.tls import oldest
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}:loadbalancer/app/front/50dc6c495c0c9188"
ELEMENT = {
    "LoadBalancerArn": ARN, "LoadBalancerName": "front", "Scheme": "internet-facing", "Type": "application",
    "AvailabilityZones": [{"ZoneName": "a"}, {"ZoneName": "b"}],
}  # fmt: skip
NEW, OLD = {"Protocol": "HTTPS", "SslPolicy": "new"}, {"Protocol": "HTTPS", "SslPolicy": "old"}
REDIRECT = {"Protocol": "HTTP", "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}]}
SOUND = {
    "elbv2.DescribeListeners": {"Listeners": [REDIRECT, NEW]},
    "elbv2.DescribeLoadBalancerAttributes": {
        "Attributes": [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "deletion_protection.enabled", "Value": "true"},
        ]
    },
    "elbv2.DescribeSSLPolicies": {
        "SslPolicies": [
            {"Name": "new", "SslProtocols": ["TLSv1.3", "TLSv1.2"]},
            {"Name": "old", "SslProtocols": ["TLSv1", "TLSv1.2"]},
        ]
    },
    "resourcegroupstaggingapi.GetResources": {
        "ResourceTagMappingList": [{"ResourceARN": ARN, "Tags": [{"Key": "team", "Value": "web"}]}]
    },
    "wafv2.ListWebACLs": {"WebACLs": [{"ARN": "edge"}]},
    "wafv2.ListResourcesForWebACL": {"ResourceArns": [ARN]},
}
FACTS = (
    "public",
    "transport_encrypted",
    "oldest_tls",
    "filtered",
    "access_logged",
    "multi_zone",
    "deletion_protected",
    "tags",
)
OF_SOUND = dict(zip(FACTS, (True, True, "1.2", True, True, True, True, {"team": "web"}), strict=True))


def listeners(*listed, **more):
    return {"elbv2__DescribeListeners": {"Listeners": list(listed), **more}}


def facts(element=ELEMENT, collector=LoadBalancers, answers=SOUND, **others):
    told = Told({**answers, **{name.replace("__", "."): answer for name, answer in others.items()}})
    endpoint = collector.describe(told, element)
    return {fact: getattr(endpoint, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("element", "answers", "expected"),
    [
        ({}, {}, {}),
        ({"Scheme": "internal"}, {}, {"public": False}),
        ({"AvailabilityZones": [{"ZoneName": "a"}]}, {}, {"multi_zone": False}),
        ({"Type": "network"}, {}, {"filtered": False}),
        ({"Type": None}, {}, {"filtered": None}),
        ({}, listeners(NEW), {}),
        ({}, listeners(NEW, OLD), {"oldest_tls": "1.0"}),
        ({}, listeners(NEW, {"Protocol": "HTTPS", "SslPolicy": "unheard"}), {"oldest_tls": None}),
        ({}, listeners(OLD, {"Protocol": "HTTPS"}), {"oldest_tls": "1.0"}),
        ({}, listeners(NEW, {"Protocol": "HTTP", "DefaultActions": [{"Type": "forward"}]}), {"transport_encrypted": False}),
        ({}, listeners({"Protocol": "TCP"}), {"transport_encrypted": None, "oldest_tls": "none"}),
        ({}, listeners(NEW, {"Protocol": "TCP"}), {"transport_encrypted": None}),
        ({}, listeners(), {"transport_encrypted": None, "oldest_tls": "none"}),
        ({}, listeners(NEW, NextMarker="more"), {"transport_encrypted": None, "oldest_tls": None}),
        ({}, {"elbv2__DescribeListeners": None}, {"transport_encrypted": None, "oldest_tls": None}),
        ({}, {"elbv2__DescribeSSLPolicies": None}, {"oldest_tls": None}),
        ({}, {"elbv2__DescribeLoadBalancerAttributes": {"Attributes": [{"Key": "access_logs.s3.enabled", "Value": "false"}]}},
         {"access_logged": False, "deletion_protected": None}),
        ({}, {"elbv2__DescribeLoadBalancerAttributes": {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]}},
         {"access_logged": None, "deletion_protected": False}),
        ({}, {"elbv2__DescribeLoadBalancerAttributes": {"Attributes": []}}, {"access_logged": None, "deletion_protected": None}),
        ({}, {"elbv2__DescribeLoadBalancerAttributes": None}, {"access_logged": None, "deletion_protected": None}),
        ({}, {"resourcegroupstaggingapi__GetResources": {"ResourceTagMappingList": []}}, {"tags": {}}),
        ({}, {"resourcegroupstaggingapi__GetResources": None}, {"tags": None}),
        ({}, {"wafv2__ListWebACLs": {"WebACLs": []}}, {"filtered": False}),
        ({}, {"wafv2__ListWebACLs": None}, {"filtered": None}),
        ({}, {"wafv2__ListWebACLs": {}}, {"filtered": None}),
        ({}, {"wafv2__ListResourcesForWebACL": {"ResourceArns": []}}, {"filtered": False}),
        ({}, {"wafv2__ListResourcesForWebACL": "WAFNonexistentItemException"}, {"filtered": False}),
        ({}, {"wafv2__ListResourcesForWebACL": None}, {"filtered": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(element, answers, expected):
    assert facts({**ELEMENT, **element}, **answers) == {**OF_SOUND, **expected}


def test_every_page_of_firewalls_is_read():
    pages = {
        None: {"WebACLs": [{"ARN": "one"}], "NextMarker": "m"},
        "m": {"WebACLs": [{"ARN": "two"}], "NextMarker": "m"},
    }
    guarded = {"one": {"ResourceArns": []}, "two": {"ResourceArns": [ARN]}}
    assert facts(
        wafv2__ListWebACLs=lambda asked: pages[asked.get("NextMarker")],
        wafv2__ListResourcesForWebACL=lambda asked: guarded[asked["WebACLArn"]],
    )["filtered"]


def test_gateways_are_nobodys_endpoint():
    told = Told({"elbv2.DescribeLoadBalancers": {"LoadBalancers": [ELEMENT, {**ELEMENT, "Type": "gateway"}]}})
    assert list(LoadBalancers.list(told)) == [ELEMENT]


def test_a_load_balancer_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        facts(elbv2__DescribeListeners="LoadBalancerNotFound")


CLASSIC = {
    "LoadBalancerName": "front", "Scheme": "internet-facing", "AvailabilityZones": ["a", "b"],
    "ListenerDescriptions": [{"Listener": {"Protocol": "HTTPS"}, "PolicyNames": ["p", "sticky"]}],
}  # fmt: skip


def switched(*on):
    names = ("Protocol-TLSv1", "Protocol-TLSv1.1", "Protocol-TLSv1.2", "Server-Defined-Cipher-Order")
    attributes = [{"AttributeName": name, "AttributeValue": str(name in on).lower()} for name in names]
    return {
        "PolicyDescriptions": [{"PolicyName": "p", "PolicyAttributeDescriptions": attributes}, {"PolicyName": "sticky"}]
    }


OF_CLASSIC = {**OF_SOUND, "filtered": False, "deletion_protected": False, "tags": {}}
CLASSICS = {
    "elb.DescribeLoadBalancerAttributes": {"LoadBalancerAttributes": {"AccessLog": {"Enabled": True}}},
    "elb.DescribeLoadBalancerPolicies": switched("Protocol-TLSv1.2", "Server-Defined-Cipher-Order"),
    "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []},
}


def heard(*protocols):
    return {"ListenerDescriptions": [{"Listener": {"Protocol": one}, "PolicyNames": []} for one in protocols]}


@pytest.mark.parametrize(
    ("element", "answers", "expected"),
    [
        ({}, {}, {}),
        ({}, {"elb__DescribeLoadBalancerPolicies": switched("Protocol-TLSv1", "Protocol-TLSv1.2")}, {"oldest_tls": "1.0"}),
        ({}, {"elb__DescribeLoadBalancerPolicies": switched()}, {"oldest_tls": None}),
        ({}, {"elb__DescribeLoadBalancerPolicies": None}, {"oldest_tls": None}),
        (heard("HTTP"), {}, {"transport_encrypted": False, "oldest_tls": "none"}),
        (heard("TCP"), {}, {"transport_encrypted": None, "oldest_tls": "none"}),
        (heard("SSL"), {}, {"oldest_tls": None}),
        (heard(), {}, {"transport_encrypted": None, "oldest_tls": "none"}),
        ({"ListenerDescriptions": None}, {}, {"transport_encrypted": None, "oldest_tls": None}),
        ({"Scheme": "internal"}, {}, {"public": False}),
        ({"AvailabilityZones": ["a"]}, {}, {"multi_zone": False}),
        ({}, {"elb__DescribeLoadBalancerAttributes": {"LoadBalancerAttributes": {"AccessLog": {"Enabled": False}}}},
         {"access_logged": False}),
        ({}, {"elb__DescribeLoadBalancerAttributes": None}, {"access_logged": None}),
    ],
)  # fmt: skip
def test_a_classic_one_says_the_same_in_other_words(element, answers, expected):
    assert facts({**CLASSIC, **element}, ClassicLoadBalancers, CLASSICS, **answers) == {**OF_CLASSIC, **expected}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (("1.2", "1.3"), "1.2"),
        (("1.0", None), "1.0"),
        (("1.1", None), None),
        ((None,), None),
        ((), "none"),
    ],
)
def test_the_oldest_version_is_known_where_nothing_unknown_can_be_older(versions, expected):
    assert oldest(versions) == expected

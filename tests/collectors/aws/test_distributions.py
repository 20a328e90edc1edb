import pytest

from collectors.aws.distributions import Distributions
from collectors.collector import Gone, Unseen
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
ELEMENT = {
    "Id": "E1", "ARN": ARN, "DomainName": "d1.cloudfront.net", "Enabled": True, "WebACLId": "edge",
    "DefaultCacheBehavior": {"ViewerProtocolPolicy": "https-only"},
    "CacheBehaviors": {"Quantity": 1, "Items": [{"ViewerProtocolPolicy": "redirect-to-https"}]},
    "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021", "CloudFrontDefaultCertificate": False},
}  # fmt: skip


def configured(**more):
    return {"cloudfront__GetDistributionConfig": {"DistributionConfig": {"Logging": {"Enabled": False}, **more}}}


def sources(*listed):
    return {"logs__DescribeDeliverySources": {"deliverySources": list(listed)}}


SOURCE = {"name": "s", "service": "cloudfront", "resourceArns": [ARN], "logType": "ACCESS_LOGS"}
SOUND = {
    "cloudfront.GetDistributionConfig": {"DistributionConfig": {"Logging": {"Enabled": True}}},
    "logs.DescribeDeliverySources": {"deliverySources": []},
    "logs.DescribeDeliveries": {"deliveries": [{"deliverySourceName": "s"}]},
    "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []},
}
FACTS = ("public", "transport_encrypted", "oldest_tls", "filtered", "access_logged", "tags")
OF_SOUND = dict(zip(FACTS, (True, True, "1.2", True, True, {}), strict=True))


def facts(said=None, **answers):
    told = Told({**SOUND, **{name.replace("__", "."): answer for name, answer in answers.items()}})
    endpoint = Distributions.describe(told, {**ELEMENT, **(said or {})})
    assert (endpoint.id, endpoint.region) == (ARN, "global")
    return {fact: getattr(endpoint, fact) for fact in FACTS}


@pytest.mark.parametrize(
    ("said", "answers", "expected"),
    [
        ({}, {}, {}),
        ({"DefaultCacheBehavior": {"ViewerProtocolPolicy": "allow-all"}}, {}, {"transport_encrypted": False}),
        ({"CacheBehaviors": {"Items": [{"ViewerProtocolPolicy": "allow-all"}]}}, {}, {"transport_encrypted": False}),
        ({"CacheBehaviors": {"Quantity": 0}}, {}, {}),
        ({"DefaultCacheBehavior": {}}, {}, {"transport_encrypted": None}),
        ({"DefaultCacheBehavior": None, "CacheBehaviors": None}, {}, {"transport_encrypted": None}),
        ({"ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}}, {}, {"oldest_tls": "1.0"}),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "SSLv3"}}, {}, {"oldest_tls": "1.0"}),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.1_2016"}}, {}, {"oldest_tls": "1.1"}),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.3_2025"}}, {}, {"oldest_tls": "1.3"}),
        ({"ViewerCertificate": None}, {}, {"oldest_tls": None}),
        ({"WebACLId": ""}, {}, {"filtered": False}),
        ({"WebACLId": None}, {}, {"filtered": None}),
        ({}, configured(), {"access_logged": False}),
        ({}, configured(DefaultCacheBehavior={"RealtimeLogConfigArn": "rt"}), {}),
        ({}, {**configured(), **sources(SOURCE)}, {}),
        ({}, {**configured(), **sources({**SOURCE, "logType": "CONNECTION_LOGS"})}, {"access_logged": False}),
        ({}, {**configured(), **sources({**SOURCE, "resourceArns": ["other"]})}, {"access_logged": False}),
        ({}, {**configured(), **sources(SOURCE), "logs__DescribeDeliveries": {"deliveries": []}}, {"access_logged": False}),
        ({}, {**configured(), **sources(SOURCE), "logs__DescribeDeliveries": None}, {"access_logged": None}),
        ({}, {**configured(), "logs__DescribeDeliverySources": None}, {"access_logged": None}),
        ({}, {"cloudfront__GetDistributionConfig": None}, {"access_logged": None}),
    ],
)  # fmt: skip
def test_each_answer_changes_only_its_own_facts(said, answers, expected):
    assert facts(said, **answers) == {**OF_SOUND, **expected}


def listed(*pages):
    by_marker = {page.pop("at"): {"DistributionList": page} for page in pages}
    return list(
        Distributions.list(Told({"cloudfront.ListDistributions": lambda asked: by_marker.get(asked.get("Marker", ""))}))
    )


def test_every_page_is_read_and_what_is_switched_off_is_nobodys_endpoint():
    off = {**ELEMENT, "Id": "E2", "Enabled": False}
    first = {"at": "", "IsTruncated": True, "NextMarker": "E1", "Items": [ELEMENT, off]}
    assert listed(first, {"at": "E1", "IsTruncated": False, "Items": [{**ELEMENT, "Id": "E3"}]}) == [
        ELEMENT,
        {**ELEMENT, "Id": "E3"},
    ]
    assert listed({"at": "", "IsTruncated": False, "Quantity": 0}) == []


@pytest.mark.parametrize(
    "pages",
    [
        [],
        [{"at": "", "IsTruncated": True, "NextMarker": "lost", "Items": []}],
        [
            {"at": "", "IsTruncated": True, "NextMarker": "m", "Items": []},
            {"at": "m", "IsTruncated": True, "NextMarker": "m", "Items": []},
        ],
    ],
)
def test_a_page_that_is_refused_or_leads_back_leaves_the_rest_unseen(pages):
    with pytest.raises(Unseen):
        listed(*pages)


def test_a_partition_without_the_service_has_no_distributions():
    told = Told()
    told.partition = "aws-us-gov"
    assert list(Distributions.list(told)) == []
    assert told.asked == []


def test_a_distribution_that_was_deleted_meanwhile_is_gone():
    with pytest.raises(Gone):
        facts(cloudfront__GetDistributionConfig="NoSuchDistribution")

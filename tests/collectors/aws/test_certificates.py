from datetime import UTC, datetime

import pytest

from collectors.aws.certificates import Certificates
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/c"
ENDS = datetime(2026, 6, 1, tzinfo=UTC)
ELEMENT = {
    "CertificateArn": ARN, "DomainName": "www.corp.example", "Type": "AMAZON_ISSUED", "KeyAlgorithm": "EC_prime256v1", "InUse": True,
    "RenewalEligibility": "ELIGIBLE", "NotAfter": ENDS,
}  # fmt: skip
FACTS = ("expires", "renews", "algorithm", "managed_by", "tags")
OF_SOUND = dict(zip(FACTS, (ENDS, True, "EC-P256", "customer", {}), strict=True))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {}),
        ({"NotAfter": None}, {"expires": None}),
        ({"RenewalEligibility": "INELIGIBLE"}, {"renews": False}),
        ({"RenewalEligibility": None}, {"renews": None}),
        ({"Type": "IMPORTED"}, {"renews": False}),
        ({"Type": "PRIVATE"}, {}),
        ({"Type": None}, {"renews": None}),
        ({"KeyAlgorithm": "RSA_1024"}, {"algorithm": "RSA-1024"}),
        ({"KeyAlgorithm": "EC_secp521r1"}, {"algorithm": "EC-P521"}),
        ({"KeyAlgorithm": None}, {"algorithm": None}),
        ({"ManagedBy": "CLOUDFRONT"}, {"managed_by": "provider"}),
    ],
)
def test_the_summary_tells_all(said, expected):
    told = Told({"resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []}})
    certificate = Certificates.describe(told, {**ELEMENT, **said})
    assert (certificate.id, certificate.name) == (ARN, "www.corp.example")
    assert {fact: getattr(certificate, fact) for fact in FACTS} == {**OF_SOUND, **expected}


def test_certificates_of_every_type_of_key_are_listed_and_only_those_that_stand():
    asked = []
    told = Told({"acm.ListCertificates": lambda given: asked.append(given) or {"CertificateSummaryList": [ELEMENT]}})
    assert list(Certificates.list(told)) == [ELEMENT]
    assert asked[0]["CertificateStatuses"] == ["ISSUED", "INACTIVE", "EXPIRED"]
    assert {"RSA_1024", "RSA_4096", "EC_secp384r1"} <= set(asked[0]["Includes"]["keyTypes"])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Certificate": {"NotAfter": ENDS, "Type": "IMPORTED", "KeyAlgorithm": "RSA-2048", "InUseBy": []}},
         {"renews": False, "algorithm": "RSA-2048"}),
        ({"Certificate": {**{key: ELEMENT[key] for key in ELEMENT if key != "InUse"}, "InUseBy": ["a load balancer"]}}, {}),
        (None, {"expires": None, "renews": None, "algorithm": None}),
    ],
)  # fmt: skip
def test_a_terse_summary_is_completed_by_the_description(answer, expected):
    told = Told({
        "resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []}, "acm.DescribeCertificate": answer,
    })  # fmt: skip
    certificate = Certificates.describe(told, {"CertificateArn": ARN, "DomainName": "www.corp.example"})
    assert {fact: getattr(certificate, fact) for fact in FACTS} == {**OF_SOUND, **expected}


def test_a_certificate_that_was_deleted_meanwhile_is_gone():
    told = Told({"acm.DescribeCertificate": "ResourceNotFoundException"})
    with pytest.raises(Gone):
        Certificates.describe(told, {"CertificateArn": ARN})

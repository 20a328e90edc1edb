"""What is made of caches, messages and images: each row changes one thing, and what is not said is not learned."""

import pytest

from agent.demo.microsoft.azure import FakeAzure
from collectors.azure import caches, images, messaging, volumes
from collectors.azure.caches import Caches
from tests.fakes.azure_rows import GOOD, row
from tests.fakes.azure_session import AnsweredSession

OPEN = {"publicNetworkAccess": "Enabled"}


def rule(first, last):
    return {"properties": {"startIP": first, "endIP": last}}


def asking(**answers):
    """A session whose one answer of each ending is given; `/x` is what asks."""
    azure = FakeAzure(rows=[], answers={f"/x/{path}": found for path, found in answers.items() if found is not None})
    return AnsweredSession(azure, GOOD)


@pytest.mark.parametrize(
    ("known", "rules", "expected"),
    [
        (OPEN, [], True),
        (OPEN, [rule("192.0.2.1", "192.0.2.9")], False),
        (OPEN, [rule("0.0.0.0", "255.255.255.255")], True),
        (OPEN, [rule("192.0.2.1", "192.0.2.9"), rule("1.0.0.0", None)], None),
        (OPEN, None, None),
        ({}, [], True),
        ({"publicNetworkAccess": None}, [], None),
        ({"publicNetworkAccess": "Disabled"}, None, False),
        ({**OPEN, "subnetId": "/x/subnets/a"}, None, False),
        ({"publicNetworkAccess": "Perhaps"}, [], None),
        (None, [], None),
    ],
)
def test_a_cache_is_open_where_no_rule_keeps_anybody_out(known, rules, expected):
    assert caches.public(asking(firewallrules=rules), "/x", known) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [({}, True), ({"enableNonSslPort": None}, True), ({"enableNonSslPort": False}, True), ({"enableNonSslPort": True}, False),
     ({"enableNonSslPort": "no"}, None), (None, None)],
)  # fmt: skip
def test_a_cache_refuses_plain_text_until_its_other_port_is_opened(known, expected):
    assert caches.refuses_plain(known) is expected


@pytest.mark.parametrize(
    ("databases", "expected"),
    [(["Encrypted"], True), (["Encrypted", "Plaintext"], False), (["Encrypted", None], None), ([], None), (None, None)],
)
def test_a_cluster_speaks_tls_with_all_of_its_databases(databases, expected):
    found = None if databases is None else [{"properties": {"clientProtocol": one}} for one in databases]
    assert caches.speaks_tls(asking(databases=found), "/x") is expected


def test_a_cluster_without_the_newer_switch_is_not_known_to_be_closed():
    found = row(GOOD, "Microsoft.Cache/redisEnterprise", "old", {"minimumTlsVersion": "1.2"})
    seen = Caches.describe(asking(), found)
    assert (seen.public, seen.transport_encrypted, seen.encrypted, seen.key_held_by) == (None, None, True, "provider")


@pytest.mark.parametrize(
    ("known", "expected"),
    [({}, "provider"), ({"encryption": None}, "provider"), ({"encryption": {"keySource": "Microsoft.KeyVault"}}, "customer"),
     ({"encryption": {"keySource": "Elsewhere"}}, None), (None, None)],
)  # fmt: skip
def test_whose_key_encrypts_messages(known, expected):
    assert messaging.key_held_by(known) == expected


@pytest.mark.parametrize(
    ("gallery", "expected"),
    [({}, False), ({"sharingProfile": None}, False), ({"sharingProfile": {}}, False),
     ({"sharingProfile": {"permissions": "Private"}}, False), ({"sharingProfile": {"permissions": "Groups"}}, False),
     ({"sharingProfile": {"permissions": "Community"}}, True), ({"sharingProfile": {"permissions": "Everybody"}}, None),
     ({"sharingProfile": {"permissions": None}}, None), ({"sharingProfile": "no"}, None), (None, None)],
)  # fmt: skip
def test_an_image_is_public_where_its_gallery_is_shared_with_the_community(gallery, expected):
    found = row(GOOD, "Microsoft.Compute/galleries", "g", gallery)
    session = AnsweredSession(FakeAzure(rows=[found], answers={}), GOOD)
    assert images.public(session, f"{found['id']}/images/i/versions/1.0.0".lower()) is expected


def test_a_version_whose_gallery_nobody_sees_is_not_known_to_be_private():
    assert images.public(AnsweredSession(FakeAzure(rows=[], answers={}), GOOD), "/g/images/i/versions/1") is None


SET = {"id": "/x/diskEncryptionSets/ours"}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"osDisk": {"diskEncryptionSet": SET}}, "customer"),
        ({"osDisk": {"diskEncryptionSet": SET}, "dataDisks": [{"diskEncryptionSet": SET}]}, "customer"),
        ({"osDisk": {"diskEncryptionSet": SET}, "dataDisks": [{}]}, "provider"),
        ({"osDisk": {"diskEncryptionSet": SET}, "dataDisks": "none"}, None),
        ({"osDisk": {}}, "provider"),
        ({}, "provider"),
        (None, None),
    ],
)
def test_an_image_is_under_our_key_with_all_of_its_disks(profile, expected):
    assert images.of_image({"storageProfile": profile}) == expected


def region(*keys, **more):
    disk, *others = [{"diskEncryptionSetId": key} for key in keys] or [{}]
    return {"encryption": {"osDiskImage": disk, "dataDiskImages": others, **more}}


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        ([region("a")], "customer"),
        ([region("a"), region("b", "c")], "customer"),
        ([region("a"), {}], "provider"),
        ([region("a", None)], "provider"),
        ([region("a", dataDiskImages=7)], None),
        ([], None),
        (None, None),
    ],
)
def test_a_version_is_under_our_key_in_every_region(regions, expected):
    assert images.of_version({"publishingProfile": {"targetRegions": regions}}) == expected


WEAK = dict.fromkeys(volumes.WEAKER, False)
KERBEROS = {"protocolTypes": ["NFSv4.1"], "kerberosEnabled": True, "exportPolicy": {"rules": [WEAK, WEAK]}}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (KERBEROS, True),
        ({**KERBEROS, "kerberosEnabled": False}, False),
        ({**KERBEROS, "exportPolicy": {"rules": [WEAK, {**WEAK, "kerberos5iReadWrite": True}]}}, False),
        ({**KERBEROS, "exportPolicy": {"rules": [{}]}}, None),
        ({**KERBEROS, "exportPolicy": {"rules": []}}, None),
        ({**KERBEROS, "exportPolicy": None}, None),
        ({**KERBEROS, "protocolTypes": ["NFSv4.1", "NFSv3"]}, False),
        ({**KERBEROS, "protocolTypes": ["NFSv4.1", "CIFS"]}, False),
        ({**KERBEROS, "protocolTypes": ["NFSv4.1", "CIFS"], "smbEncryption": True}, True),
        ({"protocolTypes": ["CIFS"], "smbEncryption": True}, True),
        ({"protocolTypes": ["CIFS"]}, False),
        ({"protocolTypes": ["Pigeons"]}, None),
        ({"protocolTypes": []}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_volume_refuses_plain_text_in_every_protocol_that_it_speaks(known, expected):
    assert volumes.transport_encrypted(known) is expected

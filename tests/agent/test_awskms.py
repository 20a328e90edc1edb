"""Keys of AWS KMS: a whole cycle signed by one that keeps KMS's own rules, and moto's KMS through the real client."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agent import awskms
from agent.awskms import MOST_RAW, SigningError, open_kms
from agent.errors import UsageError
from agent.keys import ORDER, load_public, low_s
from agent.reading import faults_of
from agent.replay import replay
from agent.verify import verify_all
from tests.agent.living import DAY, PROGRAMME, begin

ARN = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"


class Kms:
    """A key service with the rules of KMS's API: 4096 bytes of a message, 32 of a digest, and signatures of either S."""

    def __init__(self, secret: int = 7) -> None:
        self.key = derive_private_key(secret, SECP256R1())
        self.asked: list[str] = []
        self.refuses: Exception | None = None
        self.usage = "SIGN_VERIFY"

    def get_public_key(self, **_: Any) -> dict[str, Any]:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"PublicKey": der, "KeyUsage": self.usage, "SigningAlgorithms": ["ECDSA_SHA_256"]}

    def sign(self, *, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> dict[str, Any]:  # noqa: N803 - theirs
        assert KeyId and SigningAlgorithm == "ECDSA_SHA_256"
        if self.refuses:
            raise self.refuses
        if len(Message) > (4096 if MessageType == "RAW" else 32):
            raise ClientError({"Error": {"Code": "ValidationException"}}, "Sign")
        self.asked.append(MessageType)
        signature = self.key.sign(Message, ECDSA(Prehashed(SHA256()) if MessageType == "DIGEST" else SHA256()))
        r, s = decode_dss_signature(signature)
        return {"Signature": encode_dss_signature(r, max(s, ORDER - s))}


@pytest.mark.parametrize("size", [0, MOST_RAW, MOST_RAW + 1, 100_000])
def test_a_message_of_any_size_gets_a_canonical_signature_over_its_sha256(size):
    signer = open_kms("awskms:alias/x", Kms())
    signature = signer.sign(b"m" * size)
    signer.public_key.verify(signature, b"m" * size)
    assert low_s(signature) == signature


def test_a_cycle_is_committed_sealed_verified_and_replayed_with_it(tmp_path, monkeypatch):
    kms = Kms()
    monkeypatch.setattr(awskms, "_client", lambda _: kms)
    text = PROGRAMME.replace("24h", "15d") + f"signing: {{key: 'awskms:{ARN}'}}\n"
    life = begin(tmp_path, programme=text)
    (tmp_path / "keys" / "signing.pem").unlink()
    life.days(1)
    life.clock.now += 32 * DAY
    life.run()
    (path,) = life.bundles()
    trusted = load_public(life.folder / "store" / "signing.pub")
    assert trusted.fingerprint == open_kms("awskms:x", kms).fingerprint
    assert verify_all([path], (trusted,)).ok and replay(path).ok
    assert {"RAW", "DIGEST"} == set(kms.asked), "the opening of a cycle is longer than KMS takes"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "Sign"), "KMS answered AccessDeniedException; the agent needs"),
        (EndpointConnectionError(endpoint_url="https://kms"), "KMS cannot be asked"),
    ],
)  # fmt: skip
def test_a_key_service_that_does_not_sign_is_a_failure_with_a_remedy(trouble, words):
    kms = Kms()
    signer = open_kms("awskms:alias/x", kms)
    kms.refuses = trouble
    with pytest.raises(SigningError, match=words):
        signer.sign(b"m")


def test_a_signature_of_another_key_is_given_to_nobody():
    kms = Kms()
    signer = open_kms("awskms:alias/x", kms)
    kms.key = derive_private_key(8, SECP256R1())
    with pytest.raises(SigningError, match="none of its key"):
        signer.sign(b"m")


def test_a_key_for_something_else_is_refused():
    kms = Kms()
    kms.usage = "ENCRYPT_DECRYPT"
    with pytest.raises(UsageError, match="KeySpec ECC_NIST_P256"):
        open_kms("awskms:alias/x", kms)


@pytest.mark.parametrize(
    "key", ["awskms:alias/starcadence", f"awskms:{ARN}", "awskms:11111111-2222-4333-8444-555555555555"]
)
def test_a_programme_may_name_it_by_alias_arn_or_id(key):
    assert not [one for one in faults_of(f"{PROGRAMME}signing: {{key: '{key}'}}\n".encode(), "p") if "signing" in one]


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("named", ["alias/starcadence", "the id", "the arn"])
def test_the_real_client_speaks_to_motos_kms(named, monkeypatch):
    """Short messages only: moto hashes a digest once more, where KMS takes it as it is."""
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        made = awskms._client("x").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        awskms._client("x").create_alias(AliasName="alias/starcadence", TargetKeyId=made["KeyId"])
        key_id = {"the id": made["KeyId"], "the arn": made["Arn"]}.get(named, named)
        signer = open_kms(f"awskms:{key_id}")
        signer.public_key.verify(signer.sign(b"a journal entry"), b"a journal entry")
        with pytest.raises(SigningError, match="KMS answered NotFoundException"):
            open_kms("awskms:alias/another")
        wrong = awskms._client("x").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        with pytest.raises(UsageError, match="ECC_NIST_P256"):
            open_kms(f"awskms:{wrong['KeyId']}")

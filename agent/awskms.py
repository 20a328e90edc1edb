"""Signing by a key that AWS KMS holds: its private part leaves KMS for nobody. Needs kms:GetPublicKey and kms:Sign on the key.

KMS takes messages of up to 4096 bytes (`MessageType=RAW`) and hashes them itself; of a longer one (the opening of a cycle names every
check) it takes the sha256 (`DIGEST`). Either way the signature is ECDSA over the sha256 of the message. KMS signs at random, so that
the same message has many signatures: whoever puts first is the one that stands, as ever.
https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from agent.errors import AgentError, UsageError, VerificationError
from agent.keys import PublicKey, low_s, parse_public_der

SCHEME = "awskms:"
MOST_RAW = 4096
ALGORITHM = "ECDSA_SHA_256"
TRIES = 5
TIMEOUT = 20.0
"""Seconds for one try."""


class SigningError(AgentError):
    """The key service did not sign: away, or not allowed."""


@dataclass(frozen=True, kw_only=True)
class KmsSigner:
    """A key of AWS KMS."""

    public_key: PublicKey
    key_id: str
    client: Any = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """The public key's fingerprint."""
        return self.public_key.fingerprint

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature (DER, low S) over the sha256 of `message`, held against the public key before anybody gets it."""
        raw = len(message) <= MOST_RAW
        answer = _asked(
            self.key_id, self.client.sign, KeyId=self.key_id, SigningAlgorithm=ALGORITHM,
            Message=message if raw else hashlib.sha256(message).digest(), MessageType="RAW" if raw else "DIGEST",
        )  # fmt: skip
        signature = low_s(answer["Signature"])
        try:
            self.public_key.verify(signature, message)
        except VerificationError as error:
            raise SigningError(
                f"{SCHEME}{self.key_id}: KMS gave a signature that is none of its key; run again"
            ) from error
        return signature


def open_kms(address: str, client: Any = None) -> KmsSigner:
    """The key at `awskms:alias/name`, `awskms:arn:aws:kms:...` or `awskms:<key id>`. `UsageError` if it is not a P-256 signing key."""
    key_id = address.removeprefix(SCHEME)
    client = client or _client(key_id)
    answer = _asked(key_id, client.get_public_key, KeyId=key_id)
    if answer.get("KeyUsage") != "SIGN_VERIFY" or ALGORITHM not in answer.get("SigningAlgorithms", ()):
        raise UsageError(
            f"{address}: not a key for signing by {ALGORITHM}; make one with KeySpec ECC_NIST_P256, KeyUsage SIGN_VERIFY"
        )
    try:
        public = parse_public_der(answer["PublicKey"])
    except ValueError as error:
        raise UsageError(f"{address}: {error}") from None
    return KmsSigner(public_key=public, key_id=key_id, client=client)


def _client(key_id: str) -> Any:
    import boto3
    from botocore.config import Config

    region = key_id.split(":")[3] if key_id.startswith("arn:") and key_id.count(":") >= 5 else None
    config = Config(
        retries={"mode": "standard", "max_attempts": TRIES}, connect_timeout=TIMEOUT, read_timeout=TIMEOUT,
        user_agent_extra="starcadence",
    )  # fmt: skip
    return boto3.session.Session().client("kms", region_name=region, config=config)


def _asked(key_id: str, call: Any, **arguments: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call(**arguments)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        words = f"{SCHEME}{key_id}: KMS answered {code}; the agent needs kms:GetPublicKey and kms:Sign on an enabled key that is there"
        raise SigningError(words) from error
    except BotoCoreError as error:
        raise SigningError(f"{SCHEME}{key_id}: KMS cannot be asked ({error}); run again when it answers") from error

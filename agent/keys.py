"""Keys: the P-256 pair that signs bundles and journal entries, and the key that salts what is withheld.

Private keys are made once (`init`, `demo`), never by `run`, and never overwritten. `cryptography` is imported where it is used,
so that `--help` does not load it.
"""

import base64
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.errors import UsageError, VerificationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the P-256 group (SEC 2, 2.4.2)."""
SALT_BYTES = 32
MAX_KEY_FILE = 65536
"""Bytes; a PEM key is a few hundred."""


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """A P-256 key to check signatures with."""

    pem: str
    """SubjectPublicKeyInfo as PEM, re-encoded from what was read."""
    fingerprint: str
    """sha256 of the SubjectPublicKeyInfo (DER), hex."""
    key: "EllipticCurvePublicKey" = field(repr=False, compare=False)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise `VerificationError` unless `signature` (DER, low S) is this key's over the sha256 of `message`.

        Of the two values of S that ECDSA accepts only the lower one is: nobody can make a second valid signature from a first.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            if low_s(signature) != signature:
                raise VerificationError("the signature is not in its canonical form")
            self.key.verify(signature, message, ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            raise VerificationError(f"the signature is not one of the key {self.fingerprint}") from None


class Signer(Protocol):
    """Something that signs: the local key here, a key service elsewhere."""

    @property
    def public_key(self) -> PublicKey:
        """The key that checks what it signs."""
        ...

    @property
    def fingerprint(self) -> str:
        """The public key's fingerprint."""
        ...

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature (DER) over the sha256 of `message`."""
        ...


@dataclass(frozen=True, kw_only=True)
class LocalSigner:
    """A private key in a file. Deterministic (RFC 6979): the same message gives the same signature."""

    public_key: PublicKey
    key: "EllipticCurvePrivateKey" = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """The public key's fingerprint."""
        return self.public_key.fingerprint

    def sign(self, message: bytes) -> bytes:
        """A deterministic ECDSA signature (DER) over the sha256 of `message`."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        return self.key.sign(message, ECDSA(SHA256(), deterministic_signing=True))


def low_s(signature: bytes) -> bytes:
    """The same signature with the lower of its two values of S. Raises `ValueError` if it is not DER."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, ORDER - s))


def make_signing_key(path: Path) -> LocalSigner:
    """Make a P-256 key pair at `path` (PKCS#8 PEM, mode 0600). Raises `UsageError` if something stands there."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(SECP256R1())
    _create(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return LocalSigner(public_key=_public(key.public_key()), key=key)


def make_salt_key(path: Path) -> bytes:
    """Make 32 random bytes at `path` (hex, mode 0600). Raises `UsageError` if something stands there."""
    salt = secrets.token_bytes(SALT_BYTES)
    _create(path, salt.hex().encode() + b"\n")
    return salt


def load_signer(path: Path) -> LocalSigner:
    """Read the signing key. Raises `UsageError` that says what is wrong with the file and what to type."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pem = _read_secret(path, "signing key")
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise UsageError(
            f"{path}: the signing key is encrypted; decrypt it with `openssl pkcs8 -topk8 -nocrypt -in {path} -out NEW`"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(
            f"{path}: not a private key in PEM (PKCS#8); give the file that `starcadence init` made"
        ) from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise UsageError(
            f"{path}: the signing key must be of the kind P-256, this is {_kind(key)}; make one with `starcadence init`"
        )
    return LocalSigner(public_key=_public(key.public_key()), key=key)


def load_salt_key(path: Path) -> bytes:
    """Read the 32 bytes of the salt key. Raises `UsageError`."""
    text = _read_secret(path, "salt key").strip()
    try:
        salt = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        salt = b""
    if len(salt) != SALT_BYTES:
        raise UsageError(
            f"{path}: the salt key must be {2 * SALT_BYTES} hexadecimal digits; give the file that `starcadence init` made"
        )
    return salt


def load_public(path: Path) -> PublicKey:
    """Read a public key to trust (PEM). Raises `UsageError`."""
    try:
        with path.open("rb") as file:
            return parse_public(file.read(MAX_KEY_FILE))
    except OSError as error:
        raise UsageError(
            f"{path}: cannot read the public key ({error.strerror}); give the path of a PEM file"
        ) from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


def parse_public(pem: bytes) -> PublicKey:
    """The public key that a PEM text holds. Raises `ValueError` in words for an operator."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if b"PRIVATE KEY" in pem:
        raise ValueError(
            "this is a private key; give its public part (`openssl pkey -pubout`), and keep this one to yourself"
        )
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a public key in PEM (BEGIN PUBLIC KEY)") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError(f"the key must be of the kind P-256, this is {_kind(key)}")  # noqa: TRY004 -- a fault of the file, as the others
    return _public(key)


def parse_public_der(der: bytes) -> PublicKey:
    """The public key that a SubjectPublicKeyInfo (DER) holds. Raises `ValueError` in words for an operator."""
    return parse_public(b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der) + b"-----END PUBLIC KEY-----\n")


def _public(key: "EllipticCurvePublicKey") -> PublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return PublicKey(pem=pem, fingerprint=hashlib.sha256(der).hexdigest(), key=key)


def _kind(key: object) -> str:
    curve = getattr(key, "curve", None)
    name: str = getattr(curve, "name", type(key).__name__)
    return name.removeprefix("_").removesuffix("PrivateKey").removesuffix("PublicKey")


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(
            f"{path}: a key stands there already, and keys are never overwritten; move it away first"
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # half a key (disk full) would stand in the way of the next try
        raise


def _read_secret(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            mode = stat.S_IMODE(found.st_mode)
            # Kubernetes mounts a secret as root's, readable for the pod's group; as PostgreSQL does, that much is allowed.
            if mode & (0o037 if found.st_uid == 0 and os.geteuid() != 0 else 0o077):
                raise UsageError(
                    f"{path}: others than its owner may use the {what} (mode {mode:04o}); type `chmod 600 {path}`"
                )
            return file.read(MAX_KEY_FILE)
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no {what}; `starcadence init` makes one") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot read the {what} ({error.strerror})") from None

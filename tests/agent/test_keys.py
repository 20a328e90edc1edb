"""Keys: made once, read strictly, and every fault says what to type."""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from agent import keys
from agent.errors import UsageError, VerificationError


def pem(key, encryption=None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def secret_file(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("make", [keys.make_signing_key, keys.make_salt_key])
def test_a_key_is_made_for_its_owner_alone_and_never_overwritten(make, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "key"
    make(path)
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="never overwritten"):
        make(path)
    assert path.read_bytes() == before


def test_what_is_made_can_be_loaded(tmp_path: Path) -> None:
    made = keys.make_signing_key(tmp_path / "signing.pem")
    loaded = keys.load_signer(tmp_path / "signing.pem")
    assert loaded.fingerprint == made.fingerprint
    assert loaded.public_key == made.public_key
    salt = keys.make_salt_key(tmp_path / "salt.key")
    assert keys.load_salt_key(tmp_path / "salt.key") == salt


def test_the_fingerprint_is_what_openssl_says(tmp_path: Path) -> None:
    signer = keys.make_signing_key(tmp_path / "signing.pem")
    der = subprocess.run(
        ["openssl", "pkey", "-in", tmp_path / "signing.pem", "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    )
    digest = subprocess.run(["sha256sum"], input=der.stdout, capture_output=True, check=True)
    assert digest.stdout.split()[0].decode() == signer.fingerprint


def test_openssl_accepts_a_signature(tmp_path: Path) -> None:
    signer = keys.make_signing_key(tmp_path / "signing.pem")
    (tmp_path / "pub.pem").write_text(signer.public_key.pem)
    (tmp_path / "sig").write_bytes(signer.sign(b"message"))
    command = ["openssl", "dgst", "-sha256", "-verify", tmp_path / "pub.pem", "-signature", tmp_path / "sig"]
    assert subprocess.run(command, input=b"message", capture_output=True, check=True).stdout == b"Verified OK\n"


def test_the_same_message_gives_the_same_signature(tmp_path: Path) -> None:
    signer = keys.make_signing_key(tmp_path / "signing.pem")
    assert signer.sign(b"message") == signer.sign(b"message") != signer.sign(b"another")


def test_a_signature_holds_for_its_key_and_message_only(tmp_path: Path) -> None:
    signer, other = (keys.make_signing_key(tmp_path / name) for name in ("one", "other"))
    signature = keys.low_s(signer.sign(b"message"))
    signer.public_key.verify(signature, b"message")
    for key, one, message in (
        (other.public_key, signature, b"message"),
        (signer.public_key, signature, b"massage"),
        (signer.public_key, b"", b"message"),
        (signer.public_key, b"no DER", b"message"),
        (signer.public_key, signature + b"\0", b"message"),
    ):
        with pytest.raises(VerificationError):
            key.verify(one, message)


def test_the_second_valid_value_of_a_signature_is_refused(tmp_path: Path) -> None:
    signer = keys.make_signing_key(tmp_path / "signing.pem")
    r, s = decode_dss_signature(keys.low_s(signer.sign(b"message")))
    twin = encode_dss_signature(r, keys.ORDER - s)
    assert keys.low_s(twin) == encode_dss_signature(r, s)
    with pytest.raises(VerificationError, match="canonical"):
        signer.public_key.verify(twin, b"message")


FAULTS = {
    "nothing there": (None, 0o600, "starcadence init"),
    "readable by the group": (pem(ec.generate_private_key(ec.SECP256R1())), 0o640, "chmod 600"),
    "readable by the world": (pem(ec.generate_private_key(ec.SECP256R1())), 0o604, "chmod 600"),
    "empty": (b"", 0o600, "not a private key in PEM"),
    "bad PEM": (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0o600, "not a private key in PEM"),
    "RSA": (pem(rsa.generate_private_key(65537, 2048)), 0o600, "must be of the kind P-256, this is RSA"),
    "Ed25519": (pem(ed25519.Ed25519PrivateKey.generate()), 0o600, "must be of the kind P-256, this is Ed25519"),
    "another curve": (
        pem(ec.generate_private_key(ec.SECP384R1())),
        0o600,
        "must be of the kind P-256, this is secp384r1",
    ),
    "encrypted": (pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"x")), 0o600, "openssl pkcs8"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_key_that_cannot_sign_says_why(fault: str, tmp_path: Path) -> None:
    content, mode, words = FAULTS[fault]
    path = tmp_path / "signing.pem"
    if content is not None:
        secret_file(path, content, mode)
    with pytest.raises(UsageError, match=words) as error:
        keys.load_signer(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"zz" * 32, b"\xff" * 64])
def test_a_malformed_salt_key_says_so(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        keys.load_salt_key(secret_file(tmp_path / "salt.key", content))


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        keys.load_signer(tmp_path)


def test_a_public_key_is_loaded_and_faults_are_named(tmp_path: Path) -> None:
    signer = keys.make_signing_key(tmp_path / "signing.pem")
    good = secret_file(tmp_path / "pub.pem", signer.public_key.pem.encode(), 0o644)
    assert keys.load_public(good) == signer.public_key
    with pytest.raises(UsageError, match="private key"):
        keys.load_public(tmp_path / "signing.pem")
    with pytest.raises(UsageError, match="not a public key"):
        keys.load_public(secret_file(tmp_path / "junk", b"junk"))
    with pytest.raises(UsageError, match="cannot read"):
        keys.load_public(tmp_path / "absent")
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    from cryptography.hazmat.primitives.serialization import PublicFormat

    content = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UsageError, match="P-256"):
        keys.load_public(secret_file(tmp_path / "p384", content))


def test_half_a_key_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        keys.make_salt_key(tmp_path / "salt.key")
    assert not (tmp_path / "salt.key").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize(("mode", "readable"), [(0o440, True), (0o444, False), (0o460, False)])
def test_a_secret_that_root_mounts_may_be_read_by_the_group_and_by_nobody_else(mode, readable):
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        path = secret_file(Path(name) / "salt.key", b"ab" * 32, mode)
        os.chown(path, 0, 65532)
        child = os.fork()
        if not child:
            os.setgroups([])
            os.setgid(65532)
            os.setuid(65532)
            try:
                os._exit(0 if keys.load_salt_key(path) else 9)
            except UsageError:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == (0 if readable else 2)

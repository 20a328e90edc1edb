"""The key that seals cycles and journal, wherever the programme says that it is: a file, or a key service."""

from agent.awskms import SCHEME, open_kms
from agent.keys import Signer, load_signer
from agent.reading import Loaded


def open_signer(loaded: Loaded) -> Signer:
    """The programme's signing key. Raises `AgentError` where it cannot be used."""
    address = loaded.programme.signing.key
    return open_kms(address) if address.startswith(SCHEME) else load_signer(loaded.key)

"""What must never reach a store: secrets and e-mail addresses that the estate carries where real estates carry them.

None of them is real; they are put together here so that no scanner takes this file for a leak.
"""

PERSON = "maria.lopez@cloud.example"
"""In a user's name, a tag, a rule's description."""
CONTACT = "soc-duty@cloud.example"
"""The registered security contact."""
PHONE = "+49-30-5550-1234"
"""The security contact's telephone number."""
OWNER = "storage-oncall@cloud.example"
"""In resource tags."""
ACCESS_KEY = "AKIA" + "STARCADENCECANAR"
"""An access key id, in a tag."""
TOKEN = "ghp_" + "C4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ry"
"""A code host's token, in a tag."""
PASSWORD = "hunter2-canary-" + "Zx9vQ7"
"""A database password, in user data."""
EXTERNAL_ID = "canary-external-id-" + "5f1c"
"""What the read role's trust policy asks for: a shared secret of sorts, seen in that policy."""

CANARIES = (PERSON, CONTACT, PHONE, OWNER, ACCESS_KEY, TOKEN, PASSWORD)
"""A test searches every byte of a store for each of these."""

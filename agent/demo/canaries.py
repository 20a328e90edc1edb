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
"""An access key id, in a tag; by itself it names a key and opens nothing."""
SECRET_KEY = "wJalrXUtnFEMI/" + "K7MDENG/" + "canaryCANARYcanar4"
"""The secret that goes with it, beside it."""
TOKEN = "ghp_" + "C4n4ryC4n4ryC4n4ryC4n4ryC4n4ryC4n4ry"
"""A code host's token, in a tag."""
PASSWORD = "hunter2-canary-" + "Zx9vQ7"
"""A password: of databases and people, in a function's environment, in user data."""
ACCOUNT = "aws-production@cloud.example"
"""The address under which an account was opened."""
EXTERNAL_ID = "canary-external-id-" + "5f1c"
"""What the read role's trust policy asks for: a shared secret of sorts, seen in that policy."""

CANARIES = (PERSON, CONTACT, PHONE, OWNER, SECRET_KEY, TOKEN, PASSWORD, ACCOUNT, EXTERNAL_ID)
"""A test searches every byte of a store for each of these."""

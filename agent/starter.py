"""The first programme that `starcadence init` writes: commented, small, and without fault as it stands."""

import json
from dataclasses import dataclass

ROLE = "starcadence-read"
"""The role's usual name, as the templates under `deploy/` make it."""

EXTERNAL_ID = "STARCADENCE_EXTERNAL_ID"
"""The variable that gives the external id, to init --discover as well."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What init was told, or found out."""

    name: str = "Example Cloud"
    organization: str | None = None
    role: str | None = None
    external_id: bool = False
    """An external id stands in the environment."""
    remarks: tuple[str, ...] = ()
    """What discovery has to say about the scope, one line each; they become comments."""


def programme(answers: Answers) -> str:
    """The text of programme.yaml."""
    return _TEXT.format(name=_quoted(answers.name), scope="\n".join(_scope(answers)))


def comment(line: str) -> str:
    """A remark as a comment: one line, printable whatever the world put into it."""
    return f"    # {''.join(character if character.isprintable() else ' ' for character in line)}".rstrip()


def _scope(answers: Answers) -> list[str]:
    """What is known stands, what is not is a comment that may be uncommented as it is."""
    known = {"organization": answers.organization, "role": answers.role or (ROLE if answers.organization else None)}
    words = {
        "organization": (
            known["organization"] or "o-exampleorg01",
            "every account of it; without: the account of the ambient credentials",
        ),
        "role": (_quoted(known["role"] or ROLE), "read-only, assumed in every account"),
    }
    lines = [f"    {'' if known[key] else '# '}{key}: {value}" for key, (value, _) in words.items()]
    lines = [f"{line:<41} # {why}" for line, (_, why) in zip(lines, words.values(), strict=True)]
    lines.append(
        f"    {'' if answers.external_id else '# '}external_id: ${{{EXTERNAL_ID}}}   # taken from the environment"
    )
    return ["  aws:", *lines, _OPEN, *(comment(line) for line in answers.remarks)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


_OPEN = """\
    regions: []                           # only these of the enabled ones, e.g. [eu-central-1]; [] for all
    # exclude:
    #   - account: "012345670123"         # in quotes
    #     reason: sandbox without customer data
    #     owner: service-lead"""

_TEXT = """\
# What we promise, for which services, how often, over which scope.
# `starcadence init --schema` prints the JSON Schema for your editor; `starcadence check` says what is still wrong.
provider: {name}
contact: assurance@cloud.example          # printed on the public report

cadence:
  cycle: monthly                          # or quarterly
  time_zone: UTC                          # in which months begin, e.g. Europe/Berlin
  sweep_every: 24h
  seal_within: 2d                         # these three count from the end of a cycle
  review_within: 10d
  publish_within: 15d

scope:
{scope}

services:
  - id: main                              # never changes: it names the service in store and bundles
    name: {name}
    owner: service-lead
    level: 1                              # what the STAR entry claims underneath: 1, 2-certification, 2-attestation
    ccm: 4.1.0                            # or 4.0.13
    # scope: {{tags: {{service: main}}}}      # only what carries the tag; accounts: [...] works too
    specifications:                       # `starcadence catalog coverage` lists which ones checks speak of
      CCM:4.1:CEK-03: {{owner: security-lead, responsibility: shared, ours: encryption at rest, customers: keys they bring}}
      CCM:4.1:IAM-14: {{owner: security-lead, responsibility: provider, slo: 99.5%, tolerance: 5%}}
      CCM:4.1:LOG-12: {{owner: security-lead, responsibility: provider}}    # slo: 100% and tolerance: 0% unless said

owners:
  service-lead: {{email: service@cloud.example}}
  security-lead: {{email: security@cloud.example}}

# publish:                                # once a cycle is reviewed (`starcadence review`), its edition goes there
#   - {{to: public/, edition: public}}      # or customer, auditor

remediate_within: {{critical: 7d, high: 30d, medium: 90d}}

approved_exceptions: exceptions/          # a folder of small files, reviewed like code
store: store/
signing: {{key: keys/signing.pem, salt_key: keys/salt.key}}
"""

EXCEPTIONS = """\
# Approved exceptions

One file per decision to live with a deviation for a while, e.g. `legacy-upload.yaml`.
An excepted failure stays a failure and is counted apart.

```yaml
id: legacy-upload
check: data_is_encrypted_at_rest
requester: Ada Beispiel
approver: Bo Muster                   # another person
rationale: the vendor's importer cannot read encrypted volumes before its next release
created: 2026-01-15
expires: 2026-06-30                   # a year after created at the latest
compensating_control: the volume holds public data only
resources: ["arn:aws:ec2:eu-central-1:111122223333:volume/vol-0123456789abcdef0"]   # or accounts, or tags
```
"""

IGNORED = ("keys/*.pem", "keys/*.key", "store/")
"""What git must not keep."""

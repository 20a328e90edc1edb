"""The programme file: every fault at once, in words that say how to mend it; and the values of a file without fault."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.committed import committed
from agent.errors import ProgrammeError, UsageError
from agent.reading import faults_of, load, locate

GOOD = """\
provider: Example Cloud GmbH
contact: assurance@cloud.example
cadence: {cycle: monthly}
scope:
  aws:
    organization: o-exampleorg01
services:
  - id: object-store
    name: Example Object Store
    owner: ada
    level: 1
    ccm: 4.1.0
    specifications:
      CCM:4.1:CEK-03: {owner: ada, responsibility: shared, slo: 99.5%}
owners:
  ada: {email: ada@cloud.example}
"""

BAD = [
    # the cadence
    ("cycle: monthly", "cycle: weekly", "3: cadence.cycle is 'weekly'; write monthly or quarterly"),
    ("cycle: monthly", "cycles: monthly", "3: cadence lacks 'cycle'; add it: monthly or quarterly",
     "3: unknown key 'cycles' in cadence; did you mean 'cycle'?"),
    ("monthly}", "monthly, timezone: UTC}", "3: unknown key 'timezone' in cadence; did you mean 'time_zone'?"),
    ("monthly}", "monthly, time_zone: Europe/Berln}", "3: 'Europe/Berln' is no time zone; did you mean 'Europe/Berlin'?"),
    ("monthly}", "monthly, time_zone: localtime}", "3: 'localtime' is no time zone; write an IANA name, e.g. Europe/Berlin"),
    ("monthly}", "monthly, time_zone: ../UTC}", "3: '../UTC' is no time zone; write an IANA name, e.g. Europe/Berlin"),
    ("monthly}", "monthly, sweep_every: 24 hours}",
     "3: cadence.sweep_every is '24 hours'; write a number and m, h or d, e.g. 24h or 2d"),
    ("monthly}", "monthly, sweep_every: 24}", "3: cadence.sweep_every is 24; write a number and m, h or d, e.g. 24h or 2d"),
    ("monthly}", "monthly, sweep_every: 59m}", "3: cadence.sweep_every is 59m; write something from 1h to 31d, e.g. 24h"),
    ("monthly}", "monthly, sweep_every: 32d}", "3: cadence.sweep_every is 32d; write something from 1h to 31d, e.g. 24h"),
    ("monthly}", "monthly, review_within: 1d}",
     "3: cadence.review_within (1d) is sooner than seal_within (2d); give it the same time or more"),
    ("monthly}", "monthly, publish_after: never}", "3: cadence.publish_after is 'never'; write review or seal"),
    ("{cycle: monthly}", "monthly", "3: cadence must be a mapping (`key: value` lines, or {}), not 'monthly'"),
    # the scope
    ("organization: o-exampleorg01", "organization: 111122223333",
     "6: scope.aws.organization is 111122223333; write an organisation's id, e.g. o-exampleorg01"),
    ("organization: o-exampleorg01", "accounts: [111122223333]",
     '6: scope.aws.accounts[0] must be text; put it in quotes: "111122223333"'),
    ("organization: o-exampleorg01", 'accounts: ["1234"]',
     "6: scope.aws.accounts[0] is '1234'; write twelve digits in quotes, leading zeros and all, e.g. \"012345670123\""),
    ("organization: o-exampleorg01", 'accounts: "111122223333"',
     "6: scope.aws.accounts must be a list (`- ` lines, or []), not '111122223333'"),
    ("organization: o-exampleorg01", 'accounts: ["111122223333", "111122223333"]',
     "6: '111122223333' stands in this list twice; keep one"),
    ("organization: o-exampleorg01", "role: arn:aws:iam::111122223333:role/x",
     "6: scope.aws.role is 'arn:aws:iam::111122223333:role/x'; write a role's name, not its ARN, e.g. starcadence-read"),
    ("organization: o-exampleorg01", "regions: [Frankfurt]",
     "6: scope.aws.regions[0] is 'Frankfurt'; write a region's own name, e.g. eu-central-1"),
    ("organization: o-exampleorg01", "rate: 90%",
     "6: rate '90%' is none or leaves too little to others; write more than 0% and at most 80%"),
    ("organization: o-exampleorg01", "exclude: [{reason: sandbox, owner: ada}]",
     "6: this exclusion leaves out nothing; write account: or region: beside its reason"),
    ("organization: o-exampleorg01", 'exclude: [{account: "111122223333", owner: ada}]',
     "6: scope.aws.exclude[0] lacks 'reason'; add it"),
    ("organization: o-exampleorg01", 'accounts: ["111122223333"]\n    exclude: [{account: "111122223333", reason: x, owner: ada}]',
     "7: account '111122223333' is excluded and listed under accounts; keep one of the two"),
    ("organization: o-exampleorg01", "regions: [eu-west-1]\n    exclude: [{region: eu-west-1, reason: x, owner: ada}]",
     "7: region 'eu-west-1' is excluded and listed under regions; keep one of the two"),
    ("organization: o-exampleorg01",
     "exclude:\n    - {region: eu-west-1, reason: x, owner: ada}\n    - {region: eu-west-1, reason: y, owner: ada}",
     "8: the same exclusion a second time (first at line 7); keep one"),
    ("    organization: o-exampleorg01\n", "",
     "5: scope names no place to look; write `aws: {}` for the account of the ambient credentials, or more under aws"),
    ("  aws:\n    organization: o-exampleorg01", "  {}",
     "4: scope names no place to look; write `aws: {}` for the account of the ambient credentials, or more under aws"),
    ("  aws:", "  azure: {tenant: x}\n  aws:",
     "5: scope.azure.tenant is 'x'; write an id in lower case, e.g. 11111111-2222-4333-8444-555555555555"),
    ("  aws:", "  gcp: {organization: example.com}\n  aws:",
     '5: scope.gcp.organization is \'example.com\'; write its number, digits only and in quotes, e.g. "123456789012"'),
    ("  aws:", "  gcp: {projects: [Acme Prod]}\n  aws:",
     "5: scope.gcp.projects[0] is 'Acme Prod'; write a project's id, neither its name nor its number, e.g. acme-prod"),
    ("  aws:", '  gcp: {organization: "123456789012", folders: ["1001"]}\n  aws:',
     "5: folders lie in the organization, all of which is looked at; keep one of the two, or exclude the other folders"),
    ("  aws:", "  gcp: {exclude: [{reason: x, owner: ada}]}\n  aws:",
     "5: this exclusion names not one thing; write either project: or folder: beside its reason"),
    ("  aws:", '  gcp:\n    exclude:\n    - {folder: "1001", reason: x, owner: ada}\n    - {folder: "1001", reason: y, owner: ada}\n  aws:',
     "8: the same exclusion a second time (first at line 7); keep one"),
    ("  aws:", "  gcp: {projects: [acme-prod], exclude: [{project: acme-prod, reason: x, owner: ada}]}\n  aws:",
     "5: project 'acme-prod' is excluded and listed under projects; keep one of the two"),
    ("  aws:", '  gcp: {folders: ["1001"], exclude: [{folder: "1001", reason: x, owner: bob}]}\n  aws:',
     "5: 'bob' is not under `owners`; add it there, with an e-mail address",
     "5: folder '1001' is excluded and listed under folders; keep one of the two"),
    ("  aws:", "  gcp: {projects: [acme-prod, acme-prod]}\n  aws:", "5: 'acme-prod' stands in this list twice; keep one"),
    ("  aws:", "  gcp: {impersonate: ada@corp.example}\n  aws:",
     ("5: scope.gcp.impersonate is 'ada@corp.example'; write a service account's address, e.g. "
      "starcadence@acme-audit.iam.gserviceaccount.com")),
    ("  aws:\n    organization: o-exampleorg01\nservices:",
     "  gcp: {projects: [acme-prod]}\nservices:\n  - {scope: {accounts: [acme-data]}}",
     "7: account 'acme-data' is not under scope.gcp.projects; add it there or remove it here",
     *(f"7: services[0] lacks '{key}'; add it{wish}" for key, wish in (
         ("ccm", ": 4.0.13 or 4.1.0"), ("id", ": lower-case letters, digits and hyphens, at most 63, e.g. object-store"),
         ("level", ": 1, 2-attestation or 2-certification"), ("name", ""), ("owner", ""), ("specifications", "")))),
    ("organization: o-exampleorg01", "external_id: ${EXTERNAL}",
     "6: the environment variable EXTERNAL is not set; export it, or write the external id here"),
    ("organization: o-exampleorg01", "external_id: x-${EXTERNAL}",
     "6: scope.aws.external_id is 'x-${EXTERNAL}'; write ${NAME} and nothing else, in capitals, digits and underscores"),
    ("organization: o-exampleorg01", "external_id: ${SET_BADLY}",
     "6: the value of SET_BADLY is no external id; AWS takes 2 to 1224 letters, digits and _+=,.@:/-"),
    ("provider: Example Cloud GmbH", "provider: ${NAME}",
     "1: provider is '${NAME}'; only scope.aws.external_id may come from the environment: write the value"),
    # services and their specifications
    ("    owner: ada\n", "", "8: services[0] lacks 'owner'; add it"),
    ("    owner: ada\n", "    owner: Ada\n", "10: 'Ada' is not under `owners`; did you mean 'ada'?"),
    ("    owner: ada\n", "    owner: storage\n", "10: 'storage' is not under `owners`; add it there, with an e-mail address"),
    ("id: object-store", "id: Object Store",
     "8: services[0].id is 'Object Store'; write lower-case letters, digits and hyphens, at most 63, e.g. object-store"),
    ("level: 1", "level: 2", "11: services[0].level is 2; write 1, 2-attestation or 2-certification"),
    ("level: 1", "level: true", "11: services[0].level is true; write 1, 2-attestation or 2-certification"),
    ("ccm: 4.1.0", "ccm: 4.1", "12: services[0].ccm is 4.1; write 4.0.13 or 4.1.0"),
    ("CCM:4.1:CEK-03", "CEK-03",
     ("14: 'CEK-03' does not say its version as CCM references do: write CCM:4.0:CEK-03 (Data Encryption) or "
      "CCM:4.1:CEK-03 (Data Protection)")),
    ("CCM:4.1:CEK-03", "CCM:4.0:LOG-07",
     "14: CCM:4.0:LOG-07 is of CCM 4.0.13, but CCM 4.1.0 is what this stands under; there it is CCM:4.1:LOG-07 (Logging Scope)"),
    ("CCM:4.1:CEK-03", "CCM:4.1:CEK-99",
     "14: CCM:4.1:CEK-99 is not a specification of CCM 4.1.0; did you mean CCM:4.1:CEK-19, Key Compromise?"),
    ("CCM:4.1:CEK-03", "CCM:4.1:IVS-*",
     ("14: CCM:4.1:IVS-* stands for nothing: the domains are A&A, AIS, BCR, CCC, CEK, DCS, DSP, GRC, HRS, IAM, IPY, I&S, LOG, SEF, "
      "STA, TVM, UEM")),
    ("slo: 99.5%", "slo: 99.5",
     "14: services[0].specifications.CCM:4.1:CEK-03.slo is 99.5; write a share from 0% to 100%, e.g. 99.5%"),
    ("slo: 99.5%", "slo: 100.1%",
     "14: services[0].specifications.CCM:4.1:CEK-03.slo is '100.1%'; write a share from 0% to 100%, e.g. 99.5%"),
    ("slo: 99.5%", "slo: 0%",
     "14: services[0].specifications.CCM:4.1:CEK-03.slo is 0%, which everything meets; write the share that must pass, e.g. 99.5%"),
    ("slo: 99.5%", "tolerance: 100%",
     "14: services[0].specifications.CCM:4.1:CEK-03.tolerance is 100%, which tolerates every sweep; write a smaller share, e.g. 5%"),
    ("responsibility: shared", "responsibility: us",
     "14: services[0].specifications.CCM:4.1:CEK-03.responsibility is 'us'; write customer, provider, shared or third party"),
    ("specifications:\n      CCM:4.1:CEK-03: {owner: ada, responsibility: shared, slo: 99.5%}", "specifications: {}",
     "13: this service commits to no specification; write at least one, e.g. CCM:4.1:CEK-03"),
    ("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    registry: {submitted: 2026-02-30}\n",
     "13: services[0].registry.submitted is '2026-02-30'; write a day of the calendar as YYYY-MM-DD"),
    ("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    registry: {submitted: 20260228}\n",
     "13: services[0].registry.submitted is 20260228; write a day as YYYY-MM-DD"),
    ("    ccm: 4.1.0\n", "    ccm: 4.1.0\n    scope: {tags: {tier: 1}}\n",
     '13: services[0].scope.tags.tier must be text; put it in quotes: "1"'),
    ("owners:", "  - id: object-store\n    name: B\n    owner: ada\n    level: 1\n    ccm: 4.1.0\n    specifications: {}\nowners:",
     "15: a second service with the id 'object-store' (first at line 8); give each its own",
     "20: this service commits to no specification; write at least one, e.g. CCM:4.1:CEK-03"),
    ("owners:", "service: 1\nowners:", "15: unknown key 'service'; did you mean 'services'?"),
    ("organization: o-exampleorg01\nservices:", 'accounts: ["111122223333"]\nservices:\n  - {scope: {accounts: ["222233334444"]}}',
     "8: account '222233334444' is not under scope.aws.accounts; add it there or remove it here",
     *(f"8: services[0] lacks '{key}'; add it{wish}" for key, wish in (
         ("ccm", ": 4.0.13 or 4.1.0"), ("id", ": lower-case letters, digits and hyphens, at most 63, e.g. object-store"),
         ("level", ": 1, 2-attestation or 2-certification"), ("name", ""), ("owner", ""), ("specifications", "")))),
    ("o-exampleorg01\nservices:\n  - ",
     ('o-exampleorg01\n    exclude: [{account: "111122223333", reason: x, owner: ada}]\n'
      'services:\n  - scope: {accounts: ["111122223333"]}\n    '),
     "9: account '111122223333' is left out under scope.aws.exclude; remove it here or there"),
    ("services:\n", "services: []\nmore:\n", "7: services is empty; write at least one entry",
     ("8: unknown key 'more'; known here: provider, contact, cadence, scope, services, owners, routes, mail, digests, publish, "
      "remediate_within, parameters, metrics, records, registers, suppliers, packs, findings, approved_exceptions, "
      "store, store_options, signing, health")),
    # the rest
    ("contact: assurance@cloud.example", "contact:", "2: contact is empty; write text"),
    ("contact: assurance@cloud.example", 'contact: " "', "2: contact is ' '; write some text"),
    ("contact: assurance@cloud.example\n", "", "1: the file lacks 'contact'; add it"),
    ("ada: {email: ada@cloud.example}", "ada: {email: ada}", "16: owners.ada.email is 'ada'; write an address, e.g. storage@cloud.example"),
    ("owners:", "remediate_within: {critical: 9d, high: 7d}\nowners:",
     "15: remediate_within.high (7d) is sooner than critical (9d); give it the same time or more"),
    ("owners:", "remediate_within: {urgent: 1d}\nowners:",
     "15: unknown key 'urgent' in remediate_within; known here: critical, high, low, medium"),
    ("owners:", "store: ftp://example/\nowners:",
     "15: store is 'ftp://example/'; write a folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"),
    ("owners:", "store_options: {retain_days: 0}\nowners:", "15: store_options.retain_days is 0; write a number of days from 1 to 36500"),
    ("owners:", "signing: {key: gcpkms:x}\nowners:",
     "15: signing.key is 'gcpkms:x'; write a path beside this file, or awskms: and a key's alias, id or ARN"),
    ("owners:", "signing: {key: keys/a, salt_key: keys/a}\nowners:",
     "15: signing.salt_key is 'keys/a', which is something else too; give it a file of its own"),
    ("owners:", "signing: {timestamp: null}\nowners:",
     "15: signing.timestamp is not in this version: timestamps come later; remove it"),
    ("owners:", "records: [none-here]\nowners:",
     "15: records: none-here cannot be read as a folder (no folder is there); make it, or remove it here"),
    ("owners:", "registers: {incident: x.csv}\nowners:", "15: unknown key 'incident' in registers; did you mean 'incidents'?"),
    ("owners:", "metrics: {CEK-03-M9: 90%}\nowners:", "15: 'CEK-03-M9' is no metric; did you mean 'CEK-03-M3'?"),
    ("owners:", "health: {listen: '127.0.0.1:99999'}\nowners:", "15: health.listen is '127.0.0.1:99999'; write a port up to 65535"),
    ("owners:", "health: {listen: localhost}\nowners:",
     '15: health.listen is \'localhost\'; write address and port, e.g. "127.0.0.1:9464"'),
    ("owners:", "health: {listen: '0.0.0.0:9464', tier: auditor}\nowners:",
     "15: health.listen is '0.0.0.0:9464': anybody may ask for the auditor's page there; add health.tls.clients, or listen on 127.0.0.1"),
    ("owners:", "approved_exceptions: none-here\nowners:",
     "15: approved_exceptions: none-here cannot be read as a folder (No such file or directory); make it, or remove the key"),
]  # fmt: skip


def write(folder, text, name="programme.yaml"):
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    return path


def told(path, **more):
    """The faults of a file, without its name."""
    with pytest.raises(ProgrammeError) as caught:
        load(path, **{"environment": {"SET_BADLY": "ä!"}, **more})
    assert all(fault.startswith(f"{path.parent}") for fault in caught.value.faults)
    return [fault.removeprefix(f"{path}:") for fault in caught.value.faults]


@pytest.mark.parametrize(("good", "bad", "expected"), [(good, bad, list(words)) for good, bad, *words in BAD])
def test_a_bad_programme_says_what_is_wrong_and_how_to_mend_it(tmp_path, good, bad, expected):
    assert good in GOOD
    assert told(write(tmp_path, GOOD.replace(good, bad, 1))) == expected


def test_every_fault_is_told_at_once_in_reading_order(tmp_path):
    """Of reading, of shape, of meaning, and of another file."""
    text = GOOD.replace("monthly", "weekly").replace("level: 1", "level: 7").replace("99.5%", "0%")
    write(tmp_path, "id: x\n", "exceptions/a.yaml")
    found = told(write(tmp_path, f"{text}approved_exceptions: exceptions\ntypo: 1\nprovider: again\n"))
    assert [fault.split(":")[0] for fault in found if fault[0].isdigit()] == ["3", "11", "14", "18", "19"]
    assert f"{tmp_path / 'exceptions/a.yaml'}:1: the file lacks 'approver'; add it" in found


def test_what_reading_stepped_over_is_told_once(tmp_path):
    assert told(write(tmp_path, GOOD.replace("level: 1", "level: *one"))) == [
        "11: an alias (*one); write the value out"
    ]


def test_the_shared_picture_says_what_is_not_built_yet():
    picture = GOOD + "signing: {timestamp: null}\nscope: {}\n"
    assert [fault.split(": ", 1)[1].split(" ")[0] for fault in faults_of(picture.encode(), "p.yaml")] == [
        "signing.timestamp", "'scope'",
    ]  # fmt: skip


def test_a_good_programme_is_its_values(tmp_path):
    loaded = load(write(tmp_path, GOOD), environment={})
    assert loaded.programme.services[0].level == "1"
    assert loaded.programme.scope.aws.organization == "o-exampleorg01"
    assert loaded.exceptions == () == loaded.ignored
    assert loaded.store == str(tmp_path / "store")
    assert loaded.key == tmp_path / "keys/signing.pem"
    assert loaded.salt_key == tmp_path / "keys/salt.key"
    assert loaded.beside("/elsewhere") == Path("/elsewhere")


def test_the_digest_is_of_values_not_of_comments_order_or_environment(tmp_path):
    text = GOOD.replace("    organization", "    external_id: ${SECRET}\n    organization")
    one = load(write(tmp_path, text), environment={"SECRET": "first-secret"})
    turned = "# a comment\n" + text.split("\n", 1)[1] + 'provider: "Example Cloud GmbH"\n'
    other = load(write(tmp_path, turned), environment={"SECRET": "second-secret"})
    assert one.digest == other.digest
    assert (one.programme.scope.aws.external_id, other.programme.scope.aws.external_id) == (
        "first-secret",
        "second-secret",
    )
    assert load(write(tmp_path, GOOD), environment={}).digest != one.digest


def test_no_fault_shows_a_secret(tmp_path):
    path = write(tmp_path, GOOD.replace("organization: o-exampleorg01", "external_id: ${SECRET}\n    extra: 1"))
    with pytest.raises(ProgrammeError) as caught:
        load(path, environment={"SECRET": "hunter2 with spaces"})
    assert len(caught.value.faults) == 2
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("every", ["1h", "60m", "90m", "7h", "24h", "7d", "31d"])
def test_a_sweep_may_be_due_hourly_to_monthly(tmp_path, every):
    text = GOOD.replace("monthly}", f"monthly, sweep_every: {every}}}")
    assert load(write(tmp_path, text), environment={}).programme.cadence.sweep_every == every


def test_an_exact_specification_wins_over_a_pattern_and_ccm_order_is_kept(tmp_path):
    patterns = "CCM:4.1:LOG-*: {owner: ada, responsibility: provider}\n      CCM:4.1:CEK-*: {owner: ada, responsibility: customer}\n      "
    service = load(
        write(tmp_path, GOOD.replace("CCM:4.1:CEK-03", patterns + "CCM:4.1:CEK-03")), environment={}
    ).programme.services[0]
    found = committed(service)
    assert list(found) == [f"CCM:4.1:CEK-{n:02}" for n in range(1, 22)] + [f"CCM:4.1:LOG-{n:02}" for n in range(1, 15)]
    assert (found["CCM:4.1:CEK-02"].responsibility, found["CCM:4.1:CEK-03"].responsibility) == ("customer", "shared")
    assert found["CCM:4.1:CEK-03"].slo == "99.5%"


def test_the_programme_is_named_by_option_then_environment_then_here(tmp_path, monkeypatch):
    path = write(tmp_path, GOOD, "a.yaml")
    assert locate(path, {"STARCADENCE_PROGRAMME": "b.yaml"}) == path
    assert locate(None, {"STARCADENCE_PROGRAMME": str(path)}) == path
    monkeypatch.chdir(tmp_path)
    write(tmp_path, GOOD)
    assert locate(None, {}) == Path("programme.yaml")


@pytest.mark.parametrize(
    ("option", "environment", "words"),
    [
        ("x.yaml", {}, r"at x.yaml \(--programme\); .*`starcadence init`"),
        (None, {"STARCADENCE_PROGRAMME": "y.yaml"}, r"at y.yaml \(STARCADENCE_PROGRAMME\); .*`starcadence init`"),
        (None, {}, r"at programme.yaml here, and neither .* is given; .*`starcadence init`"),
    ],
)
def test_a_programme_that_is_not_there_says_where_it_was_looked_for(tmp_path, monkeypatch, option, environment, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=words):
        locate(option, environment)


PIECES = GOOD.splitlines(keepends=True)
WORDS = [
    "null",
    "[]",
    "{}",
    "''",
    "12",
    "true",
    "x",
    "[[]]",
    "{a: b}",
    "1e5",
    "${A}",
    "*",
    "CCM:4.1:*",
    "99999d",
    "2026-01-01",
    '"\\n"',
]


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_text_raises_anything_but_faults_with_file_and_line(data):
    """Lines dropped, doubled and swapped, values replaced: a value, or faults that each name file and line."""
    lines = (
        data.draw(st.lists(st.sampled_from(PIECES), min_size=6, max_size=24))
        if data.draw(st.booleans())
        else list(PIECES)
    )
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _rest = lines[at].partition(": ")
        lines[at] = f"{key}{colon or ': '}{data.draw(st.sampled_from(WORDS) | st.text(max_size=6))}\n"
    found = faults_of("".join(lines).encode(errors="surrogatepass"), "p.yaml")
    assert all(fault.startswith("p.yaml:") and int(fault.split(":")[1]) >= 1 for fault in found)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_has_no_fault_loads(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("programme") / "programme.yaml"
    at = data.draw(st.integers(0, len(PIECES) - 1))
    key, colon, _rest = PIECES[at].partition(": ")
    text = "".join([*PIECES[:at], f"{key}{colon}{data.draw(st.sampled_from(WORDS))}\n", *PIECES[at + 1 :]])
    path.write_text(text)
    if faults_of(text.encode(), "p.yaml"):
        with pytest.raises(ProgrammeError):
            load(path, environment={})
    else:
        assert load(path, environment={}).programme.services


PEOPLE = [
    ("owners:\n  lead: {webhook: chat}", "'chat' is not under `routes`; add it there, with a url"),
    ("routes: {a: {url: 'https://hooks.example/'}}",
     "routes.a lacks 'key_from'; add it: the name of the environment variable that holds the signing secret"),
    ("routes: {a: {kind: chat, url: 'https://hooks.example/'}}",
     "routes.a.url is not for a chat; remove it"),
    ("routes: {a: {kind: chat}}",
     "routes.a lacks 'url_from'; add it: the name of the environment variable that holds the chat's address, which is a secret"),
    ("digests: {at: 25:00}", "digests.at is '25:00'; write a time of day, e.g. 07:30"),
    ("routes: {a: {url: 'http://hooks.example/', key_from: KEY}}",
     "routes.a.url is 'http://hooks.example/'; write an https address (http only for this machine itself)"),
    ("routes: {a: {url: 'https://hooks.example/', key_from: the secret}}",
     "routes.a.key_from is 'the secret'; write the name of an environment variable, e.g. STARCADENCE_HOOK_KEY"),
    ("routes: {a: {url: 'https://hooks.example/?token=1', key_from: KEY}}",
     "routes.a.url holds a query or a name, and this file is kept as evidence; sign with key_from instead"),
    ("publish: [{to: a/, edition: public}, {to: a, edition: auditor}]",
     "a second publication to 'a' (first at line LINE); give each its own folder"),
    ("publish: [{to: 'ftp://bucket/', edition: public}]",
     "publish[0].to is 'ftp://bucket/'; write a folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"),
    ("mail: {server: 'smtp.cloud.example:25', sender: a@cloud.example, security: none}",
     "mail.server is 'smtp.cloud.example:25', and mail.security none; write starttls or tls"),
    ("mail: {server: 'smtp.cloud.example:25', sender: a@cloud.example, user_from: USER}",
     "mail.user_from stands without password_from; write both or none"),
    ("publish: [{to: store/public, edition: public}]",
     "publish[0].to is 'store/public', which lies in the store; give it a folder of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), PEOPLE)
def test_faults_of_people_and_places_are_told(lines, words):
    text = GOOD.replace("owners:", "unused:") if lines.startswith("owners:") else GOOD
    line = text.count("\n") + 1
    found = faults_of(f"{text}{lines}\n".encode(), "p.yaml")
    assert any(one.endswith(f": {words.replace('LINE', str(line))}") for one in found), found


@pytest.mark.parametrize(
    "url", ["https://hooks.example/a", "http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"]
)
def test_a_route_to_https_or_to_this_machine_is_taken(url):
    routes = f"routes: {{a: {{url: '{url}', key_from: KEY}}}}\n"
    assert faults_of(f"{GOOD}{routes}".encode(), "p.yaml") == ()


def test_the_most_demanding_objective_says_how_often_everything_is_swept(tmp_path):
    text = GOOD.replace("slo: 99.5%", "slo: 99.5%, sweep_every: 1h")
    assert "sweep_every: 1h" in text
    assert load(write(tmp_path, text), environment={}).programme.cadence.sweep_every == "1h"

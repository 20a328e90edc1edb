"""Canaries: what must not be kept is found wherever it hides, and ordinary answers pass untouched and fast."""

import json
import re
from time import process_time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.answer import Clean
from collectors.detectors import ALONE, DETECTORS, EMAIL, NEAR, pure, suspect, suspicion
from collectors.redaction import Redactor
from collectors.resource import DataStore, Key
from collectors.sighting import Evidence, Reading, Sighting

REDACTOR = Redactor(b"key")
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CANARIES = {
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAbC=\n-----END RSA PRIVATE KEY-----",
    "json web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "github token": "ghp_" + "a1B2" * 9,
    "gitlab token": "glpat-" + "x1y2z3w4v5" * 2,
    "slack token": "xoxb-" + "123456789012-abcdef",
    "stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zd",
    "google key": "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "aws secret key": f"AKIAIOSFODNN7EXAMPLE:{SECRET}",
    "password in url": "postgres://app:hunter2@db.corp.example:5432/app",
    "password in connection string": "Server=db.corp.example;User=app;Password=hunter2;Encrypt=yes",
}
PARTS = CANARIES | {
    "aws secret key": SECRET, "password in url": "hunter2", "password in connection string": "hunter2", "private key": "MIIEow",
}  # fmt: skip
ORDINARY = (
    "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    "AKIAIOSFODNN7EXAMPLE",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "lodash@4.17.21",
    "registry.example/app@sha256:9f86d081884c7d659a2feaa0c55ad015",
    "https://sqs.eu-west-1.amazonaws.com/111122223333/queue",
    "iam:UpdateAccountPasswordPolicy",
    "password=",
    "postgres://app:***@db.corp.example/app",
    "secret access key rotation",
    "{{resolve:secretsmanager:db:SecretString:password}}",
)


def sighting(answer: Any = None, **facts: Any) -> Sighting:
    store = {
        "id": "arn:store",
        "provider": "aws",
        "account": "111122223333",
        "region": "eu-west-1",
        "kind": "object store",
    }
    return Sighting(
        cell="c", resource=DataStore(**{**store, **facts}), evidence=(Evidence(operation="s3.X", answer=answer),)
    )


def test_every_detector_has_a_canary() -> None:
    assert set(CANARIES) == {detector.name for detector in DETECTORS}


PLACES = {
    "value": lambda text: {"Note": text},
    "deep": lambda text: {"A": [{"B": [f"before {text} after"]}]},
    "key": lambda text: {text: 1},
    "inner json": lambda text: {"Policy": msgspec.json.encode({"Note": text}).decode()},
}


@pytest.mark.parametrize("name", CANARIES)
@pytest.mark.parametrize("place", PLACES)
def test_canaries_are_found_wherever_they_hide_in_evidence(name: str, place: str) -> None:
    kept, hits = REDACTOR.sighting(sighting(PLACES[place](CANARIES[name])))
    line = msgspec.json.encode(kept).decode()
    assert PARTS[name] not in line
    assert f"[redacted: {name}]" in line
    assert [(hit.operation, hit.detector) for hit in hits] == [("s3.X", name)]


@pytest.mark.parametrize("name", CANARIES)
def test_canaries_are_found_in_names_and_tags(name: str) -> None:
    kept, hits = REDACTOR.sighting(sighting(name=CANARIES[name], tags={"note": CANARIES[name]}))
    assert PARTS[name] not in repr(kept)
    assert [(hit.operation, hit.detector) for hit in hits] == [("", name)]


@pytest.mark.parametrize("name", CANARIES)
def test_canaries_are_found_in_facts_of_several_parts(name: str) -> None:
    kept, hits = REDACTOR.sighting(sighting(foreign_access=("111122223333", CANARIES[name], "jo@corp.example")))
    assert PARTS[name] not in repr(kept)
    assert "jo@corp" not in repr(kept)
    assert kept.resource.foreign_access is not None
    assert (len(kept.resource.foreign_access), kept.resource.foreign_access[0]) == (3, "111122223333")
    assert [(hit.operation, hit.detector) for hit in hits] == [("", name)]


@pytest.mark.parametrize("name", CANARIES)
def test_redaction_is_done_once(name: str) -> None:
    once, _ = REDACTOR.sighting(sighting({"Note": CANARIES[name]}))
    assert REDACTOR.sighting(once) == (once, ())


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_answers_are_left_alone(text: str) -> None:
    seen = sighting({"Note": text, text: text}, name=text)
    assert REDACTOR.sighting(seen) == (seen, ())


@pytest.mark.parametrize(
    "answer",
    [
        {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Other": SECRET},
        {"SecretAccessKey": SECRET},
        {"Key": "aws_secret_access_key", "Value": SECRET},
        {"Environment": f"AWS_SECRET_ACCESS_KEY={SECRET}"},
        {"Environment": f'aws_secret_access_key = "{SECRET}"'},
    ],
)
def test_aws_secret_keys_are_found_beside_what_names_them(answer: dict[str, str]) -> None:
    kept, hits = REDACTOR.sighting(sighting(answer))
    assert SECRET not in repr(kept)
    assert [hit.detector for hit in hits] == ["aws secret key"]


def test_a_person_is_the_same_person_everywhere() -> None:
    alias = REDACTOR.pseudonym("jo.doe@corp.example")
    assert alias.startswith("person-")
    assert len(alias) == len("person-") + 12
    for text in (
        "jo.doe@corp.example", "Jo.Doe@Corp.Example", "arn:aws:iam::111122223333:user/jo.doe@corp.example", "<jo.doe@corp.example>",
        "mailto:jo.doe%40corp.example", "to=jo.doe@corp.example, and others", "'jo.doe@corp.example'",
    ):  # fmt: skip
        kept, hits = REDACTOR.sighting(sighting({"Note": text}, id=f"arn:{text}"))
        assert alias in kept.evidence[0].answer["Note"]
        assert alias in kept.resource.id
        assert "corp.example" not in repr(kept).lower()
        assert hits == ()


def test_pseudonyms_tell_persons_apart_and_need_the_key() -> None:
    assert REDACTOR.pseudonym("jo@corp.example") != REDACTOR.pseudonym("jo@other.example")
    assert REDACTOR.pseudonym("jo@corp.example") != Redactor(b"other").pseudonym("jo@corp.example")


def test_a_fact_that_loses_its_type_is_not_learned() -> None:
    store = Key(id="arn:key", provider="aws", account="111122223333", region="eu-west-1", kind="key", name="k")
    broken = msgspec.structs.replace(
        store, state=CANARIES["github token"]
    )  # as a collector that does not check would make it
    kept, hits = REDACTOR.sighting(Sighting(cell="c", resource=broken, evidence=()))
    assert kept.resource == msgspec.structs.replace(store, state=None)
    assert [hit.detector for hit in hits] == ["github token"]


def test_readings_are_scanned_as_well() -> None:
    reading = Reading(id="arn:jo@corp.example", values={"note": CANARIES["github token"]}, evidence=())
    kept, hits = REDACTOR.reading(reading)
    assert kept.id == f"arn:{REDACTOR.pseudonym('jo@corp.example')}"
    assert kept.values == {"note": "[redacted: github token]"}
    assert [hit.detector for hit in hits] == ["github token"]


def test_what_holds_nothing_suspect_is_not_walked_and_costs_little() -> None:
    rules = [{"IpProtocol": "tcp", "FromPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]} for port in range(50)]
    plain = sighting({"GroupId": "sg-1", "IpPermissions": rules})
    size = len(msgspec.json.encode(plain))
    started = process_time()
    for _ in range(200):
        kept, _ = REDACTOR.sighting(plain)
    assert kept is plain
    assert (process_time() - started) / (200 * size) < 200e-9, "seconds per byte"


def test_long_runs_of_letters_do_not_stall_the_scanner() -> None:
    started = process_time()
    REDACTOR.sighting(sighting({"Blob": "a" * 200_000 + "@", "More": "eyJ" * 50_000, "Url": "://" + "a:" * 50_000}))
    assert process_time() - started < 2


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("serviceAccount:app@acme-prod.iam.gserviceaccount.com", True),
        ("900000000001-compute@developer.gserviceaccount.com", True),
        ("ada@gserviceaccount.com.example", False),
        ("ada@corp.example", False),
    ],
)
def test_service_accounts_are_no_persons(address, stays):
    assert (Redactor(b"key").text(address) == address) is stays


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from([
            *CANARIES.values(), *ORDINARY, SECRET, "AKIAIOSFODNN7EXAMPLE", "secret access key", "SECRET_KEY=", "jo@corp.example",
            "jo%40x.example",
            "Password=hunter2", ";PWD=x", "pa\u017f\u017fword=x", "accountKey=x", "\u017fecret key", "@", "://a:b@c", "\\", "/", '"', "\n",
        ]),
        st.text(max_size=3),
    ),
    max_size=4,
)  # fmt: skip
TEXTS = FRAGMENTS.map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_no_quick_look_finds_no_pattern_finds(text: str) -> None:
    if not suspect(text):
        assert not any(detector.pattern.search(text) for detector in DETECTORS)
        assert not EMAIL.search(text)
        assert not NEAR.search(text)
        assert REDACTOR.text(text) == text
    assert (suspicion(msgspec.json.encode(text)) is not None) is suspect(text), "a line is what its texts are"


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.name)
def test_each_letter_of_a_canary_that_its_pattern_needs_is_needed_by_the_quick_look_at_most(detector: Any) -> None:
    """Without any one letter, in any case: wherever the pattern still matches, the quick look still sees it."""
    canary = CANARIES[detector.name]
    for changed in (
        *(canary[:at] + canary[at + 1 :] for at in range(len(canary))), canary.upper(), canary.lower(), canary.swapcase(),
    ):  # fmt: skip
        assert suspect(changed) or not detector.pattern.search(changed)


def escaped(text: str, numbers: bool) -> str:
    """JSON as a provider may write it: any letter as its number, slashes with a backslash."""
    written = json.dumps(text, ensure_ascii=numbers).replace("/", "\\/")
    return re.sub(r"(?<!\\)[a-e@]", lambda found: f"\\u{ord(found[0]):04x}", written) if numbers else written


@given(key=TEXTS, value=TEXTS, other=TEXTS, numbers=st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_came_in_a_pure_text_needs_no_second_look(key: str, value: str, other: str, numbers: bool) -> None:
    raw = f"{{{escaped(key, numbers)}: [{escaped(value, numbers)}], {escaped('x' + other, numbers)}: null}}".encode(
        "utf-8", "replace"
    )
    try:
        answer = msgspec.json.decode(raw)
    except msgspec.DecodeError:  # a letter that no text has
        return
    if pure(raw):
        assert REDACTOR.sighting(sighting(answer)) == (sighting(answer), ())
        assert REDACTOR.clean([sighting(Clean(answer))])


@pytest.mark.parametrize("name", CANARIES)
def test_no_canary_is_in_a_pure_text(name: str) -> None:
    assert not pure(msgspec.json.encode({"Note": CANARIES[name]}))
    assert not pure(json.dumps({"Note": CANARIES[name]}).encode().replace(b"e", b"\\u0065"))


def test_a_resource_is_looked_at_even_if_its_answer_was_clean() -> None:
    assert not REDACTOR.clean([sighting(Clean()), sighting(Clean(), name=CANARIES["github token"])])
    assert not REDACTOR.clean([sighting(Clean()), sighting({"Note": "jo@corp.example"})])


def test_regions_that_are_called_like_a_key_are_not_walked() -> None:
    assert suspicion(b'{"location":"southeastasia"}') is None
    assert suspicion(b'{"AccessKeyId":"ASIAIOSFODNN7EXAMPLE"}') is suspect


def everywhere(value: Any, hits: set[str]) -> Any:
    """Every pattern tried on every text: what redaction does, without any quick look."""
    if isinstance(value, str):
        for name, pattern in DETECTORS:
            value, found = pattern.subn(
                lambda match, name=name: f"{match.groupdict().get('kept') or ''}[redacted: {name}]", value
            )
            hits |= {name} if found else set()
        return EMAIL.sub(lambda match: REDACTOR.pseudonym(match[0]), value)
    if isinstance(value, list):
        return [everywhere(inner, hits) for inner in value]
    if not isinstance(value, dict):
        return value
    near = any(NEAR.search(part) for pair in value.items() for part in pair if isinstance(part, str))
    kept = {}
    for key, inner in value.items():
        alone = near and isinstance(inner, str) and ALONE.fullmatch(inner)
        hits |= {"aws secret key"} if alone else set()
        kept[everywhere(key, hits)] = "[redacted: aws secret key]" if alone else everywhere(inner, hits)
    return kept


ANSWERS = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(ANSWERS)
@settings(max_examples=200, deadline=None)
def test_branches_that_are_left_alone_hold_nothing(answer: Any) -> None:
    hits: set[str] = set()
    wanted = everywhere(answer, hits)
    kept, found = REDACTOR.sighting(sighting(answer))
    assert kept.evidence[0].answer == wanted
    assert {hit.detector for hit in found} == hits

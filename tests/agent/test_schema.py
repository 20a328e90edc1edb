"""The published JSON Schema: what editors get is what our own faults come from."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from agent import strict
from agent.programme import ApprovedException, Programme
from agent.reading import faults_of
from agent.schema import published, schema
from agent.starter import Answers, programme
from agent.units import duration, share

PUBLISHED = Path(__file__).parents[2] / "docs/programme.schema.json"


def test_the_schema_in_the_docs_is_the_one_of_the_code():
    """If this fails: `starcadence init --schema > docs/programme.schema.json`."""
    assert PUBLISHED.read_bytes() == published(Programme)


@pytest.mark.parametrize("root", [Programme, ApprovedException])
def test_the_schema_is_a_draft_2020_12_schema(root):
    jsonschema.Draft202012Validator.check_schema(json.loads(published(root)))


@pytest.mark.parametrize("root", [Programme, ApprovedException])
def test_every_key_is_described(root):
    definitions = json.loads(published(root))["$defs"]
    bare = [
        f"{name}.{key}"
        for name, one in definitions.items()
        for key, held in one["properties"].items()
        if "description" not in held
    ]
    assert bare == []
    assert all("description" in one for one in definitions.values())


@pytest.mark.parametrize("root", [Programme, ApprovedException])
def test_descriptions_change_no_rule(root):
    def bare(node):
        if isinstance(node, dict):
            return {key: bare(value) for key, value in node.items() if key not in {"description", "$id"}}
        return [bare(value) for value in node] if isinstance(node, list) else node

    assert bare(json.loads(published(root))) == bare(json.loads(msgspec.json.encode(schema(root))))


def test_no_key_is_accepted_that_is_not_listed():
    definitions = json.loads(published(Programme))["$defs"]
    assert {name for name, one in definitions.items() if one.get("additionalProperties") is not False} == set()


def test_an_editor_accepts_what_we_write_and_refuses_what_we_refuse():
    validator = jsonschema.Draft202012Validator(json.loads(published(Programme)))
    text = programme(Answers(organization="o-exampleorg01"))
    assert validator.is_valid(strict.read(text.encode(), "p.yaml").value)
    for good, bad in (
        ("monthly", "weekly"),
        ("level: 1", "level: 5"),
        ("regions:", "region:"),
        ("99.5%", "101%"),
        ("critical:", "urgent:"),
    ):
        turned = text.replace(good, bad)
        assert not validator.is_valid(strict.read(turned.encode(), "p.yaml").value)
        assert faults_of(turned.encode(), "p.yaml")


@pytest.mark.parametrize(("text", "seconds"), [("1m", 60), ("24h", 86400), ("2d", 172800), ("99999d", 99999 * 86400)])
def test_a_duration_is_a_number_and_a_unit(text, seconds):
    assert duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "0h", "1", "1.5h", "-1h", "1w", "100000m", "1h ", "1h\n", "١h"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "value"), [("100%", "1"), ("99.5%", "199/200"), ("0%", "0"), ("33.333333%", "33333333/100000000")]
)
def test_a_share_is_exact(text, value):
    assert str(share(text)) == value


@pytest.mark.parametrize(
    "text", ["", "99", "101%", "100.000001%", "-1%", "1e2%", "1/2%", "99.5 %", "99.5%\n", "0.1234567%"]
)
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="is not a share"):
        share(text)

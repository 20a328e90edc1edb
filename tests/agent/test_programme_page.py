"""docs/programme.md: its examples load, and it speaks of every key."""

import re
from pathlib import Path

import pytest

from agent.programme import ApprovedException, Programme
from agent.reading import load
from agent.schema import schema
from agent.starter import EXCEPTIONS, Answers, programme

PAGE = (Path(__file__).parents[2] / "docs/programme.md").read_text(encoding="utf-8")


def examples(text):
    return re.findall(r"(?ms)^```yaml\n(.*?)^```$", text)


def test_the_example_programme_loads(tmp_path):
    path = tmp_path / "programme.yaml"
    path.write_text(examples(PAGE)[0])
    assert load(path, environment={}).programme.services[0].id == "object-store"


def test_the_example_parameters_load(tmp_path):
    (text,) = (one for one in examples(PAGE) if one.startswith("parameters:"))
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "programme.yaml").write_text(programme(Answers()) + text)
    assert set(load(tmp_path / "programme.yaml", environment={}).programme.parameters) == {
        "access_keys_are_young",
        "logs_are_kept",
    }


@pytest.mark.parametrize("text", [examples(PAGE)[1], *examples(EXCEPTIONS)])
def test_the_example_exception_loads(tmp_path, text):
    (tmp_path / "exceptions").mkdir()
    (tmp_path / "exceptions/legacy.yaml").write_text(text)
    (tmp_path / "programme.yaml").write_text(programme(Answers()))
    assert [one.id for one in load(tmp_path / "programme.yaml", environment={}).exceptions] == ["legacy-upload"]


@pytest.mark.parametrize("root", [Programme, ApprovedException])
def test_every_key_is_on_the_page(root):
    keys = {key for one in schema(root)["$defs"].values() for key in one["properties"]}
    assert {key for key in keys if not re.search(rf"\b{key}\b", PAGE)} == set()

"""`starcadence init`: a programme that loads as it stands, keys that nobody else can read, and nothing overwritten."""

import json
import re
import shlex
import stat

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cli import main
from agent.commands.init import init
from agent.keys import load_public, load_salt_key, load_signer
from agent.reading import faults_of, load
from agent.starter import Answers, programme
from agent.strict import read

WRITTEN = {
    ".gitignore",
    "exceptions/README.md",
    "keys/salt.key",
    "keys/signing.pem",
    "keys/signing.pub",
    "programme.yaml",
}


def run(capsys, *arguments):
    """Exit status, stdout and stderr of one command line."""
    with pytest.raises(SystemExit) as ended:
        main(["init", *map(str, arguments)])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_init_writes_loads_without_fault(capsys, tmp_path):
    folder = tmp_path / "new"
    status, out, err = run(
        capsys, "--directory", folder, "--name", 'Ünique "Cloud": Ltd #1', "--organization", "o-exampleorg01"
    )
    assert (status, err) == (0, "")
    loaded = load(folder / "programme.yaml", environment={})
    assert loaded.programme.provider == 'Ünique "Cloud": Ltd #1'
    assert (loaded.programme.scope.aws.organization, loaded.programme.scope.aws.role) == (
        "o-exampleorg01",
        "starcadence-read",
    )
    assert load_signer(loaded.key).fingerprint == load_public(folder / "keys/signing.pub").fingerprint
    assert load_signer(loaded.key).fingerprint in out
    assert len(load_salt_key(loaded.salt_key)) == 32
    assert out.endswith(f"then type: starcadence check --programme {folder}/programme.yaml\n")


def test_only_the_owner_reads_the_keys(capsys, tmp_path):
    run(capsys, "--directory", tmp_path)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("keys/signing.pem", "keys/salt.key")} == {0o600}


def test_the_result_is_json_on_request(capsys, tmp_path):
    status, out, _ = run(capsys, "--directory", tmp_path / "a b", "--json")
    result = json.loads(out)
    assert status == 0
    assert (
        {name.removeprefix(f"{tmp_path}/a b/") for name in result["written"]} == WRITTEN == set(files(tmp_path / "a b"))
    )
    assert result["next"] == f"starcadence check --programme {shlex.quote(f'{tmp_path}/a b/programme.yaml')}"
    assert result["accounts_without_role"] == []


def test_here_needs_no_path_in_the_next_command(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert json.loads(run(capsys, "--json")[1])["next"] == "starcadence check"


def test_a_second_init_says_what_exists_and_changes_nothing(capsys, tmp_path):
    run(capsys, "--directory", tmp_path)
    before = files(tmp_path)
    status, out, err = run(capsys, "--directory", tmp_path, "--name", "Other")
    assert (status, out, files(tmp_path)) == (2, "", before)
    assert f"{tmp_path / 'programme.yaml'}, {tmp_path / 'keys/signing.pem'}" in err
    assert "init overwrites nothing" in err


@pytest.mark.parametrize("name", sorted(WRITTEN - {".gitignore"}))
def test_any_file_in_the_way_stops_it_before_anything_is_written(capsys, tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    status, _, err = run(capsys, "--directory", tmp_path)
    assert (status, files(tmp_path)) == (2, {name: b"mine"})
    assert str(tmp_path / name) in err


def test_a_gitignore_in_place_is_kept_and_its_missing_lines_are_said(capsys, tmp_path):
    (tmp_path / ".gitignore").write_text("store/\n")
    status, out, err = run(capsys, "--directory", tmp_path)
    assert (status, (tmp_path / ".gitignore").read_text()) == (0, "store/\n")
    assert err == f"{tmp_path}/.gitignore stands there already; add to it: keys/*.pem keys/*.key\n"
    assert ".gitignore" not in out


def test_options_that_make_a_faulty_programme_write_nothing(capsys, tmp_path):
    status, out, err = run(
        capsys, "--directory", tmp_path / "x", "--organization", "example", "--name", "", "--role", "arn:aws:x"
    )
    assert (status, out, files(tmp_path)) == (2, "", {})
    assert "scope.aws.organization is 'example'; write an organisation's id, e.g. o-exampleorg01" in err
    assert "scope.aws.role is 'arn:aws:x'; write a role's name, not its ARN" in err
    assert "provider is ''; write some text" in err


def test_a_file_in_place_of_a_folder_is_said(capsys, tmp_path):
    (tmp_path / "keys").write_text("a file")
    status, _, err = run(capsys, "--directory", tmp_path)
    assert status == 2
    assert "cannot be written" in err


@pytest.mark.parametrize("role", [None, "starcadence-read"])
@pytest.mark.parametrize("organization", [None, "o-exampleorg01"])
def test_what_is_commented_may_be_uncommented_as_it_is(tmp_path, organization, role):
    text = programme(Answers(organization=organization, role=role))
    opened = re.sub(r"(?m)^    # ", "    ", text)
    assert opened.count("#") < text.count("#")
    assert faults_of(opened.encode(), "p.yaml") == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30) | st.text("\n\r\x85\u2028 #:x", max_size=8), max_size=3))
def test_no_remark_of_the_world_becomes_a_line_of_the_programme(remarks):
    """An account's name is anybody's to choose."""
    bare, told = (programme(Answers(remarks=tuple(lines))) for lines in ((), remarks))
    assert read(told.encode(), "p.yaml").value == read(bare.encode(), "p.yaml").value


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(lambda name: name.isprintable() and name.strip() and "${" not in name))
def test_any_printable_name_comes_back_as_it_is(name):
    text = programme(Answers(name=name))
    assert faults_of(text.encode(), "p.yaml") == ()
    assert read(text.encode(), "p.yaml").value["provider"] == name


def test_the_schema_goes_to_stdout_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(init, ["--schema"])
    assert json.loads(result.stdout)["$id"] == "urn:starcadence:programme"
    assert files(tmp_path) == {}

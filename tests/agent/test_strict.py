"""Strict YAML: the same value for everybody, and a fault with its line for everything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ProgrammeError
from agent.strict import MAX_BYTES, MAX_FAULTS, read, read_file, scalar


def faults(text):
    """Every fault of a text, whether reading stepped over it or not."""
    try:
        return [str(fault) for fault in read(text if isinstance(text, bytes) else text.encode(), "p.yaml").faults]
    except ProgrammeError as error:
        return list(error.faults)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("012345670123", "012345670123"),
        ("111122223333", 111122223333),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("22:22:22", "22:22:22"),
        ("yes", "yes"),
        ("Off", "Off"),
        ("y", "y"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z"),
        ("99.5%", "99.5%"),
        ("4.1.0", "4.1.0"),
        ("4.1", 4.1),
        ("-12", -12),
        ("1e3", 1000.0),
        ("9" * 30, "9" * 30),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("=", "="),
    ],
)
def test_a_plain_scalar_reads_as_core_yaml_with_json_numbers(text, value):
    found = read(f"a: {text}\n".encode(), "p.yaml").value["a"]
    assert (found, type(found)) == (value, type(value))


def test_quoted_and_block_text_stays_text():
    text = "a: '1'\nb: \"true\"\nc: |\n  12\nd: >-\n  null\n"
    assert read(text.encode(), "p.yaml").value == {"a": "1", "b": "true", "c": "12\n", "d": "null"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["p.yaml:3: 'a' stands here a second time (first at line 1); keep one"]),
        ("x:\n  a: {q: 1}\n  a: {q: 2}\n", ["p.yaml:3: 'a' stands here a second time (first at line 2); keep one"]),
        ("a: &x 1\n", ["p.yaml:1: an anchor (&x); remove it and write the value out where it is used"]),
        ("a: 1\nb: *x\n", ["p.yaml:2: an alias (*x); write the value out"]),
        ("a: !!str 1\n", ["p.yaml:1: a tag (tag:yaml.org,2002:str); remove it, and quote what must stay text"]),
        ("a: !run x\n", ["p.yaml:1: a tag (!run); remove it, and quote what must stay text"]),
        ("a: {<<: {b: 1}}\n", ["p.yaml:1: a merge key (<<); write its keys out"]),
        ("a: 1\n5: x\n", ["p.yaml:2: a key that is not text; put the key in quotes"]),
        ("? [a]\n: 1\n", ["p.yaml:1: a key that is not text; put the key in quotes"]),
        ("a: .nan\nb: 1e999\n", [
            "p.yaml:1: .nan is no number that can be kept; put it in quotes if it is text",
            "p.yaml:2: 1e999 is no number that can be kept; put it in quotes if it is text",
        ]),
        ('a: "\\0"\n', ["p.yaml:1: text with a control character or half of a character pair in it; remove it"]),
        ('a: "\\ud800"\n', ["p.yaml:1: text with a control character or half of a character pair in it; remove it"]),
        ('a: 1\nb: "\\UFFFFFFFF"\n', ["p.yaml:2: an escape or directive that YAML does not have; write the character itself"]),
        ("%YAML 1.1\n---\na: 1\n", ["p.yaml:1: a directive (%); remove the line"]),
        ("a: 1\n---\nb: 1\n", ["p.yaml:2: a second document (---); keep one per file"]),
        ("a:\n\tb: 1\n", ["p.yaml:2: a tab where YAML wants spaces; indent with spaces"]),
        ("a: @x\n", ["p.yaml:1: a value may not begin with this character; put the value in quotes"]),
        ("a: b: c\n", ["p.yaml:1: a ': ' inside an unquoted value, or an indent too deep; quote the value or mend the indent"]),
        ("a: 1\nb\nc: 1\n", ["p.yaml:3: a key without its ':'; write `key: value`"]),
        ("- a\nb: 1\n", ["p.yaml:2: this line fits no line above; give it the same indent as its siblings"]),
        ("  a: 1\n b: 2\n", ["p.yaml:2: this line belongs to nothing above it; mend its indent"]),
        ("a: - 1\n", ["p.yaml:1: a list that begins on its key's line; put each `- ` on a line of its own"]),
        ("a: [1, 2\nb: 3\n", ["p.yaml:2: a [list] or {mapping} that goes wrong here; close it, or mend its commas and quotes"]),
        ("b: 1\na: 'x\n\n\n", ["p.yaml:2: a quote or bracket that is never closed; close it"]),
        ("a: \x07\n", ["p.yaml:1: the character U+0007 cannot stand in YAML; remove it"]),
        (b"a: 1\nb: \xff\n", ["p.yaml:2: not UTF-8 here; save the file as UTF-8"]),
        (b"\xef\xbb\xbfa: 1\n", ["p.yaml:1: the file begins with a byte order mark; save it as UTF-8 without one"]),
        ("a: 1\n".encode("utf-16"), ["p.yaml:1: the file begins with a byte order mark; save it as UTF-8 without one"]),
        (b"# nothing\n", ["p.yaml:1: the file is empty; `starcadence init` writes a programme to start from"]),
        ("a: " + "[" * 1000, ["p.yaml:1: nested deeper than 16 levels; no programme needs that"]),
        ("#" * (MAX_BYTES + 1), ["p.yaml:1: the file is larger than 512 KiB; divide it, or remove what does not belong"]),
    ],
)  # fmt: skip
def test_what_yaml_reads_in_two_ways_is_a_fault_with_its_line(text, expected):
    assert faults(text) == expected


def test_a_second_key_never_replaces_the_first():
    assert read(b"a: 1\na: 2\n", "p.yaml").value == {"a": 1}


def test_faults_before_a_broken_line_are_told_with_it():
    assert [fault.split(":")[1] for fault in faults("a: 1\na: 2\nb: [\n")] == ["2", "3"]


def test_a_hundred_faults_are_enough_at_once():
    found = faults("".join(f"{number}: x\n" for number in range(3)) + "k: 1\n" + "k: 2\n" * 200 + "z: [")
    assert len(found) == MAX_FAULTS + 1
    assert found[-1] == "p.yaml:102: and 104 more faults from here on"


def test_places_name_the_line_of_every_key_and_element():
    document = read(b"a:\n  - x\n  - b: 1\n    c: {d: 2}\n", "p.yaml")
    assert document.places[("a",)] == (1, 1)
    assert document.places[("a", 0)] == (2, 5)
    assert document.places[("a", 1, "c", "d")] == (4, 9)
    assert document.line(("a", 1, "c", "missing", 7)) == 4


def test_an_unreadable_file_is_a_fault(tmp_path):
    with pytest.raises(ProgrammeError, match=r"p.yaml:1: the file cannot be read \(No such file or directory\); mend"):
        read_file(tmp_path / "p.yaml")
    with pytest.raises(ProgrammeError, match=r":1: the file cannot be read \(Is a directory\)"):
        read_file(tmp_path)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), max_size=8)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers(-(10**17), 10**17),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_reads_as_itself(value):
    """JSON is YAML, so that whatever a program writes as JSON comes back unchanged."""
    document = read(json.dumps(value, ensure_ascii=False).encode(), "p.yaml")
    assert (document.value, document.faults) == (value, ())


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12))
def test_a_plain_scalar_never_becomes_another_one(text):
    """Whatever is not text writes back to the same number, truth or nothing."""
    value = scalar(text)
    if isinstance(value, int) and not isinstance(value, bool):
        assert str(value) == text.removeprefix("+") or text == "-0"
    elif value is None:
        assert text in {"", "~", "null", "Null", "NULL"}
    elif isinstance(value, str):
        assert value == text


@given(st.text(max_size=80) | st.text("ab:-[]{},&*!|>'\"%#?\t\n 0.<~", max_size=40) | st.binary(max_size=60))
def test_reading_raises_nothing_but_faults_with_file_and_line(text):
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    try:
        found = read(data, "p.yaml").faults
    except ProgrammeError as error:
        found = error.faults
        assert found
    for fault in map(str, found):
        line = int(fault.removeprefix("p.yaml:").split(":")[0])
        assert 1 <= line <= data.count(b"\n") + data.count(b"\r") + 6

"""The language of packs: three values, exact instants, and nothing of Python's reach."""

import ast
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.resource import FAR, DataStore, Entitlement, Firewall, Identity
from controls.expressions import MOST_NODES, Wrong, compiled

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def store(**facts):
    return DataStore(id="a", provider="aws", account="111122223333", region="eu-west-1", kind="object store", **facts)


@pytest.mark.parametrize(
    ("text", "facts", "held"),
    [
        ("encrypted", {"encrypted": True}, True),
        ("encrypted", {}, None),
        ("not encrypted", {}, None),
        ("encrypted and versioned", {"encrypted": False}, False),
        ("encrypted and versioned", {"encrypted": True}, None),
        ("encrypted or versioned", {"encrypted": True}, True),
        ("encrypted or versioned", {"encrypted": False}, None),
        ("backup_days >= 7", {"backup_days": 7}, True),
        ("7 <= backup_days < 30", {"backup_days": 30}, False),
        ("backup_days > -1", {"backup_days": 0}, True),
        ("key_held_by in ['customer', 'provider']", {"key_held_by": "none"}, False),
        ("key_held_by == 'customer'", {"key_held_by": "customer"}, True),
        ("'444455556666' not in foreign_access", {"foreign_access": ("444455556666",)}, False),
        ("len(foreign_access) == 0", {"foreign_access": ()}, True),
        ("len(foreign_access) == 0", {}, None),
        ("tag('owner') != ''", {"tags": {}}, False),
        ("tag('owner') != ''", {"tags": {"owner": "x"}}, True),
        ("tag('owner') != ''", {}, None),
        ("starts_with(lower(name), 'prod')", {"name": "PROD-1"}, True),
        ("ends_with(name, '.example')", {"name": "x"}, False),
        ("starts_with(region, 'eu-')", {}, True),
        ("'b' in name", {"name": "abc"}, True),
        ("created == last_backup", {"created": NOW, "last_backup": NOW}, True),
    ],
)
def test_what_holds(text, facts, held):
    assert compiled(text, DataStore).holds(store(**facts), NOW) == (held, None)


def test_time_turns_at_the_very_instant():
    old = compiled("older_than(last_backup, 30)", DataStore)
    turn = NOW + timedelta(days=30)
    one = store(last_backup=NOW)
    assert old.timed and old.holds(one, turn - timedelta(seconds=1)) == (False, turn)
    assert old.holds(one, turn) == (True, None)
    assert old.holds(store(), NOW) == (None, None)
    assert old.holds(store(last_backup=FAR), NOW) == (False, None)
    soon = compiled("ends_within(last_backup, 30) or older_than(created, 1)", DataStore)
    assert soon.holds(store(last_backup=turn, created=NOW), NOW) == (True, NOW + timedelta(days=1))


REFUSED = (
    "().__class__",
    "__import__('os')",
    "encrypted.real",
    "tags['owner'] == 'x'",
    "[x for x in foreign_access]",
    "(lambda: True)()",
    "open('x')",
    "backup_days ** 9 > 1",
    "backup_days + 1 > 2",
    "encrypted if versioned else public",
    "None",
    "encrypted is None",
    "encrypted == None",
    "f'{name}' == 'x'",
    "name == b'x'",
    "1e400 > backup_days",
    "len(encrypted) > 1",
    "name > 'a'",
    "backup_days == 'x'",
    "backup_days",
    "encrypted()",
    "tag(name) == ''",
    "tag('a', 'b') == ''",
    "older_than(name, 3)",
    "older_than(created, 99999999)",
    "older_than(created, True)",
    "provider == 'aws'",
    "managed_by == 'customer'",
    "encryptd",
    "",
    "a :=",
    "encrypted; versioned",
    "(encrypted := True)",
    "{1: 2}",
    "name in tags",
    "tags == tags",
    "not name",
    "name in []",
    "starts_with(name, 'x', 'y')",
    "len(s=name) == 1",
    "*name",
    "await name",
    "10**13 > backup_days",
    "(" * 100 + "encrypted" + ")" * 100 + "",
    "not " * 60 + "encrypted",
    " and ".join(["encrypted"] * (MOST_NODES + 1)),
    "'x' * 999 == name",
    "\0",
)


@pytest.mark.parametrize("text", [one for one in REFUSED if not one.startswith("((")])
def test_everything_else_is_refused(text):
    with pytest.raises(Wrong):
        compiled(text, DataStore)


def test_a_wrong_name_gets_the_nearest_one_and_things_have_only_a_number():
    with pytest.raises(Wrong, match="did you mean encrypted"):
        compiled("encryptd", DataStore)
    compiled("len(keys) == 0", Identity)
    compiled("len(open_to_world) == 0 and not default", Firewall)
    compiled("'data' not in planes", Entitlement)
    with pytest.raises(Wrong):
        compiled("'x' in keys", Identity)


WORDS = st.sampled_from(
    [
        "encrypted",
        "backup_days",
        "name",
        "tags",
        "created",
        "foreign_access",
        "and",
        "or",
        "not",
        "in",
        "==",
        "<",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "'x'",
        "7",
        "-",
        "None",
        "True",
        "tag",
        "len",
        "older_than",
        "lambda",
        ":",
        "__class__",
        "if",
        "else",
        "for",
        "*",
        "\n",
        "\\",
        "é",
        "0x1",
    ]
)
FACTS = {
    "encrypted": st.booleans(),
    "backup_days": st.integers(0, 40),
    "name": st.text(max_size=3),
    "created": st.just(NOW),
    "foreign_access": st.just(("x",)),
    "tags": st.dictionaries(st.just("owner"), st.text(max_size=2)),
    "versioned": st.booleans(),
}


@settings(max_examples=250, deadline=None)
@given(text=st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=30))
def test_no_text_does_anything_but_compile_or_be_refused(text):
    try:
        made = compiled(text, DataStore)
    except Wrong:
        return
    assert made.holds(store(), NOW)[0] in {True, False, None}
    assert not any(isinstance(node, ast.Attribute) for node in ast.walk(ast.parse(text.strip(), mode="eval")))


ATOMS = st.sampled_from(
    [
        "encrypted",
        "versioned",
        "backup_days >= 7",
        "tag('owner') != ''",
        "'x' in foreign_access",
        "older_than(created, 3)",
        "len(name) > 1",
    ]
)
SENTENCES = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({} and {})".format, inner, inner)
        | st.builds("({} or {})".format, inner, inner)
        | inner.map("not {}".format)
    ),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(
    text=SENTENCES,
    facts=st.fixed_dictionaries({}, optional=FACTS),
    more=st.fixed_dictionaries(FACTS),
    days=st.integers(0, 9),
)
def test_what_is_said_of_half_the_facts_stands_when_the_rest_is_learned(text, facts, more, days):
    now = NOW + timedelta(days=days)
    made = compiled(text, DataStore)
    before, _ = made.holds(store(**facts), now)
    after, turn = made.holds(store(**{**more, **facts}), now)
    assert before in (None, after) and after is not None
    if turn is not None:
        assert made.holds(store(**{**more, **facts}), turn - timedelta(seconds=1))[0] == after

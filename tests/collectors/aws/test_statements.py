import json
from urllib.parse import quote

import pytest

from collectors.aws.statements import Condition, Malformed, account_of, matches, statements

ONE = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
TEXT = json.dumps({"Version": "2012-10-17", "Statement": ONE})


@pytest.mark.parametrize(
    "document",
    [
        {"Statement": ONE},
        {"Statement": [ONE]},
        {"Statement": [{**ONE, "Action": ["S3:*"], "Resource": ["*"]}]},
        TEXT,
        quote(TEXT),
        "\n  " + TEXT,
    ],
    ids=["a map", "a list", "lists of strings", "text", "URL-encoded text", "indented text"],
)
def test_every_form_of_a_document_reads_the_same(document):
    (read,) = statements(document)
    assert (read.allows, read.actions, read.resources, read.principals, read.conditions) == (
        True,
        ("s3:*",),
        ("*",),
        None,
        (),
    )


@pytest.mark.parametrize(
    "document",
    [
        "nonsense",
        "[1]",
        {},
        {"Statement": ["x"]},
        {"Statement": {"Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "s3:*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": [1], "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Principal": "arn:aws:iam::111122223333:root"}},
        {"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"Bool": "true"}}},
        '{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*"}}',
        None,
    ],
)
def test_what_has_not_the_documented_shape_is_malformed(document):
    with pytest.raises(Malformed):
        statements(document)


def test_principals_are_pairs_whatever_their_form():
    (read,) = statements({
        "Statement": {**ONE, "Principal": {"AWS": ["111122223333", "*"], "Service": "ec2.amazonaws.com"}},
    })  # fmt: skip
    assert read.principals == (("AWS", "111122223333"), ("AWS", "*"), ("Service", "ec2.amazonaws.com"))
    assert read.for_everyone
    (star,) = statements({"Statement": {**ONE, "Principal": "*"}})
    assert star.principals == (("*", "*"),)


def test_conditions_are_lines_with_lower_case_keys_and_values_as_words():
    (read,) = statements(
        {
            "Statement": {
                **ONE,
                "Condition": {"Bool": {"aws:SecureTransport": False}, "ForAnyValue:StringLike": {"k": ["a", "b"]}},
            }
        }
    )
    assert read.conditions == (
        Condition(operator="Bool", key="aws:securetransport", values=("false",)),
        Condition(operator="ForAnyValue:StringLike", key="k", values=("a", "b")),
    )
    assert [condition.plain for condition in read.conditions] == ["bool", "stringlike"]


@pytest.mark.parametrize(
    ("pattern", "text", "does"),
    [
        ("*", "", True),
        ("*", "a:b/c", True),
        ("s3:get*", "s3:getobject", True),
        ("s3:get*", "s3:putobject", False),
        ("s3:?etobject", "s3:getobject", True),
        ("?", "", False),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxbyyd", False),
        ("a**", "a", True),
        ("a.c", "abc", False),
        ("ab", "abc", False),
        ("*bc", "abcbc", True),
    ],
)
def test_patterns_match_as_iam_matches(pattern, text, does):
    assert matches(pattern, text) is does


def test_many_stars_take_no_time():
    assert not matches("*a" * 60 + "b", "a" * 600)


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("111122223333", "111122223333"),
        ("arn:aws:iam::111122223333:root", "111122223333"),
        ("arn:aws-us-gov:sts::111122223333:assumed-role/a/b", "111122223333"),
        ("arn:aws:iam::cloudfront:user/x", None),
        ("AROAJUQKESVQ5AAKMZYH4", None),
        ("*", None),
        ("1111222233334", None),
    ],
)
def test_accounts_are_read_out_of_principals(name, account):
    assert account_of(name) == account


@pytest.mark.parametrize(
    ("element", "action", "does"),
    [
        ({"Action": "S3:Get*"}, "s3:GetObject", True),
        ({"NotAction": "iam:*"}, "s3:GetObject", True),
        ({"NotAction": ["iam:*"]}, "IAM:GetUser", False),
    ],
)
def test_actions_are_not_case_sensitive_and_may_be_excepted(element, action, does):
    (read,) = statements({"Statement": {"Effect": "Allow", "Resource": "*", **element}})
    assert read.covers_action(action) is does

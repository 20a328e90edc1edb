import json

import pytest

from collectors.aws.datasets import Datasets
from tests.fakes.told import ACCOUNT, Told

ARN = f"arn:aws:glue:eu-west-1:{ACCOUNT}:database/lake"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "glue:*", "Resource": "*"}


def catalogue(mode, key=None):
    return {
        "DataCatalogEncryptionSettings": {"EncryptionAtRest": {"CatalogEncryptionMode": mode, "SseAwsKmsKeyId": key}}
    }


def seen(**answers):
    told = Told({
        "glue.GetDatabase": {"Database": {"Name": "lake"}}, "glue.GetTags": {"Tags": {"team": "bi"}},
        "glue.GetDataCatalogEncryptionSettings": catalogue("SSE-KMS", KEY), "glue.GetResourcePolicy": "EntityNotFoundException",
        "kms.ListAliases": {"Aliases": []}, **{name.replace("__", "."): answer for name, answer in answers.items()},
    })  # fmt: skip
    return Datasets.describe(told, {"Name": "lake"})


def test_a_database_is_as_its_catalogue():
    found = seen()
    assert (found.id, found.kind, found.name, found.tags) == (ARN, "dataset", "lake", {"team": "bi"})
    assert (found.encrypted, found.key_held_by, found.public) == (True, "customer", False)


@pytest.mark.parametrize(
    ("answer", "encrypted", "holder"),
    [
        (catalogue("DISABLED"), False, "none"),
        (catalogue("SSE-KMS-WITH-SERVICE-ROLE", "alias/aws/glue"), True, "provider"),
        (catalogue("ANOTHER", KEY), None, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_the_catalogue_says_how_it_is_encrypted(answer, encrypted, holder):
    found = seen(glue__GetDataCatalogEncryptionSettings=answer)
    assert (found.encrypted, found.key_held_by) == (encrypted, holder)


@pytest.mark.parametrize(
    ("answer", "public"),
    [
        ({"PolicyInJson": json.dumps({"Statement": [ANYBODY]})}, True),
        ({"PolicyInJson": json.dumps({"Statement": [{**ANYBODY, "Principal": {"AWS": ACCOUNT}}]})}, False),
        ({"PolicyInJson": "no"}, None),
        (None, None),
    ],
)
def test_the_catalogues_policy_says_who_gets_in(answer, public):
    assert seen(glue__GetResourcePolicy=answer).public is public


@pytest.mark.parametrize(
    ("answer", "tags"), [({"Tags": {}}, {}), ({"Tags": {"team": None}}, None), ({}, None), (None, None)]
)
def test_tags_are_each_databases_own(answer, tags):
    assert seen(glue__GetTags=answer).tags == tags


def test_links_to_databases_of_others_are_not_ours():
    link = {"Name": "link", "TargetDatabase": {"CatalogId": "999988887777"}}
    told = Told({"glue.GetDatabases": {"DatabaseList": [{"Name": "lake"}, link]}})
    assert list(Datasets.list(told)) == [{"Name": "lake"}]

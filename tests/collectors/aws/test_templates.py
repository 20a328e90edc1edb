from datetime import UTC, datetime

import pytest

from collectors.aws.templates import Templates
from tests.fakes.told import ACCOUNT, REGION, Told

THEN = datetime(2026, 1, 5, tzinfo=UTC)
DATA = {
    "MetadataOptions": {"HttpTokens": "required"},
    "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}],
}
ELEMENT = {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "CreateTime": THEN, "LaunchTemplateData": DATA}
KNOWN = {"LaunchTemplates": [{"LaunchTemplateId": "lt-1", "Tags": [{"Key": "team", "Value": "web"}]}]}
FACTS = ("metadata_guarded", "public_address", "tags")
OF_SOUND = {"metadata_guarded": True, "public_address": False, "tags": {"team": "web"}}


def facts(data=DATA, defaults=None, known=KNOWN):
    told = Told({"ec2.DescribeLaunchTemplates": known, "ec2.GetInstanceMetadataDefaults": defaults})
    found = Templates.describe(told, {**ELEMENT, "LaunchTemplateData": data})
    assert (found.id, found.name, found.kind) == (
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:launch-template/lt-1",
        "web",
        "machine template",
    )
    return {fact: getattr(found, fact) for fact in FACTS}


def silent(**more):
    """A template that says nothing of the metadata service."""
    return {"NetworkInterfaces": [], **more}


@pytest.mark.parametrize(
    ("data", "defaults", "expected"),
    [
        (DATA, None, {}),
        (silent(MetadataOptions={"HttpTokens": "optional"}), None, {"metadata_guarded": False}),
        (silent(MetadataOptions={"HttpEndpoint": "disabled"}), None, {}),
        (silent(MetadataOptions={"HttpEndpoint": "disabled", "HttpTokens": "optional"}), None, {}),
        (silent(MetadataOptions={"HttpPutResponseHopLimit": 1}), {"AccountLevel": {"HttpTokens": "required"}}, {}),
        (silent(), {"AccountLevel": {"HttpTokens": "required"}}, {}),
        (silent(), {"AccountLevel": {"HttpTokens": "optional"}}, {"metadata_guarded": False}),
        (silent(), {"AccountLevel": {}}, {"metadata_guarded": False}),
        (silent(), {}, {"metadata_guarded": False}),
        (
            silent(MetadataOptions={"HttpTokens": 1}),
            {"AccountLevel": {"HttpTokens": "required"}},
            {"metadata_guarded": None},
        ),
        ({**DATA, "NetworkInterfaces": [{"AssociatePublicIpAddress": "true"}]}, None, {"public_address": None}),
        (silent(), None, {"metadata_guarded": None}),
        ({**DATA, "NetworkInterfaces": [{}, {"AssociatePublicIpAddress": True}]}, None, {"public_address": True}),
        ({**DATA, "NetworkInterfaces": None}, None, {}),
        (None, None, {"metadata_guarded": None, "public_address": None}),
    ],
)
def test_a_template_tells_what_its_machines_will_be_open_to(data, defaults, expected):
    assert facts(data, defaults) == {**OF_SOUND, **expected}


@pytest.mark.parametrize(
    ("known", "tags"),
    [({"LaunchTemplates": [{"LaunchTemplateId": "lt-1"}]}, {}), ({"LaunchTemplates": []}, None), (None, None)],
)
def test_tags_stand_on_the_template_itself(known, tags):
    assert facts(known=known)["tags"] == tags


def test_the_version_that_is_taken_by_default_is_listed():
    asked = []
    told = Told(
        {
            "ec2.DescribeLaunchTemplateVersions": lambda given: (
                asked.append(given["Versions"]) or {"LaunchTemplateVersions": [ELEMENT]}
            )
        }
    )
    assert list(Templates.list(told)) == [ELEMENT]
    assert asked == [["$Default"]]

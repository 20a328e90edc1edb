"""Queues of SQS, and topics of SNS."""

import json

import pytest

from collectors.aws.queues import Queues
from collectors.aws.topics import Topics
from collectors.collector import Gone
from tests.fakes.told import ACCOUNT, Told

TAGS = {"resourcegroupstaggingapi.GetResources": {"ResourceTagMappingList": []}}
ADDRESS = f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/jobs"
QUEUE, TOPIC = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs", f"arn:aws:sns:eu-west-1:{ACCOUNT}:news"
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}


def allow(principal, action="sqs:SendMessage", **condition):
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }


def no_plain(action, arn):
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": arn, "Condition": INSECURE}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def queue(attributes):
    answer = attributes if isinstance(attributes, str) else attributes and {"Attributes": attributes}
    return Queues.describe(Told({**TAGS, "sqs.GetQueueAttributes": answer}), {"QueueUrls": ADDRESS})


@pytest.mark.parametrize(
    ("attributes", "encrypted"),
    [
        ({"SqsManagedSseEnabled": "true"}, True),
        ({"SqsManagedSseEnabled": "false"}, False),
        ({"KmsMasterKeyId": "alias/aws/sqs"}, True),
        ({"QueueArn": QUEUE}, False),
        (None, None),
    ],
)
def test_a_queue_is_encrypted_under_a_key_or_by_the_service(attributes, encrypted):
    found = queue(attributes)
    assert (found.id, found.kind, found.name) == (QUEUE, "queue", "jobs")
    assert found.encrypted is encrypted


OF_BUCKET = allow("*", ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"})


@pytest.mark.parametrize(
    ("rules", "public", "foreign", "tls"),
    [
        ({}, False, (), False),
        ({"Policy": document(no_plain("sqs:*", QUEUE))}, False, (), True),
        ({"Policy": document(no_plain("sqs:SendMessage", QUEUE))}, False, (), False),
        ({"Policy": document(no_plain("sqs:*", f"{QUEUE}-dead"))}, False, (), False),
        ({"Policy": document(allow("*"))}, True, (), False),
        ({"Policy": document(allow("*", StringEquals={"aws:SourceAccount": ACCOUNT}))}, False, (), False),
        ({"Policy": document(allow({"AWS": "999988887777"}))}, False, ("999988887777",), False),
        ({"Policy": document(OF_BUCKET)}, False, (), False),
        ({"Policy": document(allow({"Service": "events.amazonaws.com"}))}, False, (), False),
        ({"Policy": None}, None, None, None),
        ({"Policy": "no"}, None, None, None),
    ],
)
def test_the_policy_of_a_queue_says_whom_it_lets_in_and_how(rules, public, foreign, tls):
    found = queue({"QueueArn": QUEUE, **rules})
    assert (found.public, found.foreign_access, found.transport_encrypted) == (public, foreign, tls)


def test_a_queue_of_which_nothing_is_told_is_not_learned():
    assert (queue(None).public, queue(None).foreign_access, queue(None).transport_encrypted) == (None, None, None)


def topic(attributes):
    answer = attributes if isinstance(attributes, str) else attributes and {"Attributes": attributes}
    return Topics.describe(Told({**TAGS, "sns.GetTopicAttributes": answer}), {"TopicArn": TOPIC})


BY_DEFAULT = allow({"AWS": "*"}, "SNS:Publish", StringEquals={"AWS:SourceOwner": ACCOUNT})


@pytest.mark.parametrize(
    ("attributes", "facts"),
    [
        ({"Policy": document(BY_DEFAULT)}, (False, False, (), False)),
        ({"Policy": document(BY_DEFAULT), "KmsMasterKeyId": "alias/aws/sns"}, (True, False, (), False)),
        ({"Policy": document(BY_DEFAULT, no_plain("sns:Publish", TOPIC))}, (False, False, (), True)),
        ({"Policy": document(allow("*", "sns:Subscribe"))}, (False, True, (), False)),
        ({"Policy": document(allow({"AWS": "999988887777"}, "sns:*"))}, (False, False, ("999988887777",), False)),
        ({"TopicArn": TOPIC}, (False, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_a_topic_tells_whether_it_is_under_a_key_and_what_its_policy_says(attributes, facts):
    found = topic(attributes)
    assert (found.id, found.kind, found.name) == (TOPIC, "topic", "news")
    assert (found.encrypted, found.public, found.foreign_access, found.transport_encrypted) == facts


@pytest.mark.parametrize(("look", "code"), [(queue, "QueueDoesNotExist"), (topic, "NotFound")])
def test_what_was_deleted_meanwhile_is_none(look, code):
    with pytest.raises(Gone):
        look(code)

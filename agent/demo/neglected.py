"""What was neglected among the estate's other stores: how each is broken, one function per store."""

from collections.abc import Callable, Iterator

from agent.demo import stores
from agent.demo.defect import Defect
from agent.demo.estate import Estate, arn, day
from agent.demo.names import HOME
from agent.demo.stores import ALIAS, REGION, allowing
from agent.demo.watching import line, over_tls, policy

STRANGER = "999988887777"


def hasty_table(estate: Estate) -> None:
    """A table as it was made in a hurry."""
    stores.make_table(estate, "experiments", guarded=False)


def bare_catalogue(estate: Estate) -> None:
    """A data catalogue that is not encrypted."""
    place = ("production", "us-east-1")
    settings = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}
    database = {"Name": "exports", "CreateTime": "2026-09-01T08:00:00+00:00"}
    estate.endpoint.tell(
        line("glue.GetDatabases", {"DatabaseList": [{"Name": "exports"}]}, *place),
        line("glue.GetDatabase", {"Database": database}, *place), line("glue.GetTags", {"Tags": stores.OWNED}, *place),
        line("glue.GetDataCatalogEncryptionSettings", {"DataCatalogEncryptionSettings": settings}, *place),
        line("glue.GetResourcePolicy", {"PolicyInJson": policy(over_tls("glue:*"))}, *place),
    )  # fmt: skip
    estate.note(
        "dataset", "production/us-east-1/dataset/exports", arn("glue", "production", "database/exports", "us-east-1")
    )


def open_warehouse(estate: Estate) -> None:
    """A warehouse on the Internet, neither encrypted nor kept for long."""
    stores.make_warehouse(estate, "adhoc", guarded=False)


def open_search(estate: Estate) -> None:
    """A search domain that anybody may read."""
    stores.make_search_index(estate, "demo", guarded=False)


def bare_files(estate: Estate) -> None:
    """Files that are not encrypted, and mounted as anybody likes."""
    stores.make_file_share(estate, "homes", guarded=False)


def plain_cache(estate: Estate) -> None:
    """A cache without any encryption."""
    stores.make_cache(estate, "lookups", guarded=False)


def open_stream(estate: Estate) -> None:
    """A stream that anybody may read."""
    stores.make_stream(estate, "clicks", guarded=False)


def open_queue(estate: Estate) -> None:
    """A queue to which anybody may send."""
    stores.make_queue(estate, "feedback", guarded=False)


def public_image(estate: Estate) -> None:
    """An image, not encrypted, from which anybody may start a machine."""
    stores.make_image(estate, "appliance", encrypted=False, public=True)


def lent_topic(estate: Estate) -> None:
    """The topic of the alarms, to which somebody outside may listen."""
    topic = arn("sns", "management", "duty", HOME)
    statements = (over_tls("sns:Publish"), allowing(f"arn:aws:iam::{STRANGER}:root", "sns:Subscribe"))
    estate.client("sns", "management", HOME).set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy(*statements)
    )


def taken_back_topic(estate: Estate) -> None:
    """Let them no more."""
    topic = arn("sns", "management", "duty", HOME)
    estate.client("sns", "management", HOME).set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy(over_tls("sns:Publish"))
    )


ENCRYPTION = ("data_is_encrypted_at_rest", "data_is_under_our_keys")
FOUND: dict[str, tuple[Callable[[Estate], None], tuple[str, ...]]] = {
    "table/experiments": (hasty_table, (
        "databases_are_backed_up", "databases_can_be_brought_back", "databases_are_protected_from_deletion", "data_is_under_our_keys",
    )),
    "warehouse/adhoc": (open_warehouse, (
        *ENCRYPTION, "data_stores_are_not_public", "databases_are_private", "databases_are_backed_up", "databases_can_be_brought_back",
        "databases_survive_a_zone", "stores_refuse_plain_text", "data_access_is_logged",
    )),
    "search index/demo": (open_search, (
        *ENCRYPTION, "data_stores_are_not_public", "databases_are_private", "databases_survive_a_zone", "stores_refuse_plain_text",
        "data_access_is_logged",
    )),
    "file share/homes": (bare_files, (*ENCRYPTION, "stores_refuse_plain_text", "files_are_backed_up")),
    "cache/lookups": (plain_cache, ("data_is_encrypted_at_rest", "stores_refuse_plain_text")),
    "stream/clicks": (open_stream, (*ENCRYPTION, "data_stores_are_not_public")),
    "queue/feedback": (open_queue, ("data_is_encrypted_at_rest", "data_stores_are_not_public", "stores_refuse_plain_text")),
    "image/appliance": (public_image, ("data_is_encrypted_at_rest", "data_stores_are_not_public")),
}  # fmt: skip
"""Store -> how it is broken, and the checks that must say so."""


def defects() -> Iterator[Defect[Estate]]:
    """A row for each store and check, and the topic that is lent for a week."""
    for name, (seed, checks) in FOUND.items():
        for number, check in enumerate(checks):
            yield Defect(check=check, resource=f"{ALIAS}/{REGION}/{name}", seed=None if number else seed)
    for number, check in enumerate(ENCRYPTION):
        yield Defect(
            check=check, resource="production/us-east-1/dataset/exports", seed=None if number else bare_catalogue
        )
    yield Defect(
        check="data_is_not_shared_with_strangers", resource=f"management/{HOME}/topic/duty", seed=lent_topic, begins=day("2026-10-13"),
        mend=taken_back_topic, ends=day("2026-10-20"),
    )  # fmt: skip

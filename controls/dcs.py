"""Datacenter security (DCS), of which a cloud shows the catalogue of assets: whose a thing is, and how sensitive."""

from collectors.resource import DataStore
from collectors.serving import Workload
from controls.check import check, part
from controls.labels import CLASSES, OWNERS, names
from controls.verdict import Verdict

TRUE = "whether what the tag says is true and still so"
ELSEWHERE = "assets outside of the cloud, where an asset stands, and how it is tracked"


@check(
    part("CCM:4.1:DCS-07", f"{ELSEWHERE}; {TRUE}"),
    judges=Workload,
    severity="low",
    remediation=(
        "AWS: tag it with its owner or team, and require the tag by a tag policy. "
        "Google Cloud: label it with its owner or team, and require the label where it is made. "
        "Azure: tag it with its owner or team, and require the tag by a policy."
    ),
    metric="DCS-06-M2",
)
def machines_name_an_owner(workload: Workload) -> Verdict:
    """Machines, functions and services say who answers for them.

    What nobody owns nobody mends. The check looks for a tag or label that names an owner, a team, a contact, a cost centre or a service.
    It does not see whether its value is true or still so.
    """
    return names(workload.tags, OWNERS, otherwise="no tag names an owner")


@check(
    part("CCM:4.1:DSP-06", f"which data is personal or sensitive, stewards, and reviews of both; {TRUE}"),
    part("CCM:4.1:DCS-07", f"{ELSEWHERE}; {TRUE}"),
    judges=DataStore,
    severity="low",
    remediation=(
        "AWS: tag the store with its owner or team, and require the tag by a tag policy. "
        "Google Cloud: label the store with its owner or team, and require the label where it is made. "
        "Azure: tag the store with its owner or team, and require the tag by a policy."
    ),
)
def data_names_its_owner(store: DataStore) -> Verdict:
    """Data stores say who answers for them.

    Somebody must be asked before data is shared, moved or deleted. The check looks for a tag or label that names an owner, a team, a
    contact, a cost centre or a service. It does not see whether its value is true, or to whom single data sets in the store belong.
    """
    return names(store.tags, OWNERS, otherwise="no tag names an owner")


@check(
    part("CCM:4.1:DSP-04", f"the scheme of classes, and data of several classes in one store; {TRUE}"),
    part("CCM:4.1:DCS-06", f"assets that hold no data, and physical ones; {TRUE}"),
    judges=DataStore,
    severity="low",
    remediation=(
        "AWS: tag the store with its data's class (such as data-classification), and require the tag by a tag policy. "
        "Google Cloud: label the store with its data's class, and require the label where it is made. "
        "Azure: tag the store with its data's class, and require the tag by a policy."
    ),
    metric="DSP-04-M3",
)
def data_names_its_class(store: DataStore) -> Verdict:
    """Data stores say how sensitive their data is.

    How well a thing must be guarded is decided by what it holds. The check looks for a tag or label that names a class, a sensitivity or
    a confidentiality. It does not see what really lies in the store, or whether its guard fits the class.
    """
    return names(store.tags, CLASSES, otherwise="no tag names a class")

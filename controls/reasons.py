"""Why no check speaks of a specification: for each, what would have to show it instead, in our own words.

None of it can be seen in the state of a cloud account. Three are left out where other tools claim them: independent assessments (A&A-02)
are shown by no setting, loss of data from endpoints (UEM-11) is prevented by no search for sensitive data in stores, and contacts at
authorities (SEF-10) are other people than those whom the cloud provider warns. Ids are of CCM 4.1; those of 4.0 come by the crosswalk.
"""

import functools

from controls import ccm
from controls.catalogue import linked

CONTACTS = (
    "contacts at authorities: a register must show it; the security contact that a cloud provider warns is none of them"
)
REASONS: dict[str, str] = {
    "a policy and its procedures: a dated, approved document and its reviews must be on record": """
        A&A-01 AIS-01 BCR-01 CCC-01 CEK-01 DCS-01 DCS-02 DCS-03 DCS-04 DCS-05 DSP-01 GRC-01 HRS-01 HRS-02 HRS-03 HRS-04 IAM-01 IPY-01
        I&S-01 LOG-01 SEF-01 SEF-02 STA-01 STA-02 TVM-01 UEM-01""",
    "independent assessments: an assessor's report must be on record; no setting of a cloud shows one, its own assessment neither": """
        A&A-02""",
    "an audit and what followed from it: plans, reports and corrective actions must be on record": """
        A&A-03 A&A-05 A&A-06 CEK-09""",
    "decisions of people on risk and governance: programmes, assessments and minutes must be on record": """
        BCR-02 BCR-03 CEK-02 CEK-05 CEK-06 CEK-07 GRC-02 GRC-03 GRC-06 GRC-07 GRC-08 TVM-04""",
    "exceptions from policy: a register of requests and approvals must show it (the agent keeps its own approved exceptions only)": """
        CCC-08""",
    "a plan, its documents and its exercises: dated records must show it": """
        BCR-04 BCR-05 BCR-07 SEF-04 TVM-07""",
    "how software is specified, built, tested and released: code hosts and pipelines show it, which no collector reads": """
        AIS-03 CCC-02""",
    "how changes are decided and agreed: change records and contracts must show it": """
        CCC-05""",
    "how a key is used, suspended, archived or withdrawn over its life: key ceremonies and decisions must be on record": """
        CEK-13 CEK-15 CEK-18 CEK-19""",
    "buildings, equipment and media: the data centre operator's own audit evidence shows it": """
        DCS-08 DCS-09 DCS-10 DCS-11 DCS-12 DCS-13 DCS-14 DCS-15 DCS-16 DCS-17 DCS-18 LOG-13""",
    "how data flows: documents of its flows and their reviews must show it": """
        DSP-05""",
    "the handling of personal data: records of processing, requests and assessments must show it": """
        DSP-08 DSP-09 DSP-11 DSP-12 DSP-13 DSP-14 DSP-15 DSP-18""",
    "people: personnel registers, signed agreements and training records must show it": """
        HRS-05 HRS-06 HRS-07 HRS-08 HRS-09 HRS-10 HRS-11 HRS-12 HRS-13""",
    "in which privileged access the service's customers have a say: agreements and records of approval must show it": """
        IAM-11""",
    "what the service offers its customers: its own documentation, interfaces and agreements must show it": """
        IPY-02 IPY-04""",
    "how environments are parted and networks laid out: documents of the architecture must show it": """
        I&S-08""",
    "what happened in an incident and how it was handled: an incident register must show it": """
        SEF-09""",
    CONTACTS: """
        SEF-10""",
    "suppliers and shared responsibility: contracts, the supplier register and suppliers' evidence must show it": """
        STA-03 STA-04 STA-05 STA-06 STA-07 STA-10 STA-11 STA-12 STA-13 STA-14 STA-15 STA-16""",
    "devices of the staff: device management shows it, which no collector reads": """
        UEM-03 UEM-10 UEM-12 UEM-13 UEM-14""",
    "loss of data from endpoints: a product on the devices prevents it, which no collector reads; a search in data stores does not": """
        UEM-11""",
    "clocks: configuration of what runs inside of machines and equipment shows it; the provider keeps the clocks of its own services": """
        LOG-06""",
}  # fmt: skip
"""Each reason with the specifications of 4.1 (without version, in CCM's order) that it holds for."""
NARROWED = "in CCM 4.0 it asks for less than in 4.1, so that no check linked to its successor speaks of it"


def reason(specification: str) -> str | None:
    """Why no check speaks of a specification of either version; `None` where one does. `ValueError` if there is none such."""
    if linked(specification):
        return None
    return _by_id().get(ccm.translate(specification, "4.1").target or "", NARROWED)


@functools.cache
def _by_id() -> dict[str, str]:
    return {f"CCM:4.1:{bare}": words for words, ids in REASONS.items() for bare in ids.split()}

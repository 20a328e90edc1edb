"""Cryptography (CEK), of data on its way to databases: do they turn callers without TLS away?"""

from collectors.resource import DataStore
from controls.cek import LIBRARIES, TRANSFER
from controls.check import check, part
from controls.verdict import Verdict, holds


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, other stores than databases; {LIBRARIES}"),
    part("CCM:4.1:DSP-10", TRANSFER),
    part("CCM:4.1:IPY-03", "other interfaces than a database's own; protocol versions and cipher suites"),
    judges=DataStore,
    kinds=("database",),
    severity="high",
    remediation=(
        "AWS: set the parameter that demands TLS in the database's parameter group (rds.force_ssl, require_secure_transport, or tls of "
        "DocumentDB). "
        "Google Cloud: allow only encrypted connections to the instance (sslMode ENCRYPTED_ONLY). "
        "Azure: set require_secure_transport of the flexible server to on; the others speak TLS alone."
    ),
    metric="CEK-03-M3",
)
def databases_refuse_plain_text(database: DataStore) -> Verdict:
    """Databases refuse connections without TLS.

    A password that crosses a network in the open is everybody's on it, and so is each answer. The check reads whether each database turns
    away callers whose connection is not encrypted, by its own setting. It does not see which TLS versions clients choose, or whether they
    check whom they speak with.
    """
    return holds(database.transport_encrypted, "connections without TLS are not refused")

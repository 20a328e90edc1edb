"""All 42 of CSA's continuous audit metrics (catalogue 1.0 and its published dataset), each with exactly what we count for it.

Id, objective, sampling period and direction are CSA's facts; what is counted, and every word, is ours. docs/csa-metrics.md is made from it.
"""

from controls.metrics import NO_SHARE, Metric

MONTH, DAY, WEEK, FORTNIGHT, YEAR = "P30D", "P1D", "P7D", "P15D", "P365D"
PIPELINE = "results of the build pipeline (SARIF or JUnit of every build), which no collector reads"
INCIDENTS = "the register `incidents`"

METRICS: tuple[Metric, ...] = (
    Metric(
        id="AIS-05-M1", slo="100%", sampling=None, basis="none", sources=(), needs=PIPELINE,
        a="builds with a static analysis", b="builds",
    ),
    Metric(
        id="AIS-05-M2", slo="100%", sampling=None, basis="none", sources=(), needs=PIPELINE,
        a="builds whose tests ran", b="builds",
    ),
    Metric(
        id="AIS-05-M3", slo="100%", sampling=None, basis="none", sources=(), needs=PIPELINE,
        a="builds with a dynamic analysis", b="builds",
        caveat="The catalogue's own words repeat \"static\" of its first metric; by id and purpose dynamic is meant.",
    ),
    Metric(
        id="AIS-06-M1", slo="95%", sampling=MONTH, basis="checks", sources=("only_signed_code_runs", "clusters_run_signed_images"),
        a="functions, container services and clusters where only signed code may run", b="functions, container services and clusters",
        caveat="A signature ties code to a build; which tests the build went through is not seen.",
    ),
    Metric(
        id="AIS-07-M3", slo="80%", sampling=MONTH, basis="imported", sources=("findings",),
        a="images, repositories and bills of materials without an open high or critical vulnerability that no approved exception covers",
        b="images, repositories and bills of materials that the imported exports looked at, tool by tool",
        caveat="An application is what a tool looked at as one thing; whether all that runs in production was looked at is not seen.",
        needs="the programme's `findings`: exports of Trivy, Grype, CycloneDX or another tool that looks at applications",
    ),
    Metric(
        id="AIS-07-M6", slo=None, sampling=MONTH, basis="findings", sources=("vulnerabilities_are_mended_in_time",), direction="lower",
        a="high and critical vulnerabilities that are open longer than the policy allows, or were when they were mended in the cycle",
        b="high and critical vulnerabilities that are open, and those that were mended too late in the cycle",
        caveat="What was mended in time within the cycle is not counted, which makes the value worse, never better. An approved exception "
        "does not take a vulnerability out of A. Imported findings of other tools are counted tool by tool.",
    ),
    Metric(
        id="BCR-06-M1", slo="80%", sampling=YEAR, basis="checks", sources=("restores_are_tested",),
        a="backup vaults of which something was restored with success within the check's days", b="backup vaults",
        caveat="A restore is one exercise of many: failover, people and recovery times are not seen, nor which system is critical.",
    ),
    Metric(
        id="BCR-08-M1", slo=None, sampling=None, basis="checks",
        sources=("databases_can_be_brought_back", "machines_are_backed_up", "databases_are_backed_up"),
        a="databases and machines that can be brought back to a recent instant, and databases with backups set up", b="those of each kind",
    ),
    Metric(
        id="BCR-08-M2", slo=None, sampling=None, basis="checks", sources=("restores_are_tested",),
        a="backup vaults of which something was restored with success within the check's days", b="backup vaults",
    ),
    Metric(
        id="CCC-03-M1", slo="80%", sampling=MONTH, basis="checks", sources=("machines_come_from_code",),
        a="machines, functions and services that carry the mark of a tool that deploys from code", b="machines, functions and services",
        caveat="A mark can be set by hand, and a tool that leaves none is not seen.",
    ),
    Metric(
        id="CCC-07-M1", slo="95%", sampling=WEEK, basis="state", sources=("our own checks of configuration", "the approved baseline"),
        a="checks of configuration, on each cloud by itself, that are within the objective of a committed specification; and, where a "
        "baseline was approved, resources whose settings are as approved",
        b="checks of configuration of the committed specifications, on each cloud, that had something to judge; and the baseline's "
        "resources, with those that were added to its types",
        caveat="An item is one check on one cloud and not one resource: resources of different checks are never added. A check that serves "
        "several specifications is held against the strictest objective.",
    ),
    Metric(
        id="CEK-03-M2", slo="85%", sampling=MONTH, basis="checks", sources=("keys_are_made_in_hardware",),
        a="keys whose material lives in a hardware module", b="keys",
        caveat="That the module is validated is the cloud provider's word; libraries inside workloads are not seen.",
    ),
    Metric(
        id="CEK-03-M3", slo="85%", sampling=MONTH, basis="checks",
        sources=(
            "object_stores_require_tls", "stores_refuse_plain_text", "databases_refuse_plain_text", "endpoints_refuse_plain_text",
            "services_refuse_plain_text",
        ),
        a="object stores, databases, other stores, endpoints and services that take no unencrypted connection", b="those of each kind",
        caveat="Connections between workloads are not seen.",
    ),
    Metric(
        id="CEK-04-M1", slo="90%", sampling=MONTH, basis="checks",
        sources=("keys_use_strong_algorithms", "certificates_use_strong_keys", "endpoints_require_modern_tls"),
        a="keys, certificates and endpoints with an algorithm, size or protocol that the check calls strong", b="those of each kind",
        caveat="The requirement is the check's; an organisation may ask for more.",
    ),
    Metric(
        id="DCS-06-M1", slo="95%", sampling=DAY, basis="none", sources=(),
        a="resources named in the audit log that the inventory holds", b="resources named in the audit log",
        needs="the audit log itself, read resource by resource; we read whether it is kept, not what it says",
    ),
    Metric(
        id="DCS-06-M2", slo="100%", sampling=DAY, basis="checks", sources=("machines_name_an_owner", "data_names_its_owner"),
        a="machines and data stores that carry the tag of an owner", b="those of each kind",
        caveat="Whether the owner that the tag names is the right one is not seen.",
    ),
    Metric(
        id="DSP-04-M2", slo="99%", sampling=MONTH, basis="none", sources=(),
        a="data records that are classified", b="data records",
        needs="counts of records from a tool that discovers data; whether one is at work is judged (sensitive_data_is_looked_for)",
    ),
    Metric(
        id="DSP-04-M3", slo="99%", sampling=MONTH, basis="checks", sources=("data_names_its_class",),
        a="data stores that carry the tag of a class", b="data stores",
        caveat="Whether the class is the right one is not seen.",
    ),
    Metric(
        id="DSP-05-M1", slo="80%", sampling=FORTNIGHT, basis="register", sources=("data_flows",),
        a="data stores of the inventory that the documentation of data flows holds", b="data stores of the inventory",
        needs="the register `data_flows` with rows of the kind `store`",
    ),
    Metric(
        id="DSP-05-M2", slo="80%", sampling=FORTNIGHT, basis="register", sources=("data_flows",),
        a="data streams of the inventory that the documentation of data flows holds", b="data streams of the inventory",
        needs="the register `data_flows` with rows of the kind `stream`",
    ),
    Metric(
        id="GRC-04-M1", slo="90%", sampling=MONTH, basis="state", sources=("our own approved exceptions",),
        a="approved exceptions whose deviations were mended before they expired", b="approved exceptions at work in the cycle",
        caveat="The catalogue counts an exception that is not resolved yet as out of time, and also by its documented date. Both are "
        "shown: one that is in force and still covers a deviation is unknown, so the value's lower end is the first reading and its "
        "upper end the second. One that covers nothing is not at work.",
    ),
    Metric(
        id="IAM-07-M1", slo="99%", sampling=MONTH, basis="register", sources=("joiners_leavers",),
        a="leavers of the cycle whose access ended within the time that the policy allows", b="leavers of the cycle",
        needs="the register `joiners_leavers`",
    ),
    Metric(
        id="IAM-08-M2", slo="95%", sampling=MONTH, basis="register", sources=("access_reviews",),
        a="accounts that were reviewed in the last 90 days and found right", b="accounts of the register",
        caveat="The catalogue describes a longest time in days and gives a share as its formula: the formula is counted.",
        needs="the register `access_reviews`",
    ),
    Metric(
        id="IAM-09-M1", slo="99%", sampling=DAY, basis="checks", sources=("privileged_planes_are_separated",),
        a="users, groups and roles that administer at most one of data, keys and logging", b="users, groups and roles",
        caveat="The catalogue's formula lacks a parenthesis and takes the offenders away from one: this is that share. B holds those "
        "without any of the three too.",
    ),
    Metric(
        id="IPY-03-M2", slo="99.99%", sampling="PT1H", basis="checks", sources=("endpoints_require_modern_tls",),
        a="endpoints that take TLS 1.2 or newer only", b="endpoints",
        caveat="Endpoints are counted, not connections; as often as the programme sweeps, which may be less than hourly.",
    ),
    Metric(
        id="IVS-04-M1", slo="99.99%", sampling=DAY, basis="checks",
        sources=("machine_metadata_is_guarded", "machines_verify_their_boot", "machines_are_patched", "clusters_run_supported_versions"),
        a="machines and clusters that are as each check of hardening asks", b="machines and clusters that it judges",
        caveat="No time is allowed for mending: a machine that fails counts from the sweep that sees it.",
    ),
    Metric(
        id="LOG-03-M1", slo="95%", sampling=DAY, basis="checks", sources=("audit_trails_are_watched",),
        a="audit trails that something watches and raises alarms from", b="audit trails",
        caveat="Logs of applications and systems are not counted as sources.",
    ),
    Metric(
        id="LOG-05-M1", slo="95%", sampling=DAY, basis="register", sources=("incidents",),
        a="anomalies and incidents of the cycle that were resolved by their due instant", b="anomalies and incidents of the cycle",
        caveat="One that is open and not yet due is unknown: the catalogue counts it as out of time.",
        needs=f"{INCIDENTS} with `detected`, `resolved` and `resolve_by`",
    ),
    Metric(
        id="LOG-10-M1", slo="80%", sampling=FORTNIGHT, basis="state", sources=("our own figures of the CEK domain",),
        a="specifications of the CEK domain for which this bundle holds a figure, be it of a check or of a metric",
        b="specifications of the CEK domain",
        caveat="The catalogue has metrics for two of them and asks for more: a figure of a check is such a one.",
    ),
    Metric(
        id="LOG-13-M2", slo="99%", sampling=DAY, basis="checks", sources=("audit_logs_arrive", "configuration_recording_works"),
        a="audit trails and recorders that delivered lately; sweeps that were taken and could list everything",
        b="audit trails and recorders; sweeps that were due",
        caveat="The catalogue counts minutes. We count deliveries and our own heartbeat: a sweep speaks until the next one is due.",
    ),
    Metric(
        id="SEF-05-M1", slo="90%", sampling=MONTH, basis="register", sources=("incidents",),
        a="security events of the cycle that a system reported", b="security events of the cycle",
        needs=f"{INCIDENTS} with `source`",
    ),
    Metric(
        id="SEF-06-M1", slo="99%", sampling=WEEK, basis="checks", sources=("threats_are_taken_up",),
        a="open findings of threats that somebody took up in time, or that are not yet due", b="open findings of threats",
        caveat="Findings that were closed are not counted, neither for nor against.",
    ),
    Metric(
        id="SEF-06-M2", slo=None, sampling=MONTH, basis="register", sources=("incidents",), direction="lower",
        a="slope of the hours to triage over the days of the cycle (least squares)", b=NO_SHARE,
        caveat="A value below zero is an improvement. There is no objective.",
        needs=f"{INCIDENTS} with `detected` and `triaged`, two events at least",
    ),
    Metric(
        id="STA-07-M3", slo="99.9%", sampling=FORTNIGHT, basis="register", sources=("components",),
        a="third-party components whose supplier is approved", b="third-party components",
        caveat="A component of an imported bill whose supplier the bill does not say is unknown; one whose supplier the register of "
        "suppliers does not know fails. Which bills belong to what runs is not seen.",
        needs="the register `components`; or bills of materials under `findings` (CycloneDX) and the register `suppliers`",
    ),
    Metric(
        id="STA-07-M5", slo="99%", sampling=DAY, basis="register", sources=("suppliers",),
        a="providers of the inventory with an observed connection in the cycle", b="approved providers of the inventory",
        caveat="The catalogue's words speak of connections that are not recorded, its formula of those that are: the formula is counted.",
        needs="the register `suppliers` with `last_connection`",
    ),
    Metric(
        id="TVM-03-M1", slo="99%", sampling=WEEK, basis="findings", sources=("vulnerabilities_are_mended_in_time",),
        a="high and critical vulnerabilities that are open and not longer than the policy allows",
        b="high and critical vulnerabilities that are open, and those that were mended too late in the cycle",
        caveat="What was mended in time within the cycle is not counted, which makes the value worse, never better. "
        "Imported findings of other tools are counted tool by tool.",
    ),
    Metric(
        id="TVM-07-M1", slo="99%", sampling=MONTH, basis="findings", sources=("vulnerability_scans_cover_all",),
        a="machines, images and functions that the scanner says it looks at", b="those that it says there are to look at",
        caveat="Counted by the scanner itself, place by place; a place where it is off or says nothing is unseen.",
    ),
    Metric(
        id="TVM-10-M1", slo=None, sampling=MONTH, basis="findings", sources=("vulnerabilities_are_mended_in_time",),
        a="high and critical vulnerabilities, open at the close, that were found within 7 days of their publication",
        b="high and critical vulnerabilities that are open at the close",
        caveat="The day on which a machine was put to work is not known: one that was built from an old image counts as found late. "
        "Imported findings of other tools are counted tool by tool.",
    ),
    Metric(
        id="UEM-04-M1", slo="95%", sampling=MONTH, basis="checks", sources=("machines_are_inventoried",),
        a="machines whose software is reported to an inventory", b="machines",
        caveat="Servers and desktops in the cloud; devices of the staff are not seen.",
    ),
    Metric(
        id="UEM-05-M1", slo="99%", sampling=DAY, basis="checks", sources=("machines_are_managed",),
        a="machines whose management agent is in contact", b="machines",
        caveat="Servers and desktops in the cloud; devices of the staff are not seen.",
    ),
    Metric(
        id="UEM-09-M1", slo="99%", sampling=MONTH, basis="checks", sources=("machines_are_guarded_from_malware",),
        a="machines with a protection against malware at work", b="machines",
        caveat="Servers and desktops in the cloud; devices of the staff are not seen.",
    ),
    Metric(
        id="UEM-09-M2", slo="1%", sampling=None, basis="register", sources=("incidents",), direction="lower",
        a="incidents of the cycle with the category `malware`", b="machines that were judged for a protection against malware",
        caveat="The catalogue recommends at least 99% for a count that should be small: it is held as at most 1%.",
        needs=f"{INCIDENTS} with `category`, and machines seen",
    ),
)  # fmt: skip
"""In the order of their ids."""

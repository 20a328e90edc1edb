"""What other tools found at the simulated provider: Trivy an old hole that nobody mends, Prowler a bucket of which it says otherwise.

Prowler reads the policy of the index's bucket as one that takes plain connections; our check reads it as one that refuses them. The
report lists both: that two tools differ is no fault of either until somebody has looked.
"""

from datetime import datetime

from agent.canonical import encode

HOLES = (
    ("CVE-2026-10001", "libexample", "HIGH", "2026-08-14T00:00:00Z"),
    ("CVE-2026-10002", "examplessl", "LOW", "2026-07-01T00:00:00Z"),
)
"""Id, package, severity, published."""
DISPUTED = "arn:aws:s3:::example-production-index"


def trivy(taken: datetime) -> bytes:
    """The scan of one image, in Trivy's own form."""
    holes = [
        {"VulnerabilityID": name, "PkgName": package, "Severity": grave, "PublishedDate": known}
        for name, package, grave, known in HOLES
    ]
    return encode(
        {
            "SchemaVersion": 2, "CreatedAt": taken, "ArtifactName": "registry.cloud.example/upload:1.4", "ArtifactType": "container_image",
            "Results": [{"Target": "registry.cloud.example/upload:1.4", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": holes}],
        }
    )  # fmt: skip


def prowler(taken: datetime) -> bytes:
    """One finding of one bucket, in Prowler's own form (OCSF, instants in seconds)."""
    at, rule = int(taken.timestamp()), "s3_bucket_secure_transport_policy"
    return encode(
        [
            {
                "class_uid": 2004, "activity_id": 1, "time": at, "severity": "Medium", "severity_id": 3,
                "status_code": "FAIL", "status_id": 1,
                "metadata": {"event_code": rule, "product": {"name": "Prowler", "version": "5.46.0"}},
                "finding_info": {"uid": f"prowler-aws-{rule}", "created_time": at},
                "resources": [{"uid": DISPUTED, "region": "eu-central-1"}],
            }
        ]
    )  # fmt: skip

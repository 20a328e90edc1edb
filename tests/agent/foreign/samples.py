"""Small exports in the shapes that each tool really writes."""

VOLUME = "arn:aws:ec2:eu-west-1:111122223333:volume/one"
TRIVY = {
    "SchemaVersion": 2,
    "CreatedAt": "2026-09-28T04:10:00.123456789Z",
    "ArtifactName": "registry.example/shop:1.4",
    "ArtifactType": "container_image",
    "Metadata": {"OS": {"Family": "debian"}},
    "Results": [
        {
            "Target": "registry.example/shop:1.4 (debian 12)",
            "Class": "os-pkgs",
            "Type": "debian",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2026-0001",
                    "PkgName": "openssl",
                    "InstalledVersion": "3.0.1",
                    "Severity": "CRITICAL",
                    "PublishedDate": "2026-09-01T00:00:00Z",
                    "DataSource": {"ID": "debian"},
                },
                {"VulnerabilityID": "CVE-2026-0002", "PkgName": "zlib", "Severity": "LOW", "Status": "affected"},
                {"VulnerabilityID": "CVE-2026-0003", "PkgName": "bash", "Severity": "UNKNOWN"},
            ],
        },
        {
            "Target": "Dockerfile",
            "Class": "config",
            "Misconfigurations": [{"ID": "DS002", "Severity": "HIGH", "Status": "FAIL"}],
        },
        {"Target": "empty"},
    ],
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {"id": "CVE-2026-0001", "severity": "Critical", "fix": {"state": "fixed"}},
            "artifact": {"name": "openssl"},
        }
    ],
    "ignoredMatches": [
        {
            "vulnerability": {"id": "CVE-2026-0009", "severity": "High"},
            "artifact": {"name": "curl"},
            "appliedIgnoreRules": [],
        }
    ],
    "source": {"type": "image", "target": {"userInput": "registry.example/shop:1.4"}},
    "descriptor": {"name": "grype", "version": "0.90.0", "timestamp": "2026-09-28T06:00:00+02:00"},
}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {
        "timestamp": "2026-09-28T00:00:00Z",
        "tools": {"components": [{"type": "application", "name": "cdxgen"}]},
        "component": {"type": "application", "name": "shop", "version": "1.4", "bom-ref": "shop"},
    },
    "components": [{"type": "library", "name": "log4j", "bom-ref": "pkg:maven/log4j@2.0", "version": "2.0"}],
    "vulnerabilities": [
        {
            "id": "CVE-2026-0004",
            "ratings": [{"score": 9.8, "method": "CVSSv31"}],
            "affects": [{"ref": "pkg:maven/log4j@2.0"}],
        },
        {
            "id": "CVE-2026-0005",
            "ratings": [{"severity": "high"}],
            "affects": [{"ref": "pkg:maven/log4j@2.0"}],
            "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
        },
        {"id": "CVE-2026-0006", "ratings": [{"severity": "high"}], "analysis": {"state": "not_affected"}},
        {"id": "CVE-2026-0007", "analysis": {"state": "resolved"}},
    ],
}
SARIF = {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "Semgrep OSS",
                    "semanticVersion": "1.90.0",
                    "rules": [{"id": "sqli", "properties": {"security-severity": "9.1"}}],
                }
            },
            "versionControlProvenance": [{"repositoryUri": "https://git.example/shop"}],
            "invocations": [{"executionSuccessful": True, "endTimeUtc": "2026-09-28T00:00:00Z"}],
            "results": [
                {
                    "ruleId": "sqli",
                    "level": "error",
                    "message": {"text": "x"},
                    "locations": [
                        {"physicalLocation": {"artifactLocation": {"uri": "src/db.py"}, "region": {"startLine": 4}}}
                    ],
                },
                {"ruleId": "style", "level": "note", "message": {"text": "x"}},
                {
                    "ruleId": "sqli",
                    "message": {"text": "x"},
                    "suppressions": [{"kind": "inSource"}],
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/old.py"}}}],
                },
                {
                    "ruleId": "sqli",
                    "kind": "pass",
                    "message": {"text": "x"},
                    "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/new.py"}}}],
                },
            ],
        }
    ],
}
ASFF = {
    "Findings": [
        {
            "SchemaVersion": "2018-10-08",
            "Id": "arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.5/finding/1",
            "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
            "ProductName": "Security Hub",
            "GeneratorId": "security-control/S3.5",
            "AwsAccountId": "111122223333",
            "CreatedAt": "2026-09-01T00:00:00.000Z",
            "UpdatedAt": "2026-09-28T00:00:00.000Z",
            "Severity": {"Label": "MEDIUM"},
            "Compliance": {"Status": "FAILED", "SecurityControlId": "S3.5"},
            "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::example", "Region": "eu-west-1"}],
            "Workflow": {"Status": "SUPPRESSED"},
            "RecordState": "ACTIVE",
        },
        {
            "Id": "inspector/1",
            "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/inspector",
            "ProductName": "Inspector",
            "GeneratorId": "AWSInspector",
            "CreatedAt": "2026-08-01T00:00:00Z",
            "UpdatedAt": "2026-09-28T00:00:00Z",
            "Severity": {"Label": "HIGH"},
            "Resources": [{"Type": "AwsEc2Instance", "Id": "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"}],
            "Vulnerabilities": [
                {"Id": "CVE-2026-0008", "VulnerablePackages": [{"Name": "kernel"}], "Vendor": {"Name": "NVD"}}
            ],
        },
    ]
}


def prowler(code="FAIL", rule="ec2_ebs_volume_encryption", resource=VOLUME):
    """One row of Prowler's OCSF, whose instants are seconds."""
    return {
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "activity_id": 1,
        "time": 1790553600,
        "time_dt": "2026-09-28T00:00:00",
        "metadata": {
            "event_code": rule,
            "product": {"name": "Prowler", "vendor_name": "Prowler", "version": "5.46.0"},
            "version": "1.5.0",
        },
        "severity": "High",
        "severity_id": 4,
        "status": "New",
        "status_id": 1,
        "status_code": code,
        "finding_info": {"uid": f"prowler-aws-{rule}-1", "title": "t", "created_time": 1790553600},
        "resources": [{"uid": resource, "name": "one", "region": "eu-west-1", "type": "AwsEc2Volume"}],
        "unmapped": {"compliance": {}},
    }


HUB = {
    "class_uid": 2002,
    "activity_id": 1,
    "time": 1790553600000,
    "severity_id": 5,
    "status_id": 1,
    "metadata": {"product": {"name": "Inspector"}},
    "finding_info": {"uid": "1", "first_seen_time": 1788220800000},
    "resources": [{"uid": "arn:aws:ecr:eu-west-1:111122223333:repository/shop"}],
    "vulnerabilities": [
        {
            "cve": {"uid": "CVE-2026-0010"},
            "severity": "Critical",
            "affected_packages": [{"name": "musl", "version": "1"}],
        }
    ],
}

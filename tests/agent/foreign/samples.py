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
        {
            "Target": "usr/lib/node_modules",
            "ExperimentalModifiedFindings": [
                {
                    "Type": "vulnerability",
                    "Status": "ignored",
                    "Statement": "accepted",
                    "Source": ".trivyignore.yaml",
                    "Finding": {"VulnerabilityID": "CVE-2026-0012", "PkgName": "ws", "Severity": "MEDIUM"},
                },
                {
                    "Type": "vulnerability",
                    "Status": "not_affected",
                    "Statement": "vulnerable_code_not_in_execute_path",
                    "Source": "shop.vex.json",
                    "Finding": {"VulnerabilityID": "CVE-2026-0013", "PkgName": "tar", "Severity": "HIGH"},
                },
                {"Type": "license", "Status": "ignored", "Finding": {"Name": "GPL-3.0"}},
            ],
        },
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
            "appliedIgnoreRules": [{"vulnerability": "CVE-2026-0009", "namespace": "", "fix-state": "not-fixed"}],
        },
        {
            "vulnerability": {"id": "CVE-2026-0011", "severity": "High"},
            "artifact": {"name": "perl"},
            "appliedIgnoreRules": [
                {
                    "namespace": "vex",
                    "vex-status": "not_affected",
                    "vex-justification": "vulnerable_code_not_present",
                }
            ],
        },
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
            "ratings": [{"score": 9.8, "method": "CVSSv31"}, {"score": 0.03, "method": "other"}],
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
PIP_AUDIT = {
    "$schema": "http://cyclonedx.org/schema/bom-1.4.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.4",
    "version": 1,
    "metadata": {"timestamp": "2026-09-28T00:00:00.348377+00:00"},
    "components": [{"type": "library", "name": "jinja2", "bom-ref": "a1", "version": "2.10"}],
    "vulnerabilities": [
        {"id": "PYSEC-2026-1", "affects": [{"ref": "a1", "versions": [{"version": "2.10"}]}], "description": "x"}
    ],
}
"""It says neither of what the bill is nor which tool wrote it."""
NPM = {
    "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "metadata": {
        "timestamp": "2026-09-28T00:00:00.716Z",
        "tools": [{"vendor": "npm", "name": "cli", "version": "11.19.1"}],
        "component": {"bom-ref": "shop@1.4.0", "type": "library", "name": "shop", "version": "1.4.0"},
    },
    "components": [
        {"bom-ref": "ws@8.0.0", "type": "library", "name": "ws", "version": "8.0.0", "purl": "pkg:npm/ws@8.0.0"}
    ],
    "dependencies": [{"ref": "shop@1.4.0", "dependsOn": ["ws@8.0.0"]}],
}
SEMGREP = {
    "version": "2.1.0",
    "runs": [
        {
            "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": []}],
            "tool": {
                "driver": {
                    "name": "Semgrep OSS",
                    "semanticVersion": "1.182.0",
                    "rules": [
                        {"id": "no-eval", "defaultConfiguration": {"level": "error"}, "properties": {"tags": ["x"]}},
                        {"id": "no-md5", "defaultConfiguration": {"enabled": False, "level": "note"}},
                    ],
                }
            },
            "results": [
                {"ruleId": "no-eval", "fingerprints": {"matchBasedId/v1": "requires login"}, "properties": {}},
                {"ruleIndex": 1},
                {"rule": {"index": 0}, "level": "none"},
                {"ruleId": "no-eval/strict", "kind": "fail"},
            ],
        }
    ],
}
"""Levels stand with the rules, not with the results, which may name a rule by its place."""
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
            "Title": "t",
            "Description": "d",
            "Compliance": {"Status": "FAILED", "SecurityControlId": "S3.5"},
            "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::example", "Region": "eu-west-1"}],
            "Workflow": {"Status": "SUPPRESSED"},
            "RecordState": "ACTIVE",
        },
        {
            "SchemaVersion": "2018-10-08",
            "AwsAccountId": "111122223333",
            "Title": "t",
            "Description": "d",
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

SENT = {
    "SchemaVersion": "2018-10-08",
    "AwsAccountId": "111122223333",
    "Title": "t",
    "Description": "d",
    "CreatedAt": "2026-09-28T00:00:00Z",
    "UpdatedAt": "2026-09-28T00:00:00Z",
    "RecordState": "ACTIVE",
}
PROWLER_ASFF = {
    **SENT,
    "Id": "prowler-ec2_ebs_volume_encryption-111122223333-eu-west-1-b4d076d6e",
    "ProductArn": "arn:aws:securityhub:eu-west-1::product/prowler/prowler",
    "ProductFields": {
        "ProviderName": "Prowler",
        "ProviderVersion": "5.46.0",
        "ProwlerResourceName": VOLUME,
    },
    "GeneratorId": "prowler-ec2_ebs_volume_encryption",
    "FirstObservedAt": "2026-09-28T00:00:00Z",
    "Severity": {"Label": "HIGH"},
    "Resources": [{"Type": "AwsEc2Volume", "Id": VOLUME, "Partition": "aws", "Region": "eu-west-1"}],
    "Compliance": {"Status": "FAILED", "RelatedRequirements": [], "AssociatedStandards": []},
}
TRIVY_ASFF = {
    **SENT,
    "Id": "shop:1.4 (alpine 3.20)/CVE-2026-0001",
    "ProductArn": "arn:aws:securityhub:eu-west-1::product/aquasecurity/aquasecurity",
    "ProductFields": {"Product Name": "Trivy"},
    "GeneratorId": "Trivy",
    "Severity": {"Product": 4, "Normalized": 40},
    "Resources": [
        {
            "Type": "Container",
            "Id": "shop:1.4 (alpine 3.20)",
            "Details": {"Other": {"CVE ID": "CVE-2026-0001", "PkgName": "openssl", "Installed Package": "1.1.1c"}},
        }
    ],
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

"""The fake estate, what workloads use: images, certificates, secrets and clusters; sound ones and others."""

import json
from datetime import timedelta
from typing import Any

from tests.fakes.aws import Refusal, Request
from tests.fakes.pages import THEN, key_arn, named, paged


def _repositories(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {
            "repositoryArn": f"arn:aws:ecr:{request.region}:{request.account}:repository/{name}", "registryId": request.account,
            "repositoryName": name, "createdAt": THEN, "imageTagMutability": mutability,
            "imageScanningConfiguration": {"scanOnPush": name == "sound"},
        }
        for name, mutability in (("sound", "IMMUTABLE"), ("team/ruled", "IMMUTABLE_WITH_EXCLUSION"), ("bare", "MUTABLE"))
    ]  # fmt: skip
    return paged(request, "repositories", entries, given="nextToken", asked="nextToken")


def _repository_policy(estate: Any, request: Request) -> dict[str, Any]:
    """Anybody pulls from the bare one; the sound one has no policy."""
    name = request.parameters["repositoryName"]
    if name == "sound":
        raise Refusal("RepositoryPolicyNotFoundException", status=400)
    principal = "*" if name == "bare" else {"AWS": f"arn:aws:iam::{request.account}:role/app"}
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"registryId": request.account, "repositoryName": name, "policyText": json.dumps(document)}


def _scanning(estate: Any, request: Request) -> dict[str, Any]:
    rules = [
        {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "team/*", "filterType": "WILDCARD"}]},
        {"scanFrequency": "MANUAL", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]},
    ]
    return {"registryId": request.account, "scanningConfiguration": {"scanType": "ENHANCED", "rules": rules}}


def _certificates(estate: Any, request: Request) -> dict[str, Any]:
    assert "EC_prime256v1" in request.parameters["Includes"]["keyTypes"], (
        "without types, only some certificates are listed"
    )
    entries = [
        {
            "CertificateArn": f"arn:aws:acm:{request.region}:{request.account}:certificate/{name}", "DomainName": f"{name}.acme.example",
            "Status": "ISSUED", "Type": kind, "KeyAlgorithm": algorithm, "InUse": name == "sound", "CreatedAt": THEN,
            "NotAfter": THEN + timedelta(days=days), **({"RenewalEligibility": "ELIGIBLE"} if kind == "AMAZON_ISSUED" else {}),
        }
        for name, kind, algorithm, days in (
            ("sound", "AMAZON_ISSUED", "EC_prime256v1", 20), ("bought", "IMPORTED", "RSA_2048", 300),
            ("forgotten", "IMPORTED", "RSA_1024", 9),
        )
    ]  # fmt: skip
    return paged(request, "CertificateSummaryList", entries)


def _certificate(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["CertificateArn"]
    return {
        "Certificate": {
            "CertificateArn": name,
            "NotAfter": THEN,
            "Type": "IMPORTED",
            "KeyAlgorithm": "RSA_2048",
            "InUseBy": [],
        }
    }


def secret(request: Request, name: str) -> str:
    """The ARN of a secret where the request asks."""
    return f"arn:aws:secretsmanager:{request.region}:{request.account}:secret:{name}-AbCdEf"


def _secrets(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"ARN": secret(request, "sound"), "Name": "sound", "CreatedDate": THEN - timedelta(days=900), "Tags": named("sound"),
         "RotationEnabled": True, "RotationRules": {"AutomaticallyAfterDays": 30}, "LastRotatedDate": THEN, "LastAccessedDate": THEN,
         "KmsKeyId": key_arn(request, "key-1")},
        {"ARN": secret(request, "bare"), "Name": "bare", "CreatedDate": THEN - timedelta(days=900)},
        {"ARN": secret(request, "copy"), "Name": "copy", "CreatedDate": THEN, "PrimaryRegion": "ap-south-1"},
    ]  # fmt: skip
    return paged(request, "SecretList", entries)


def _secret_policy(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["SecretId"]
    if not name.endswith("bare-AbCdEf"):
        return {"ARN": name, "Name": "sound"}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return {"ARN": name, "Name": "bare", "ResourcePolicy": json.dumps(document)}


def _secret_versions(estate: Any, request: Request) -> dict[str, Any]:
    version = {"VersionId": "v1", "VersionStages": ["AWSCURRENT"], "CreatedDate": THEN - timedelta(days=800)}
    return {"ARN": request.parameters["SecretId"], "Name": "bare", "Versions": [version]}


def issuer(name: str) -> str:
    """Where a cluster's workloads get their identities."""
    return f"oidc.eks.eu-west-1.amazonaws.com/id/{name.upper()}"


def _clusters(estate: Any, request: Request) -> dict[str, Any]:
    return {"clusters": ["sound", "bare"]}


def _cluster(estate: Any, request: Request) -> dict[str, Any]:
    name = request.parameters["name"]
    sound = name == "sound"
    cluster = {
        "name": name, "arn": f"arn:aws:eks:{request.region}:{request.account}:cluster/{name}", "createdAt": THEN, "status": "ACTIVE",
        "version": "1.34" if sound else "1.28", "certificateAuthority": {"data": "LS0tLS1CRUdJTg=="},
        "resourcesVpcConfig": {"endpointPublicAccess": not sound, "endpointPrivateAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]},
        "logging": {"clusterLogging": [{"types": ["api", "audit"], "enabled": sound}]}, "tags": {"team": "platform"},
        "identity": {"oidc": {"issuer": f"https://{issuer(name)}"}}, "upgradePolicy": {"supportType": "STANDARD"},
        **({"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key_arn(request, "key-1")}}]} if sound else {}),
    }  # fmt: skip
    return {"cluster": cluster}


def _cluster_versions(estate: Any, request: Request) -> dict[str, Any]:
    entries = [
        {"clusterVersion": version, "endOfStandardSupportDate": THEN + timedelta(days=days),
         "endOfExtendedSupportDate": THEN + timedelta(days=days + 365)}
        for version, days in (("1.34", 300), ("1.33", 200), ("1.28", -400))
    ]  # fmt: skip
    return paged(request, "clusterVersions", entries, given="nextToken", asked="nextToken")


def _addon(estate: Any, request: Request) -> dict[str, Any]:
    if request.parameters["clusterName"] != "sound":
        raise Refusal("ResourceNotFoundException", 404)
    return {
        "addon": {
            "addonName": "vpc-cni",
            "clusterName": "sound",
            "configurationValues": '{"enableNetworkPolicy": "true"}',
        }
    }


def _associations(estate: Any, request: Request) -> dict[str, Any]:
    return {"associations": []}


def _issuers(estate: Any, request: Request) -> dict[str, Any]:
    return {"OpenIDConnectProviderList": [{"Arn": f"arn:aws:iam::{request.account}:oidc-provider/{issuer('sound')}"}]}


ANSWERS: dict[str, Any] = {
    "eks.DescribeAddon": _addon,
    "eks.DescribeCluster": _cluster,
    "eks.DescribeClusterVersions": _cluster_versions,
    "eks.ListClusters": _clusters,
    "eks.ListPodIdentityAssociations": _associations,
    "iam.ListOpenIDConnectProviders": _issuers,
    "acm.DescribeCertificate": _certificate,
    "acm.ListCertificates": _certificates,
    "ecr.DescribeRepositories": _repositories,
    "ecr.GetRegistryScanningConfiguration": _scanning,
    "ecr.GetRepositoryPolicy": _repository_policy,
    "secretsmanager.GetResourcePolicy": _secret_policy,
    "secretsmanager.ListSecretVersionIds": _secret_versions,
    "secretsmanager.ListSecrets": _secrets,
}
"""What each operation is answered with."""

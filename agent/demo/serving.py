"""What serves and computes in the estate: machines, a group of them, load balancers, functions, images, certificates and secrets."""

import io
import zipfile
from datetime import datetime, timedelta

from agent.demo import canaries
from agent.demo.estate import OBJECT_STORE, PLATFORM, SEEDED, Estate, arn, pairs
from agent.demo.names import ACCOUNTS, HOME
from agent.demo.told import AGO
from agent.demo.watching import line, make_log_group

FROM_CODE = OBJECT_STORE | {"managed-by": "terraform", "owner": canaries.OWNER}
"""Tags of what comes from code and names an owner."""
SUBNETTED = (("production", "eu-central-1"), ("production", "eu-west-1"), ("staging", "eu-west-1"))
MODERN, DATED = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"
SIGNING = "code-signing-config:csc-0f6a3b5c7d9e1f2a4"


def serve(estate: Estate) -> None:
    """All of it, as a careful provider keeps it."""
    for alias, region in SUBNETTED:
        divide(estate, alias, region)
    make_profile(estate)
    for number in range(2):
        make_machine(estate, "production", HOME, f"placement-{number}")
    make_machine(estate, "staging", "eu-west-1", "placement-0")
    make_group(estate, "production", HOME, "edge", zones=2)
    make_certificate(estate, "production", HOME, "objects.cloud.example", until=SEEDED + timedelta(days=390))
    make_balancer(estate, "production", HOME, "objects")
    make_repository(estate, "production", HOME, "object-store")
    make_secret(estate, "production", HOME, "billing-token")
    sign_code(estate)
    make_function(estate, "thumbnailer")
    # There is no API; moto takes a second to say so.
    estate.endpoint.tell(line("apigateway.GetRestApis", {"items": []}), line("apigatewayv2.GetApis", {"Items": []}))


def divide(estate: Estate, alias: str, region: str) -> None:
    """Two subnets in two zones."""
    ec2, block = estate.client("ec2", alias, region), estate.ids[f"{alias}/{region}/network/main"].rpartition("/")[2]
    network = ec2.describe_vpcs(VpcIds=[block])["Vpcs"][0]["CidrBlock"].split(".")
    for number, zone in enumerate("ab"):
        made = ec2.create_subnet(
            VpcId=block, AvailabilityZone=f"{region}{zone}", CidrBlock=f"10.{network[1]}.{number}.0/24",
            TagSpecifications=[{"ResourceType": "subnet", "Tags": pairs(PLATFORM | {"Name": f"main-{zone}"})}],
        )["Subnet"]["SubnetId"]  # fmt: skip
        ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": False})
        estate.note("subnet", f"{alias}/{region}/subnet/{zone}", arn("ec2", alias, f"subnet/{made}", region))


def subnet(estate: Estate, alias: str, region: str, zone: str) -> str:
    """A subnet's plain id."""
    return estate.ids[f"{alias}/{region}/subnet/{zone}"].rpartition("/")[2]


def make_profile(estate: Estate) -> None:
    """The instance profiles with which machines run."""
    for alias in ("production", "staging"):
        iam = estate.client("iam", alias)
        iam.create_instance_profile(InstanceProfileName="placement")
        iam.add_role_to_instance_profile(InstanceProfileName="placement", RoleName="placement-service")


def make_machine(
    estate: Estate,
    alias: str,
    region: str,
    name: str,
    *,
    public: bool = False,
    guarded: bool = True,
    environment: str = "",
) -> None:
    """A machine under our key, reached through Systems Manager, with a private address and metadata for token holders alone."""
    ec2 = estate.client("ec2", alias, region)
    group = estate.ids[f"{alias}/{region}/firewall/web"].rpartition("/")[2]
    tags = FROM_CODE | {"Name": name, "Environment": environment or alias}
    made: str = ec2.run_instances(
        MinCount=1, MaxCount=1, ImageId="ami-0c1d2e3f405162738", InstanceType="m6g.large",
        IamInstanceProfile={"Name": "placement"}, MetadataOptions={"HttpTokens": "required" if guarded else "optional"},
        NetworkInterfaces=[{
            "DeviceIndex": 0, "SubnetId": subnet(estate, alias, region, "a"), "AssociatePublicIpAddress": public, "Groups": [group],
        }],
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {
            "VolumeSize": 20, "Encrypted": True, "KmsKeyId": estate.ids[f"{alias}/{region}/key"],
        }}],
        TagSpecifications=[{"ResourceType": kind, "Tags": pairs(tags)} for kind in ("instance", "volume")],
    )["Instances"][0]["InstanceId"]  # fmt: skip
    estate.note("machine", f"{alias}/{region}/machine/{name}", arn("ec2", alias, f"instance/{made}", region))
    disk = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made]}])["Volumes"][0][
        "VolumeId"
    ]
    estate.note("volume", f"{alias}/{region}/volume/{name}", arn("ec2", alias, f"volume/{disk}", region))
    estate.machines.setdefault((alias, region), []).append((made, disk))
    look_after(estate, alias, region)


def look_after(estate: Estate, alias: str, region: str) -> None:
    """Systems Manager's view of the machines of a region, and the snapshots that AWS Backup makes of their disks every week."""
    machines = estate.machines[alias, region]
    agents = [
        {
            "InstanceId": one,
            "PingStatus": "Online",
            "LastPingDateTime": {AGO: 120},
            "AgentVersion": "3.3.1611.0",
            "PlatformType": "Linux",
        }
        for one, _ in machines
    ]
    patched = [
        {
            "InstanceId": one, "PatchGroup": "", "BaselineId": "pb-0c10e65780EXAMPLE", "OperationStartTime": {AGO: 90000},
            "OperationEndTime": {AGO: 86400}, "Operation": "Scan", "MissingCount": 0, "FailedCount": 0, "InstalledCount": 214,
        }
        for one, _ in machines
    ]  # fmt: skip
    lines = [
        line("ssm.DescribeInstanceInformation", {"InstanceInformationList": agents}, alias, region),
        line("ssm.DescribeInstancePatchStates", {"InstancePatchStates": patched}, alias, region),
    ]
    for one, _ in machines:
        entries = {
            "TypeName": "AWS:Application", "InstanceId": one, "SchemaVersion": "1.1", "CaptureTime": "2026-09-24T03:00:00Z",
            "Entries": [{"Name": "placement", "Version": "4.2"}],
        }  # fmt: skip
        lines.append(line("ssm.ListInventoryEntries", entries, alias, region, given=one))
    estate.endpoint.tell(*lines)
    estate.endpoint.weekly(ACCOUNTS[alias], region, [disk for _, disk in machines])


def make_group(estate: Estate, alias: str, region: str, name: str, *, zones: int) -> None:
    """A group that could start machines and has none now."""
    subnets = [subnet(estate, alias, region, zone) for zone in "ab"[:zones]]
    make_template(estate, alias, region, name, guarded=zones > 1)
    scaling = estate.client("autoscaling", alias, region)
    tags = [
        {
            "Key": key,
            "Value": value,
            "PropagateAtLaunch": True,
            "ResourceId": name,
            "ResourceType": "auto-scaling-group",
        }
        for key, value in FROM_CODE.items()
    ]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=0, MaxSize=4, DesiredCapacity=0, LaunchTemplate={"LaunchTemplateName": name},
        VPCZoneIdentifier=",".join(subnets), Tags=tags,
    )  # fmt: skip
    found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
    estate.note("machine group", f"{alias}/{region}/group/{name}", found["AutoScalingGroupARN"])


def make_template(estate: Estate, alias: str, region: str, name: str, *, guarded: bool) -> None:
    """A template of machines whose metadata only answers who brings a token; or anybody."""
    made: str = estate.client("ec2", alias, region).create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": "ami-0c1d2e3f405162738", "InstanceType": "m6g.large",
            "MetadataOptions": {"HttpTokens": "required" if guarded else "optional"},
        },
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": pairs(FROM_CODE)}],
    )["LaunchTemplate"]["LaunchTemplateId"]  # fmt: skip
    estate.note(
        "machine template",
        f"{alias}/{region}/machine template/{name}",
        arn("ec2", alias, f"launch-template/{made}", region),
    )


def make_certificate(estate: Estate, alias: str, region: str, name: str, *, until: datetime) -> None:
    """A certificate from elsewhere, imported: nobody renews it by himself."""
    certificate, key = signed(name, until)
    made: str = estate.client("acm", alias, region).import_certificate(
        Certificate=certificate, PrivateKey=key, Tags=pairs(FROM_CODE)
    )["CertificateArn"]
    estate.note("certificate", f"{alias}/{region}/certificate/{name}", made)


def signed(name: str, until: datetime) -> tuple[bytes, bytes]:
    """A certificate of its own making, and its key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    unsigned = x509.CertificateBuilder(
        subject_name=subject, issuer_name=subject, public_key=key.public_key(), serial_number=1,
        not_valid_before=until - timedelta(days=396), not_valid_after=until,
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return unsigned.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), secret


def make_balancer(
    estate: Estate, alias: str, region: str, name: str, *, policy: str = MODERN, public: bool = True, kept: bool = True
) -> None:
    """A load balancer in two zones that speaks TLS alone, logs, cannot be deleted, and stands behind a firewall if it is public."""
    balancing = estate.client("elbv2", alias, region)
    made: str = balancing.create_load_balancer(
        Name=name, Subnets=[subnet(estate, alias, region, zone) for zone in "ab"], Tags=pairs(FROM_CODE),
        Scheme="internet-facing" if public else "internal",
        SecurityGroups=[estate.ids[f"{alias}/{region}/firewall/web"].rpartition("/")[2]],
    )["LoadBalancers"][0]["LoadBalancerArn"]  # fmt: skip
    estate.note("load balancer", f"{alias}/{region}/load balancer/{name}", made)
    log = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": f"example-{alias}-access-logs"}
    log["deletion_protection.enabled"] = str(kept).lower()
    balancing.modify_load_balancer_attributes(LoadBalancerArn=made, Attributes=pairs(log))
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    certificate = next(one for key, one in estate.ids.items() if key.startswith(f"{alias}/{region}/certificate/"))
    balancing.create_listener(
        LoadBalancerArn=made, Protocol="HTTPS", Port=443, SslPolicy=policy, Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[answer],
    )  # fmt: skip
    if public:
        put_behind(estate, alias, region, made)


def put_behind(estate: Estate, alias: str, region: str, balancer: str) -> None:
    """Stand a web application firewall before a load balancer."""
    wall = make_wall(estate, alias, region, "web")
    estate.client("wafv2", alias, region).associate_web_acl(WebACLArn=wall, ResourceArn=balancer)
    guarded = line("wafv2.ListResourcesForWebACL", {"ResourceArns": [balancer]}, alias, region, given=wall)
    estate.endpoint.tell(guarded)


def make_wall(estate: Estate, alias: str, region: str, name: str, *, version: str = "", counts: bool = False) -> str:
    """A web application firewall with AWS's common rules, at their default version unless one is named, which blocks and logs; its ARN."""
    visible = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    group = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet", **({"Version": version} if version else {})}
    rule = {
        "Name": "common", "Priority": 0, "Statement": {"ManagedRuleGroupStatement": group}, "VisibilityConfig": visible,
        "OverrideAction": {"Count" if counts else "None": {}},
    }  # fmt: skip
    walls = estate.client("wafv2", alias, region)
    made: str = walls.create_web_acl(
        Name=name,
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=visible,
        Rules=[rule],
        Tags=pairs(FROM_CODE),
    )["Summary"]["ARN"]
    if not counts:
        log = {"ResourceArn": made, "LogDestinationConfigs": [f"arn:aws:s3:::aws-waf-logs-example-{alias}"]}
        walls.put_logging_configuration(LoggingConfiguration=log)
    versions = {"Versions": [{"Name": "Version_2.1"}], "CurrentDefaultVersion": "Version_2.1"}
    estate.endpoint.tell(line("wafv2.ListAvailableManagedRuleGroupVersions", versions))
    return estate.note("web application firewall", f"{alias}/{region}/web application firewall/{name}", made)


def make_repository(estate: Estate, alias: str, region: str, name: str, *, scanned: bool = True) -> None:
    """Images that are scanned when they come, under tags that stay."""
    made: str = estate.client("ecr", alias, region).create_repository(
        repositoryName=name, imageScanningConfiguration={"scanOnPush": scanned}, tags=pairs(FROM_CODE),
        imageTagMutability="IMMUTABLE" if scanned else "MUTABLE",
    )["repository"]["repositoryArn"]  # fmt: skip
    estate.note("image registry", f"{alias}/{region}/image registry/{name}", made)


def make_secret(estate: Estate, alias: str, region: str, name: str, *, ours: bool = True) -> None:
    """A secret under our key that is changed on a schedule; or under the provider's key, and nobody changes it."""
    secrets = estate.client("secretsmanager", alias, region)
    key = {"KmsKeyId": estate.ids[f"{alias}/{region}/key"]} if ours else {}
    made: str = secrets.create_secret(Name=name, SecretString=canaries.PASSWORD, Tags=pairs(FROM_CODE), **key)["ARN"]
    if ours:
        secrets.rotate_secret(SecretId=made, RotationRules={"AutomaticallyAfterDays": 30})
    estate.note("secret", f"{alias}/{region}/secret/{name}", made)


def sign_code(estate: Estate) -> None:
    """A configuration that refuses code which our own pipeline has not signed."""
    made = arn("lambda", "production", SIGNING, HOME)
    refusing = {
        "CodeSigningConfigId": SIGNING.partition(":")[2], "CodeSigningConfigArn": made, "LastModified": "2026-09-01T08:00:00.000+0000",
        "AllowedPublishers": {"SigningProfileVersionArns": [arn("signer", "production", "signing-profiles/pipeline/1", HOME)]},
        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"},
    }  # fmt: skip
    estate.endpoint.tell(
        line("lambda.ListCodeSigningConfigs", {"CodeSigningConfigs": []}),
        line("lambda.ListCodeSigningConfigs", {"CodeSigningConfigs": [refusing]}, "production", HOME),
        line("lambda.GetFunctionCodeSigningConfig", {}, "production", HOME),
    )


def make_function(estate: Estate, name: str, *, runtime: str = "python3.12", signed_code: bool = True) -> None:
    """A function of the production account, with a password where no password should be; nobody but its account calls it."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def run(event, context): ...")
    made: str = estate.client("lambda", "production").create_function(
        FunctionName=name, Runtime=runtime, Handler="main.run", Code={"ZipFile": code.getvalue()}, Tags=FROM_CODE,
        Role=estate.ids["production/role/object-store-gc"], Environment={"Variables": {"DB_PASSWORD": canaries.PASSWORD}},
    )["FunctionArn"]  # fmt: skip
    estate.note("function", f"production/{HOME}/function/{name}", made)
    make_log_group(estate, "production", HOME, f"/aws/lambda/{name}")
    if signed_code:
        held = {"CodeSigningConfigArn": arn("lambda", "production", SIGNING, HOME), "FunctionName": name}
        estate.endpoint.tell(line("lambda.GetFunctionCodeSigningConfig", held, "production", HOME, given=name))


def open_to_all(estate: Estate, name: str) -> None:
    """Let everybody call a function."""
    estate.client("lambda", "production").add_permission(
        FunctionName=name,
        StatementId="web",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )

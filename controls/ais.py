"""Application and interface security (AIS): who may call what runs, on what it runs, and whose code and images are let run."""

from datetime import datetime

from collectors.serving import Cluster, Endpoint, Registry, Workload
from controls.ages import lasts
from controls.check import check, part
from controls.verdict import Verdict, holds, unknown

DEVELOPED = "how the application is designed, developed and reviewed"
INSIDE = "what a caller may do inside, and callers of interfaces that run elsewhere"
SIGNED = "what is signed and by whom, how a release is tested and approved, and what is deployed in other ways"


@check(
    part("CCM:4.1:AIS-07", "holes in code and libraries, and how they are mended"),
    part("CCM:4.1:TVM-06", "every other library, and updates within a supported runtime"),
    part("CCM:4.1:AIS-02", "every other part of a baseline, and whether one is written down for this application"),
    judges=Workload,
    kinds=("function", "web app"),
    severity="high",
    remediation=(
        "AWS: change the function to a supported runtime (lambda:UpdateFunctionConfiguration), and deploy it tested. "
        "Google Cloud: deploy the function or app with a supported runtime. "
        "Azure: change the app's stack or function's runtime version to a supported one."
    ),
)
def functions_run_supported_runtimes(workload: Workload, *, now: datetime) -> Verdict:
    """Functions and web apps run on a runtime that the provider still mends.

    A runtime past its end keeps its holes. The check compares the end of the provider's support for the runtime of each function and
    web app with the day of the sweep. It does not see runtimes that they bring along in an image, nor their own libraries.
    """
    return lasts(workload.runtime_ends, now=now, what="support of its runtime")


@check(
    part("CCM:4.1:AIS-04", f"{DEVELOPED}; that strangers are kept out is only one requirement of it"),
    part("CCM:4.1:AIS-08", f"input, rates and versions of the interface; {INSIDE}"),
    part("CCM:4.1:IAM-15", INSIDE),
    judges=Workload,
    kinds=("function", "container service", "web app"),
    severity="high",
    remediation=(
        "AWS: set the function address's AuthType to AWS_IAM, and remove the permission that lets everybody invoke it. "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the invokers of the function or service. "
        "Azure: switch on the app's authentication and refuse requests without it, or limit its inbound access."
    ),
)
def callers_are_known(workload: Workload) -> Verdict:
    """Nobody calls functions, container services or web apps without saying who they are.

    An address that the provider gives a function is found by those who try them all. The check reads whether anybody on the Internet may
    call each of them. It does not see what the code asks of its callers by itself; what is meant for everybody is an approved exception.
    """
    if workload.open_to_callers is None:
        return unknown("not learned who may call it")
    return holds(not workload.open_to_callers, "anybody may call it")


@check(
    part("CCM:4.1:AIS-08", f"input, rates and versions of the interface; {INSIDE}"),
    part("CCM:4.1:IAM-15", INSIDE),
    part("CCM:4.1:AIS-02", "every other part of a baseline, and whether one is written down for this application"),
    judges=Endpoint,
    kinds=("api",),
    severity="high",
    remediation=(
        "AWS: give each route of the API an authorizer, or the authorization type AWS_IAM. "
        "Google Cloud: state security requirements for each path in the gateway's API configuration. "
        "Azure: require a subscription, or validate a token by policy, in each API of API Management."
    ),
)
def apis_know_their_callers(endpoint: Endpoint) -> Verdict:
    """APIs ask each caller who it is, on every route.

    The one route without a lock is the one that is used. The check reads whether each API asks its callers who they are, on all of its
    routes. It does not see what a caller may then do, or what the code behind asks.
    """
    return holds(endpoint.callers_known, "a route of it asks nobody who they are")


@check(
    part("CCM:4.1:AIS-06", SIGNED),
    part("CCM:4.1:CCC-04", "unauthorised changes of settings, data and assets; who may sign"),
    judges=Workload,
    kinds=("function", "container service"),
    severity="medium",
    remediation=(
        "AWS: give the function a code signing configuration that enforces (UntrustedArtifactOnDeployment Enforce). "
        "Google Cloud: enforce Binary Authorization on the service. "
        "Azure: let only images with a trusted signature be deployed, by policy on the environment and its registry."
    ),
)
def only_signed_code_runs(workload: Workload) -> Verdict:
    """Functions and container services run signed code only.

    A signature that is checked before the start keeps out what did not go through the pipeline. The check reads whether each function
    and container service is let run only code or images with a trusted signature. It does not see who holds the signing key.
    """
    return holds(workload.code_verified, "runs unsigned code too")


@check(
    part("CCM:4.1:AIS-06", SIGNED),
    part("CCM:4.1:CCC-04", "unauthorised changes of settings, data and assets; who may sign"),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: install an admission controller that verifies signatures (Kyverno, Gatekeeper with Ratify) in the cluster. "
        "Google Cloud: enforce Binary Authorization on the cluster. "
        "Azure: switch on image integrity, or the policy of allowed registries, with the effect Deny on the cluster."
    ),
)
def clusters_run_signed_images(cluster: Cluster) -> Verdict:
    """Clusters run images from trusted signers or places only.

    Whoever may start a workload may otherwise start anybody's image. The check reads whether the provider lets the cluster run only
    images with a trusted signature or from named places. It does not see admission controllers that somebody installed inside.
    """
    return holds(cluster.images_verified, "runs images from anywhere")


@check(
    part("CCM:4.1:AIS-05", "tests of code, of the running application, and what is done with their results"),
    part("CCM:4.1:TVM-06", "libraries outside of images, and what is done with what is found"),
    part("CCM:4.1:TVM-03", "everything but images, and what is done with what is found"),
    judges=Registry,
    severity="high",
    remediation=(
        "AWS: switch on enhanced scanning for the registry, or scan on push for the repository. "
        "Google Cloud: enable the Container Scanning API and the repository's vulnerability scanning. "
        "Azure: switch on Defender for Containers on the subscription."
    ),
)
def images_are_scanned(registry: Registry) -> Verdict:
    """Images of containers are looked through for known vulnerabilities.

    An image carries the holes of all that was built into it, for as long as it runs. The check reads whether each registry's images are
    looked through when they arrive or ever after. It does not see what is found, or images that come from elsewhere.
    """
    return holds(registry.scanned, "nobody looks through its images")


@check(
    part("CCM:4.1:AIS-06", SIGNED),
    part("CCM:4.1:CCC-04", "unauthorised changes of settings, data and assets; who may push"),
    judges=Registry,
    severity="low",
    remediation=(
        "AWS: set the repository's tag mutability to IMMUTABLE. "
        "Google Cloud: switch on immutable tags of the repository. "
        "Azure: lock images after their release (writeEnabled false), and deploy by digest."
    ),
)
def image_tags_stay(registry: Registry) -> Verdict:
    """The tag of an image cannot be moved to another one.

    What was tested under a name must be what is run under it. The check reads whether tags of each registry are immutable. It does not
    see whether deployments name tags or digests.
    """
    return holds(registry.immutable, "a tag can be moved to another image")


@check(
    part("CCM:4.1:IAM-05", "rights on anything but images, and whether a right is needed for the work"),
    part("CCM:4.1:IAM-15", "who approves a right, and access to anything but images"),
    judges=Registry,
    severity="high",
    remediation=(
        "AWS: name the principals in the repository's policy (ecr:SetRepositoryPolicy) instead of everybody. "
        "Google Cloud: remove allUsers and allAuthenticatedUsers from the policies of the repository and the project. "
        "Azure: switch off anonymous pull of the registry (anonymousPullEnabled false)."
    ),
)
def registries_are_not_public(registry: Registry) -> Verdict:
    """Nobody pulls images without saying who they are.

    An image holds our code, and often a secret that somebody forgot in it. The check reads whether each registry's images may be pulled
    by anybody. It does not see who else may pull, or registries that are made to be public.
    """
    return holds(None if registry.public is None else not registry.public, "anybody may pull from it")

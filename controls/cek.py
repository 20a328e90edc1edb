"""Cryptography, encryption and key management (CEK), the first half: what is encrypted, at rest and on its way, and under whose key."""

from collectors.resource import DataStore, Region
from collectors.serving import Cluster, Endpoint, Workload
from controls.check import check, part
from controls.verdict import Verdict, failed, holds, not_applicable, passed, unknown

LIBRARIES = "whether the provider's cryptographic libraries are certified is the provider's own evidence"
TRANSFER = "which data is personal or sensitive, other ways of transfer, and whether a transfer is lawful"


@check(
    part(
        "CCM:4.1:CEK-03", f"data in use, data inside workloads and kinds of store that no collector reads; {LIBRARIES}"
    ),
    judges=DataStore,
    kinds=(
        "volume",
        "snapshot",
        "image",
        "database",
        "database snapshot",
        "dataset",
        "object store",
        "table",
        "warehouse",
        "search index",
        "file share",
        "file server",
        "cache",
        "queue",
        "topic",
        "stream",
    ),
    severity="high",
    remediation=(
        "AWS: copy the volume, snapshot or database snapshot with encryption switched on, restore from the copy and remove the original; "
        "for a bucket set a default encryption (s3:PutEncryptionConfiguration); for a warehouse, queue, topic or stream switch it on; make "
        "a file system, search domain or cache anew with it. "
        "Azure: switch on transparent data encryption of the SQL database; the other kinds are always encrypted."
    ),
)
def data_is_encrypted_at_rest(store: DataStore) -> Verdict:
    """Data stores encrypt what they hold.

    Whoever gets hold of a disk, a snapshot or a backup reads what lies on it unless it is encrypted. The check reads the encryption
    setting that the provider reports for each volume, snapshot, image, database, warehouse, search index, file share, cache, queue, topic,
    stream and object store. It does not see which algorithm or library does the work, who may use the key, or objects that were written
    before a bucket's default was set.
    """
    return holds(store.encrypted, "what it holds is not encrypted")


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, other interfaces than the object stores' own; {LIBRARIES}"),
    part("CCM:4.1:DSP-10", TRANSFER),
    part("CCM:4.1:IPY-03", "other interfaces of management, import and export; protocol versions and cipher suites"),
    judges=DataStore,
    kinds=("object store",),
    severity="medium",
    remediation=(
        "AWS: add a bucket policy statement that denies s3:* to every principal when aws:SecureTransport is false. "
        "Google Cloud: enforce the organisation policy storage.secureHttpTransport on the project or above. "
        "Azure: require secure transfer on the storage account (supportsHttpsTrafficOnly)."
    ),
    metric="CEK-03-M3",
)
def object_stores_require_tls(store: DataStore) -> Verdict:
    """Object stores refuse connections without TLS.

    An object store that answers plain HTTP lets anybody on the way read or change what is moved in and out of it. The check reads
    whether the store's own policy denies every request that does not come over TLS. It does not see which TLS versions clients
    choose, nor transfers that take another way than the store's interface.
    """
    return holds(store.transport_encrypted, "connections without TLS are not refused")


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, databases and other stores than these; {LIBRARIES}"),
    part("CCM:4.1:DSP-10", TRANSFER),
    judges=DataStore,
    kinds=("file share", "cache", "memory cache", "queue", "topic", "stream", "search index", "warehouse"),
    severity="medium",
    remediation=(
        "AWS: demand TLS where there is a setting (HTTPS of the search domain, require_ssl of the warehouse's parameter group, in-transit "
        "encryption of the cache or broker); elsewhere deny calls in the resource's policy when aws:SecureTransport is false. "
        "Google Cloud: switch on in-transit encryption of the cache; export file shares with Kerberos and privacy (krb5p) alone. "
        "Azure: switch off the port without TLS of the cache; require secure transfer on the account of the file share."
    ),
    metric="CEK-03-M3",
)
def stores_refuse_plain_text(store: DataStore) -> Verdict:
    """File shares, caches, queues, streams, search indexes and warehouses refuse connections without TLS.

    What passes through a queue or is asked of a cache is as good as what lies in a database. The check reads whether each store refuses
    callers whose connection is not encrypted, by its own setting or policy. It does not see which TLS versions clients choose, or whether
    they check whom they speak with.
    """
    return holds(store.transport_encrypted, "connections without TLS are not refused")


@check(
    part(
        "CCM:4.1:CEK-03",
        f"other kinds of store, data in transit and in use; what was made before the default was set; {LIBRARIES}",
    ),
    part("CCM:4.1:DSP-07", "every other default, and how systems and business practices are designed"),
    judges=Region,
    severity="medium",
    remediation="AWS: switch on EBS encryption by default in the region (ec2:EnableEbsEncryptionByDefault).",
)
def volumes_are_encrypted_by_default(region: Region) -> Verdict:
    """New volumes are encrypted without anybody asking for it.

    A default protects the volume that somebody makes in a hurry. The check reads the setting of each account in each enabled
    region. It says nothing of volumes that exist already: `data_is_encrypted_at_rest` judges those one by one.
    """
    return holds(region.volumes_encrypted_by_default, "new volumes are not encrypted by default")


@check(
    part(
        "CCM:4.1:CEK-08",
        "whether our own customers are offered keys of theirs: a store under a key of ours is only what such an offer needs",
    ),
    part(
        "CCM:4.1:DSP-02",
        "media and equipment, and whether the key was in fact destroyed when the data had to go: with it every copy becomes unreadable",
    ),
    judges=DataStore,
    kinds=(
        "object store",
        "database",
        "volume",
        "dataset",
        "table",
        "warehouse",
        "search index",
        "file share",
        "file server",
        "stream",
    ),
    severity="low",
    remediation=(
        "AWS: encrypt the bucket, volume, database or file system under a customer managed key of KMS; volumes and databases are copied "
        "for it. "
        "Google Cloud: set a Cloud KMS key (CMEK) on the bucket, disk, instance or dataset. "
        "Azure: set a customer-managed key of a key vault on the storage account, the disk encryption set or the server."
    ),
)
def data_is_under_our_keys(store: DataStore) -> Verdict:
    """Data stores are encrypted under keys that we control.

    A key of our own can be refused to somebody, withdrawn from everybody, and destroyed, which erases all copies at once; the cloud's
    key can not. The check reads whose key encrypts each object store, database, volume, dataset, warehouse, search index, file share and
    stream. It does not see who may use the key, nor whether its destruction was ever needed or tried.
    """
    if store.key_held_by is None:
        return unknown("not learned whose key encrypts it")
    words = {"none": "not encrypted under any key", "provider": "encrypted under the provider's key"}
    return passed() if store.key_held_by == "customer" else failed(words[store.key_held_by])


@check(
    part(
        "CCM:4.1:CEK-04",
        f"algorithms of data at rest, cipher suites within a version, and the risk they answer; {LIBRARIES}",
    ),
    part(
        "CCM:4.1:IPY-03",
        "interfaces that are no load balancer, content delivery or API gateway; authentication of the peers",
    ),
    part("CCM:4.1:DSP-10", TRANSFER),
    judges=Endpoint,
    severity="high",
    remediation=(
        "AWS: give the listener a security policy of the TLS 1.2 or 1.3 family (elasticloadbalancing:ModifyListener); set the minimum "
        "protocol version of the distribution to TLSv1.2_2021 and of the API's custom domain to TLS_1_2. "
        "Google Cloud: attach an SSL policy with the minimum version TLS_1_2 to the target proxy. "
        "Azure: give the application gateway an SSL policy with the minimum version TLSv1_2; set it on the custom domains of Front Door."
    ),
    metric="IPY-03-M2",
)
def endpoints_require_modern_tls(endpoint: Endpoint, *, min_minor: int = 2) -> Verdict:
    """Endpoints accept no TLS older than 1.2.

    Versions before 1.2 rest on broken hashes and ciphers, and whoever stands between can talk both sides down to the oldest that they
    share. The check compares the oldest version of TLS that each load balancer, content delivery and API accepts with 1.`min_minor`.
    It does not see cipher suites, what clients choose, or an endpoint that speaks no TLS at all: `endpoints_refuse_plain_text` does.
    """
    if endpoint.oldest_tls is None:
        return unknown("not learned which TLS it accepts")
    if endpoint.oldest_tls == "none":
        return not_applicable("speaks no TLS")
    minor = int(endpoint.oldest_tls.removeprefix("1."))
    return holds(minor >= min_minor, f"accepts TLS {endpoint.oldest_tls}; at least 1.{min_minor} is wanted")


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, connections behind the endpoint; {LIBRARIES}"),
    part("CCM:4.1:DSP-10", TRANSFER),
    part("CCM:4.1:IPY-03", "interfaces that are no load balancer, content delivery or API gateway; protocol versions"),
    part("CCM:4.1:I&S-07", "which channel a migration really took, and whether it was an approved one"),
    judges=Endpoint,
    severity="high",
    remediation=(
        "AWS: let the HTTP listener redirect to HTTPS, or remove it; set the distribution's viewer protocol policy to redirect-to-https. "
        "Google Cloud: give the HTTP forwarding rule a URL map that redirects to HTTPS, or remove it. "
        "Azure: redirect the HTTP listener of the application gateway; enforce HTTPS on the routes of Front Door."
    ),
)
def endpoints_refuse_plain_text(endpoint: Endpoint) -> Verdict:
    """Endpoints refuse or redirect callers without TLS.

    A plain connection can be read and changed by everybody on the way. The check reads whether each load balancer, content delivery
    and API refuses, or redirects, plain connections. It does not see which versions it speaks, or the connections behind it.
    """
    return holds(endpoint.transport_encrypted, "answers plain connections")


@check(
    part("CCM:4.1:CEK-03", f"data at rest and in use, connections that the workload itself opens; {LIBRARIES}"),
    part("CCM:4.1:DSP-10", TRANSFER),
    part("CCM:4.1:I&S-07", "which channel a migration really took, and whether it was an approved one"),
    judges=Workload,
    kinds=("web app", "function", "container service"),
    severity="high",
    remediation=(
        "AWS: reach the service through a listener or distribution that redirects to HTTPS; function addresses always do. "
        "Google Cloud: set the function's or app's security level to SECURE_ALWAYS, and bring callers in through HTTPS only. "
        "Azure: switch on HTTPS only of the app (httpsOnly), and refuse insecure ingress of the container app (allowInsecure false)."
    ),
)
def services_refuse_plain_text(workload: Workload) -> Verdict:
    """Functions, container services and web apps refuse or redirect callers without TLS.

    What runs code often answers on an address that the provider gives it, beside any endpoint that was designed. The check reads
    whether each of them refuses, or redirects, plain connections there. It does not see connections that it opens to others.
    """
    return holds(workload.transport_encrypted, "answers plain connections")


@check(
    part(
        "CCM:4.1:CEK-03",
        f"everything but a cluster's secrets, and secrets that applications keep elsewhere; {LIBRARIES}",
    ),
    judges=Cluster,
    severity="medium",
    remediation=(
        "AWS: associate a KMS key with the cluster's secrets (eks:AssociateEncryptionConfig). "
        "Google Cloud: switch on application-layer secrets encryption with a Cloud KMS key. "
        "Azure: switch on KMS etcd encryption of the cluster with a key of a key vault."
    ),
)
def clusters_encrypt_secrets(cluster: Cluster) -> Verdict:
    """Clusters encrypt their secrets under a key of our own.

    A copy of a cluster's database holds every password and token of what runs in it. The check reads whether secrets are encrypted
    once more, under a key that we control. It does not see secrets in environment variables, in images, or read by who may read them.
    """
    return holds(cluster.secrets_encrypted, "its secrets are not encrypted under a key of our own")


@check(
    part("CCM:4.1:CEK-03", f"other stores than disks of machines, data in transit and in use; {LIBRARIES}"),
    part("CCM:4.1:UEM-08", "devices of the staff, and every endpoint that is not a machine of a cloud"),
    judges=Workload,
    kinds=("machine",),
    severity="high",
    remediation=(
        "AWS: replace each plain volume by an encrypted copy of its snapshot, and switch on encryption by default in the region. "
        "Google Cloud: disks are always encrypted; a local SSD too. "
        "Azure: switch on encryption at host of the virtual machine, so that caches and temporary disks are encrypted as well."
    ),
)
def machine_disks_are_encrypted(workload: Workload) -> Verdict:
    """All disks of machines are encrypted.

    A machine's caches and temporary disks hold what its encrypted disk holds. The check reads whether every disk that is attached,
    temporary ones too where the machine has them, is encrypted. It does not see whose key does it, nor disks that lie about unattached:
    `data_is_encrypted_at_rest` judges those.
    """
    return holds(workload.disks_encrypted, "a disk of it is not encrypted")

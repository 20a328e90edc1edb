"""Who asks: credentials through azure-identity, made when the first question is put."""

from typing import TYPE_CHECKING, Any

from collectors.azure.places import Place, is_known_authority
from collectors.azure.scope import Scope

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

WAYS = ("ambient", "managed identity", "workload identity", "environment", "cli")
"""`ambient` tries the others in azure-identity's order, without any that asks a person."""


def credential(scope: Scope, place: Place) -> "TokenCredential":
    """The credential that the scope names. Asking it for a token may raise azure-core's errors; making it raises `ValueError`.

    Where it asks nobody but the authority, tries are left to the wire, which makes them for every question.
    """
    from azure.identity import (
        AzureCliCredential,
        DefaultAzureCredential,
        EnvironmentCredential,
        ManagedIdentityCredential,
        WorkloadIdentityCredential,
    )

    authority: dict[str, Any] = {
        "authority": place.authority,
        "disable_instance_discovery": not is_known_authority(place.authority),
    }
    match scope.credentials:
        case "managed identity":
            return ManagedIdentityCredential(client_id=scope.client_id)
        case "workload identity":
            return WorkloadIdentityCredential(
                client_id=scope.client_id, tenant_id=scope.tenant, retry_total=0, **authority
            )
        case "environment":
            return EnvironmentCredential(retry_total=0, **authority)
        case "cli":
            return AzureCliCredential(tenant_id=scope.tenant or "")
    return DefaultAzureCredential(
        **authority,
        managed_identity_client_id=scope.client_id,
        workload_identity_client_id=scope.client_id,
        exclude_interactive_browser_credential=True,
        exclude_shared_token_cache_credential=True,
        exclude_visual_studio_code_credential=True,
        exclude_powershell_credential=True,
        exclude_developer_cli_credential=True,
    )

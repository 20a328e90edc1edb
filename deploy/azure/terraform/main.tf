# Starcadence: the read-only role on a management group, the identity of the agent, and what Microsoft Graph lets it read. The actions are
# what `starcadence permissions azure` prints, word for word: ../role.json and ../directory.json, which are read here.

terraform {
  required_version = ">= 1.6"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}

variable "management_group" {
  description = "Resource id of the management group; the tenant's root group has the tenant's id."
  type        = string
  validation {
    condition     = can(regex("^/providers/Microsoft.Management/managementGroups/[^/]+$", var.management_group))
    error_message = "Give the resource id of a management group."
  }
}

variable "resource_group" {
  description = "Name of the resource group in which the agent's identity lives."
  type        = string
}

variable "location" {
  description = "Region of the identity, such as westeurope."
  type        = string
}

variable "issuer" {
  description = "OIDC issuer of the cluster in which the agent runs, for workload identity; null elsewhere."
  type        = string
  default     = null
}

variable "subject" {
  description = "The agent's service account in that cluster."
  type        = string
  default     = "system:serviceaccount:starcadence:starcadence"
}

variable "read_directory" {
  description = "Let it read users, second factors and applications; the one who applies this must be able to consent for the tenant."
  type        = bool
  default     = true
}

locals {
  role      = jsondecode(file("${path.module}/../role.json"))
  directory = jsondecode(file("${path.module}/../directory.json"))
}

resource "azurerm_role_definition" "reads" {
  name              = local.role.Name
  description       = local.role.Description
  scope             = var.management_group
  assignable_scopes = [var.management_group]
  permissions {
    actions = local.role.Actions
  }
}

resource "azurerm_user_assigned_identity" "starcadence" {
  name                = "starcadence"
  resource_group_name = var.resource_group
  location            = var.location
}

resource "azurerm_federated_identity_credential" "cluster" {
  count               = var.issuer == null ? 0 : 1
  name                = "starcadence"
  resource_group_name = var.resource_group
  parent_id           = azurerm_user_assigned_identity.starcadence.id
  audience            = ["api://AzureADTokenExchange"]
  issuer              = var.issuer
  subject             = var.subject
}

resource "azurerm_role_assignment" "reads" {
  scope              = var.management_group
  role_definition_id = azurerm_role_definition.reads.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.starcadence.principal_id
  principal_type     = "ServicePrincipal"
}

data "azuread_application_published_app_ids" "known" {}

data "azuread_service_principal" "graph" {
  client_id = data.azuread_application_published_app_ids.known.result["MicrosoftGraph"]
}

resource "azuread_app_role_assignment" "directory" {
  for_each            = var.read_directory ? toset(local.directory) : toset([])
  app_role_id         = data.azuread_service_principal.graph.app_role_ids[each.value]
  principal_object_id = azurerm_user_assigned_identity.starcadence.principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

output "client_id" {
  description = "The programme says it as scope.azure.client_id."
  value       = azurerm_user_assigned_identity.starcadence.client_id
}

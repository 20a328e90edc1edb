# Starcadence on Azure: the read role on a management group, a managed identity, a container that keeps what is put, and an hourly Container Apps job. The
# role and the permissions of Microsoft Graph are what `starcadence permissions azure` prints, word for word; what the agent may do with its store is what
# docs/store.md asks for, and no deletion.

terraform {
  required_version = ">= 1.6"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.10"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}

variable "management_group_id" {
  description = "Full id of the management group; the tenant's root group has the tenant's id."
  type        = string
}

variable "resource_group_name" {
  description = "A resource group of its own, in which the agent lives."
  type        = string
}

variable "location" {
  type = string
}

variable "image" {
  description = "The image with the extras azure and object-stores, by digest if you can."
  type        = string
}

variable "storage_account_name" {
  description = "The evidence account; the programme says `store` as az://evidence/PREFIX."
  type        = string
}

variable "retain_days" {
  description = "For so many days nothing that is put can be changed or removed."
  type        = number
  default     = 1095
}

variable "alarm_email" {
  description = "Who is told when the agent fails or is silent."
  type        = string
}

variable "schedule" {
  description = "When `run` is called. It does what is due and nothing twice; call it far more often than sweep_every."
  type        = string
  default     = "17 * * * *"
}

locals {
  read      = jsondecode(file("${path.module}/../role.json"))
  directory = toset(jsondecode(file("${path.module}/../directory.json")))
}

resource "azurerm_user_assigned_identity" "agent" {
  name                = "starcadence"
  resource_group_name = var.resource_group_name
  location            = var.location
}

resource "azurerm_role_definition" "read" {
  name        = local.read.Name
  description = local.read.Description
  scope       = var.management_group_id
  permissions {
    actions          = local.read.Actions
    not_actions      = local.read.NotActions
    data_actions     = local.read.DataActions
    not_data_actions = local.read.NotDataActions
  }
  assignable_scopes = [var.management_group_id]
}

resource "azurerm_role_assignment" "read" {
  scope              = var.management_group_id
  role_definition_id = azurerm_role_definition.read.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.agent.principal_id
}

data "azuread_application_published_app_ids" "known" {}

data "azuread_service_principal" "graph" {
  client_id = data.azuread_application_published_app_ids.known.result["MicrosoftGraph"]
}

resource "azuread_app_role_assignment" "directory" {
  for_each            = local.directory
  app_role_id         = data.azuread_service_principal.graph.app_role_ids[each.value]
  principal_object_id = azurerm_user_assigned_identity.agent.principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azurerm_storage_account" "evidence" {
  name                              = var.storage_account_name
  resource_group_name               = var.resource_group_name
  location                          = var.location
  account_tier                      = "Standard"
  account_replication_type          = "ZRS"
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  allow_nested_items_to_be_public   = false
  shared_access_key_enabled         = false
  infrastructure_encryption_enabled = true
  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "evidence" {
  name                  = "evidence"
  storage_account_id    = azurerm_storage_account.evidence.id
  container_access_type = "private"
}

resource "azurerm_storage_container_immutability_policy" "evidence" {
  storage_container_resource_manager_id = azurerm_storage_container.evidence.id
  immutability_period_in_days           = var.retain_days
  protected_append_writes_enabled       = false
  locked                                = false # lock it once you are sure: that cannot be taken back
}

resource "azurerm_role_definition" "keeps" {
  name        = "Starcadence keeps"
  description = "Adds to the evidence container and reads it; removes nothing."
  scope       = azurerm_storage_account.evidence.id
  permissions {
    actions = []
    data_actions = [
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
      "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    ]
  }
}

resource "azurerm_role_assignment" "keeps" {
  scope              = azurerm_storage_container.evidence.id
  role_definition_id = azurerm_role_definition.keeps.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.agent.principal_id
}

# programme.yaml, exceptions/ and keys/, as `starcadence init` wrote them, on a share that the job may only read. Mounting one needs an account with a key.
resource "azurerm_storage_account" "programme" {
  name                            = substr("${var.storage_account_name}prog", 0, 24)
  resource_group_name             = var.resource_group_name
  location                        = var.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_storage_share" "programme" {
  name               = "programme"
  storage_account_id = azurerm_storage_account.programme.id
  quota              = 1
}

resource "azurerm_log_analytics_workspace" "agent" {
  name                = "starcadence"
  resource_group_name = var.resource_group_name
  location            = var.location
  retention_in_days   = 365
}

resource "azurerm_container_app_environment" "here" {
  name                       = "starcadence"
  resource_group_name        = var.resource_group_name
  location                   = var.location
  log_analytics_workspace_id = azurerm_log_analytics_workspace.agent.id
}

resource "azurerm_container_app_environment_storage" "programme" {
  name                         = "programme"
  container_app_environment_id = azurerm_container_app_environment.here.id
  account_name                 = azurerm_storage_account.programme.name
  share_name                   = azurerm_storage_share.programme.name
  access_key                   = azurerm_storage_account.programme.primary_access_key
  access_mode                  = "ReadOnly"
}

resource "azurerm_container_app_job" "run" {
  name                         = "starcadence"
  resource_group_name          = var.resource_group_name
  location                     = var.location
  container_app_environment_id = azurerm_container_app_environment.here.id
  replica_timeout_in_seconds   = 21600
  replica_retry_limit          = 0 # the next call tries again
  schedule_trigger_config {
    cron_expression          = var.schedule
    parallelism              = 1
    replica_completion_count = 1
  }
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.agent.id]
  }
  template {
    container {
      name   = "starcadence"
      image  = var.image
      args   = ["run"]
      cpu    = 0.5
      memory = "1Gi"
      env {
        name  = "STARCADENCE_PROGRAMME"
        value = "/programme/programme.yaml"
      }
      env {
        name  = "AZURE_CLIENT_ID"
        value = azurerm_user_assigned_identity.agent.client_id
      }
      env {
        name  = "AZURE_STORAGE_ACCOUNT_NAME"
        value = azurerm_storage_account.evidence.name
      }
      volume_mounts {
        name = "programme"
        path = "/programme"
      }
      volume_mounts {
        name = "scratch"
        path = "/scratch"
      }
    }
    volume {
      name          = "programme"
      storage_type  = "AzureFile"
      storage_name  = azurerm_container_app_environment_storage.programme.name
      mount_options = "uid=65532,gid=65532,file_mode=0600,dir_mode=0700,nobrl" # keys that others may read are refused
    }
    volume {
      name         = "scratch"
      storage_type = "EmptyDir"
    }
  }
}

resource "azurerm_monitor_action_group" "alarms" {
  name                = "starcadence"
  resource_group_name = var.resource_group_name
  short_name          = "starcadence"
  email_receiver {
    name          = "alarms"
    email_address = var.alarm_email
  }
}

# A status other than 0 needs a person: docs/exit-status.md.
resource "azurerm_monitor_metric_alert" "failed" {
  name                = "starcadence-run-failed"
  description         = "A run of Starcadence ended with a status other than 0"
  resource_group_name = var.resource_group_name
  scopes              = [azurerm_container_app_job.run.id]
  severity            = 1
  frequency           = "PT15M"
  window_size         = "PT1H"
  criteria {
    metric_namespace = "Microsoft.App/jobs"
    metric_name      = "Executions"
    aggregation      = "Total"
    operator         = "GreaterThan"
    threshold        = 0
    dimension {
      name     = "executionResult"
      operator = "Include"
      values   = ["Failed"]
    }
  }
  action {
    action_group_id = azurerm_monitor_action_group.alarms.id
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "silent" {
  name                 = "starcadence-silent"
  description          = "Nothing has called Starcadence for six hours"
  resource_group_name  = var.resource_group_name
  location             = var.location
  scopes               = [azurerm_log_analytics_workspace.agent.id]
  severity             = 1
  evaluation_frequency = "PT1H"
  window_duration      = "PT6H"
  criteria {
    query                   = "ContainerAppConsoleLogs_CL | where ContainerJobName_s == 'starcadence'"
    time_aggregation_method = "Count"
    operator                = "LessThan"
    threshold               = 1
  }
  action {
    action_groups = [azurerm_monitor_action_group.alarms.id]
  }
}

output "agent_client_id" {
  description = "As whom the agent runs"
  value       = azurerm_user_assigned_identity.agent.client_id
}

output "agent_principal_id" {
  description = "principalId of role.bicep"
  value       = azurerm_user_assigned_identity.agent.principal_id
}

# Starcadence: the read-only role on the organisation, and the service account that holds it. The permissions are what
# `starcadence permissions gcp` prints, word for word.

terraform {
  required_version = ">= 1.6"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0"
    }
  }
}

variable "organization" {
  description = "The organisation's number; the programme says it as scope.gcp.organization."
  type        = string
  validation {
    condition     = can(regex("^[1-9][0-9]{3,18}$", var.organization))
    error_message = "Give the number of an organisation, digits only."
  }
}

variable "project" {
  description = "The project in which the service account lives and whose quota of the Cloud Asset API is used."
  type        = string
}

variable "workload_identity_members" {
  description = "Who may act as the service account, such as a Kubernetes service account: no key is made for it."
  type        = set(string)
  default     = []
}

resource "google_project_service" "cloudasset" {
  project            = var.project
  service            = "cloudasset.googleapis.com"
  disable_on_destroy = false
}

resource "google_organization_iam_custom_role" "reads" {
  org_id      = var.organization
  role_id     = "starcadence_reads"
  title       = "Starcadence reads"
  description = "Lists what Cloud Asset Inventory holds; changes nothing."
  stage       = "GA"
  permissions = [
    "cloudasset.assets.listIamPolicy",
    "cloudasset.assets.listOrgPolicy",
    "cloudasset.assets.listResource",
    "serviceusage.services.use",
  ]
}

resource "google_service_account" "starcadence" {
  project      = var.project
  account_id   = "starcadence"
  display_name = "Starcadence: reads the asset inventory"
}

resource "google_organization_iam_member" "reads" {
  org_id = var.organization
  role   = google_organization_iam_custom_role.reads.name
  member = google_service_account.starcadence.member
}

resource "google_service_account_iam_member" "acts" {
  for_each           = var.workload_identity_members
  service_account_id = google_service_account.starcadence.name
  role               = "roles/iam.workloadIdentityUser"
  member             = each.value
}

output "service_account" {
  description = "Run as it, or name it in the programme as scope.gcp.impersonate."
  value       = google_service_account.starcadence.email
}

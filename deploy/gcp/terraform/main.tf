# Starcadence on Google Cloud: the read role on the organisation, an identity, a bucket that keeps what is put, and an hourly Cloud Run job. The role is
# what `starcadence permissions gcp` prints, word for word; what the agent may do with its bucket is what docs/store.md asks for, and no deletion.

terraform {
  required_version = ">= 1.6"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.10"
    }
  }
}

variable "organization_id" {
  description = "The organisation's number."
  type        = string
}

variable "project_id" {
  description = "The project in which the agent lives."
  type        = string
}

variable "region" {
  type = string
}

variable "image" {
  description = "The image with the extras gcp and object-stores, by digest if you can."
  type        = string
}

variable "bucket_name" {
  description = "The evidence bucket; the programme says `store` as gs://NAME/PREFIX."
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

variable "shards" {
  description = "Tasks that share each sweep, each with its part of the projects; Cloud Run tells them index and count. docs/scale-out.md says when."
  type        = number
  default     = 1
}

locals {
  read = jsondecode(file("${path.module}/../role.json"))
}

data "google_project" "here" {
  project_id = var.project_id
}

resource "google_organization_iam_custom_role" "read" {
  org_id      = var.organization_id
  role_id     = "starcadenceReads"
  title       = local.read.title
  description = local.read.description
  stage       = local.read.stage
  permissions = local.read.includedPermissions
}

resource "google_service_account" "agent" {
  project      = var.project_id
  account_id   = "starcadence"
  display_name = "Starcadence"
  description  = "Reads the organisation's configuration, and adds to the evidence bucket."
}

resource "google_organization_iam_member" "read" {
  org_id = var.organization_id
  role   = google_organization_iam_custom_role.read.name
  member = google_service_account.agent.member
}

resource "google_kms_key_ring" "here" {
  project  = var.project_id
  name     = "starcadence"
  location = var.region
}

resource "google_kms_crypto_key" "evidence" {
  name            = "evidence"
  key_ring        = google_kms_key_ring.here.id
  rotation_period = "7776000s"
  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "storage" {
  crypto_key_id = google_kms_crypto_key.evidence.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:service-${data.google_project.here.number}@gs-project-accounts.iam.gserviceaccount.com"
}

resource "google_storage_bucket" "evidence" {
  project                     = var.project_id
  name                        = var.bucket_name
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  retention_policy {
    retention_period = var.retain_days * 86400
    is_locked        = false # lock it once you are sure: that cannot be taken back
  }
  encryption {
    default_kms_key_name = google_kms_crypto_key.evidence.id
  }
  lifecycle {
    prevent_destroy = true
  }
  depends_on = [google_kms_crypto_key_iam_member.storage]
}

resource "google_project_iam_custom_role" "keeps" {
  project     = var.project_id
  role_id     = "starcadenceKeeps"
  title       = "Starcadence keeps"
  description = "Adds to the evidence bucket and reads it; removes nothing."
  permissions = ["storage.objects.create", "storage.objects.get", "storage.objects.list"]
}

resource "google_storage_bucket_iam_member" "keeps" {
  bucket = google_storage_bucket.evidence.name
  role   = google_project_iam_custom_role.keeps.name
  member = google_service_account.agent.member
}

# programme.yaml, exceptions/ and keys/, as `starcadence init` wrote them; the agent may only read them.
resource "google_storage_bucket" "programme" {
  project                     = var.project_id
  name                        = "${var.bucket_name}-programme"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  encryption {
    default_kms_key_name = google_kms_crypto_key.evidence.id
  }
  lifecycle {
    prevent_destroy = true
  }
  depends_on = [google_kms_crypto_key_iam_member.storage]
}

resource "google_storage_bucket_iam_member" "programme" {
  bucket = google_storage_bucket.programme.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.agent.member
}

resource "google_cloud_run_v2_job" "run" {
  project             = var.project_id
  name                = "starcadence"
  location            = var.region
  deletion_protection = true
  template {
    task_count  = var.shards
    parallelism = var.shards # all at once: they tell each other what they saw
    template {
      service_account       = google_service_account.agent.email
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
      max_retries           = var.shards > 1 ? 2 : 0 # a task that is lost is made up for; alone, the next call tries again
      timeout               = "21600s"
      containers {
        image = var.image
        args  = ["run"]
        env {
          name  = "STARCADENCE_PROGRAMME"
          value = "/programme/programme.yaml"
        }
        resources {
          limits = {
            cpu    = "1"
            memory = "1Gi"
          }
        }
        volume_mounts {
          name       = "programme"
          mount_path = "/programme"
        }
        volume_mounts {
          name       = "scratch"
          mount_path = "/scratch"
        }
      }
      volumes {
        name = "programme"
        gcs {
          bucket        = google_storage_bucket.programme.name
          read_only     = true
          mount_options = ["implicit-dirs", "uid=65532", "gid=65532", "file-mode=600", "dir-mode=700"] # keys that others may read are refused
        }
      }
      volumes {
        name = "scratch"
        empty_dir {
          medium     = "MEMORY"
          size_limit = "512Mi"
        }
      }
    }
  }
}

resource "google_service_account" "timer" {
  project      = var.project_id
  account_id   = "starcadence-timer"
  display_name = "Starcadence's timer"
}

resource "google_cloud_run_v2_job_iam_member" "timer" {
  project  = var.project_id
  location = var.region
  name     = google_cloud_run_v2_job.run.name
  role     = "roles/run.invoker"
  member   = google_service_account.timer.member
}

resource "google_cloud_scheduler_job" "timer" {
  project     = var.project_id
  region      = var.region
  name        = "starcadence"
  description = "Calls `starcadence run`; runs that overlap race safely."
  schedule    = var.schedule
  time_zone   = "Etc/UTC"
  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.run.id}:run"
    oauth_token {
      service_account_email = google_service_account.timer.email
    }
  }
}

resource "google_monitoring_notification_channel" "alarms" {
  project      = var.project_id
  display_name = "Starcadence"
  type         = "email"
  labels       = { email_address = var.alarm_email }
}

# A status other than 0 needs a person: docs/exit-status.md.
resource "google_monitoring_alert_policy" "failed" {
  project               = var.project_id
  display_name          = "A run of Starcadence ended with a status other than 0"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.alarms.id]
  conditions {
    display_name = "failed executions"
    condition_threshold {
      filter          = "resource.type = \"cloud_run_job\" AND resource.labels.job_name = \"starcadence\" AND metric.type = \"run.googleapis.com/job/completed_execution_count\" AND metric.labels.result = \"failed\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "3600s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }
}

resource "google_monitoring_alert_policy" "silent" {
  project               = var.project_id
  display_name          = "Nothing has called Starcadence for six hours"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.alarms.id]
  conditions {
    display_name = "no execution"
    condition_absent {
      filter   = "resource.type = \"cloud_run_job\" AND resource.labels.job_name = \"starcadence\" AND metric.type = \"run.googleapis.com/job/completed_execution_count\""
      duration = "21600s"
      aggregations {
        alignment_period   = "3600s"
        per_series_aligner = "ALIGN_SUM"
      }
    }
  }
}

output "agent" {
  description = "As whom the agent runs"
  value       = google_service_account.agent.email
}

output "store" {
  description = "What the programme says as `store`, with a prefix of your own"
  value       = "gs://${google_storage_bucket.evidence.name}/starcadence"
}

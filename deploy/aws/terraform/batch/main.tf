# Starcadence: each sweep shared by the children of an AWS Batch array on Fargate, called by a timer; with what the modules home and fargate made (the
# latter with enabled = false). Batch tells each child its index and the array's size. docs/scale-out.md says when this is worth it.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}

variable "image" {
  description = "The image, by digest if you can."
  type        = string
}

variable "shards" {
  description = "Children of the array: each takes its part of the accounts. Over a bucket."
  type        = number
  default     = 4
  validation {
    condition     = var.shards >= 2 && var.shards <= 10000
    error_message = "An array has 2 to 10000 children; for one task take the module fargate alone."
  }
}

variable "subnet_ids" {
  description = "Private subnets with a way to the AWS APIs, those of the module fargate."
  type        = set(string)
}

variable "external_id_secret_arn" {
  description = "A secret of Secrets Manager that holds the external id as its whole text."
  type        = string
}

variable "agent_role_arn" {
  type = string
}

variable "alarms_arn" {
  type = string
}

variable "file_system_id" {
  description = "Output of the module fargate, as the four that follow."
  type        = string
}

variable "access_point_id" {
  type = string
}

variable "security_group_id" {
  type = string
}

variable "start_role_arn" {
  type = string
}

variable "log_group_name" {
  type = string
}

variable "schedule" {
  description = "How often `run` is called. It does what is due and nothing twice; call it far more often than sweep_every."
  type        = string
  default     = "rate(1 hour)"
}

data "aws_region" "here" {}

resource "aws_batch_compute_environment" "here" {
  compute_environment_name_prefix = "starcadence-"
  type                            = "MANAGED"
  compute_resources {
    type               = "FARGATE"
    max_vcpus          = var.shards
    subnets            = var.subnet_ids
    security_group_ids = [var.security_group_id]
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_job_queue" "here" {
  name     = "starcadence"
  state    = "ENABLED"
  priority = 1
  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.here.arn
  }
}

resource "aws_batch_job_definition" "run" {
  name                  = "starcadence"
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  timeout {
    attempt_duration_seconds = 21600
  }
  # For status 1 (the store cannot be reached) and children that are killed; 2 to 5 need a person: docs/exit-status.md.
  retry_strategy {
    attempts = 3
    dynamic "evaluate_on_exit" {
      for_each = ["2", "3", "4", "5"]
      content {
        action       = "EXIT"
        on_exit_code = evaluate_on_exit.value
      }
    }
  }
  container_properties = jsonencode({
    image                        = var.image
    command                      = ["run"]
    user                         = "65532:65532"
    readonlyRootFilesystem       = true
    jobRoleArn                   = var.agent_role_arn
    executionRoleArn             = var.start_role_arn
    networkConfiguration         = { assignPublicIp = "DISABLED" }
    fargatePlatformConfiguration = { platformVersion = "LATEST" }
    runtimePlatform              = { cpuArchitecture = "X86_64", operatingSystemFamily = "LINUX" }
    resourceRequirements = [
      { type = "VCPU", value = "0.5" },
      { type = "MEMORY", value = "1024" },
    ]
    environment = [{ name = "STARCADENCE_PROGRAMME", value = "/programme/programme.yaml" }]
    secrets     = [{ name = "STARCADENCE_EXTERNAL_ID", valueFrom = var.external_id_secret_arn }]
    volumes = [
      {
        name = "programme"
        efsVolumeConfiguration = {
          fileSystemId        = var.file_system_id
          transitEncryption   = "ENABLED"
          authorizationConfig = { accessPointId = var.access_point_id, iam = "ENABLED" }
        }
      },
      { name = "scratch" },
    ]
    mountPoints = [
      { sourceVolume = "programme", containerPath = "/programme", readOnly = true },
      { sourceVolume = "scratch", containerPath = "/scratch", readOnly = false },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.log_group_name
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = "shard"
      }
    }
  })
}

data "aws_iam_policy_document" "timer_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "timer" {
  name_prefix        = "starcadence-array-"
  assume_role_policy = data.aws_iam_policy_document.timer_trust.json
}

data "aws_iam_policy_document" "submits" {
  statement {
    actions   = ["batch:SubmitJob"]
    resources = [aws_batch_job_definition.run.arn, aws_batch_job_queue.here.arn]
  }
}

resource "aws_iam_role_policy" "submits" {
  name   = "submits-the-array"
  role   = aws_iam_role.timer.id
  policy = data.aws_iam_policy_document.submits.json
}

resource "aws_cloudwatch_event_rule" "timer" {
  name                = "starcadence-array"
  description         = "Calls `starcadence run` as an array; arrays that overlap race safely."
  schedule_expression = var.schedule
}

resource "aws_cloudwatch_event_target" "timer" {
  rule     = aws_cloudwatch_event_rule.timer.name
  arn      = aws_batch_job_queue.here.arn
  role_arn = aws_iam_role.timer.arn
  batch_target {
    job_definition = aws_batch_job_definition.run.arn
    job_name       = "starcadence"
    array_size     = var.shards
  }
}

resource "aws_cloudwatch_event_rule" "failed" {
  name        = "starcadence-shard-failed"
  description = "A shard of Starcadence ended with a status other than 0"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job State Change"]
    detail = {
      jobQueue = [aws_batch_job_queue.here.arn]
      status   = ["FAILED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = var.alarms_arn
}

resource "aws_cloudwatch_metric_alarm" "silent" {
  alarm_name          = "starcadence-array-silent"
  alarm_description   = "Nothing has called Starcadence for six hours"
  namespace           = "AWS/Events"
  metric_name         = "Invocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.timer.name }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 6
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [var.alarms_arn]
}

# Starcadence: an hourly `starcadence run` on ECS Fargate, as nobody on a read-only root, with what the module home made; the same as fargate.yaml.

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

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "Private subnets with a way to the AWS APIs, one in each zone."
  type        = set(string)
}

variable "external_id_secret_arn" {
  description = "A secret of Secrets Manager that holds the external id as its whole text."
  type        = string
}

variable "agent_role_name" {
  type = string
}

variable "agent_role_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "alarms_arn" {
  type = string
}

variable "schedule" {
  description = "How often `run` is called. It does what is due and nothing twice; call it far more often than sweep_every."
  type        = string
  default     = "rate(1 hour)"
}

variable "enabled" {
  description = "Whether the timer calls the task. Say false where the module batch calls an array in its stead."
  type        = bool
  default     = true
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

# The programme, its approved exceptions and the two keys: what `starcadence init` writes, copied once. The task may only read them.
resource "aws_efs_file_system" "files" {
  encrypted  = true
  kms_key_id = var.key_arn
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_efs_backup_policy" "files" {
  file_system_id = aws_efs_file_system.files.id
  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_efs_access_point" "programme" {
  file_system_id = aws_efs_file_system.files.id
  posix_user {
    uid = 65532
    gid = 65532
  }
  root_directory {
    path = "/programme"
    creation_info {
      owner_uid   = 65532
      owner_gid   = 65532
      permissions = "0700"
    }
  }
}

resource "aws_security_group" "task" {
  description = "The task of Starcadence asks, and nobody asks it"
  vpc_id      = var.vpc_id
}

resource "aws_security_group" "files" {
  description = "The files of Starcadence, for its task alone"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "apis" {
  description       = "the APIs of AWS"
  security_group_id = aws_security_group.task.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "files" {
  description                  = "NFS over TLS"
  security_group_id            = aws_security_group.task.id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = aws_security_group.files.id
}

resource "aws_vpc_security_group_ingress_rule" "files" {
  description                  = "NFS over TLS"
  security_group_id            = aws_security_group.files.id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = aws_security_group.task.id
}

resource "aws_efs_mount_target" "files" {
  for_each        = var.subnet_ids
  file_system_id  = aws_efs_file_system.files.id
  subnet_id       = each.value
  security_groups = [aws_security_group.files.id]
}

data "aws_iam_policy_document" "mounts" {
  statement {
    sid       = "StarcadenceMountsItsProgramme"
    actions   = ["elasticfilesystem:ClientMount"]
    resources = [aws_efs_file_system.files.arn]
    condition {
      test     = "StringEquals"
      variable = "elasticfilesystem:AccessPointArn"
      values   = [aws_efs_access_point.programme.arn]
    }
  }
}

resource "aws_iam_role_policy" "mounts" {
  name   = "starcadence-mounts"
  role   = var.agent_role_name
  policy = data.aws_iam_policy_document.mounts.json
}

resource "aws_cloudwatch_log_group" "agent" {
  name              = "/starcadence/agent"
  retention_in_days = 400
  kms_key_id        = var.key_arn
}

data "aws_iam_policy_document" "start_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "start" {
  name_prefix        = "starcadence-start-"
  description        = "Starts the task of Starcadence; pulls its image, writes its log, hands it the external id."
  assume_role_policy = data.aws_iam_policy_document.start_trust.json
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "external_id" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.external_id_secret_arn]
  }
}

resource "aws_iam_role_policy" "external_id" {
  name   = "external-id"
  role   = aws_iam_role.start.id
  policy = data.aws_iam_policy_document.external_id.json
}

resource "aws_ecs_cluster" "here" {
  name = "starcadence"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "run" {
  family                   = "starcadence"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = var.agent_role_arn
  execution_role_arn       = aws_iam_role.start.arn
  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }
  volume {
    name = "scratch"
  }
  volume {
    name = "programme"
    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.files.id
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = aws_efs_access_point.programme.id
        iam             = "ENABLED"
      }
    }
  }
  container_definitions = jsonencode([
    {
      name                   = "starcadence"
      image                  = var.image
      command                = ["run"]
      user                   = "65532:65532"
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { drop = ["ALL"] } }
      environment            = [{ name = "STARCADENCE_PROGRAMME", value = "/programme/programme.yaml" }]
      secrets                = [{ name = "STARCADENCE_EXTERNAL_ID", valueFrom = var.external_id_secret_arn }]
      mountPoints = [
        { sourceVolume = "programme", containerPath = "/programme", readOnly = true },
        { sourceVolume = "scratch", containerPath = "/scratch" },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.agent.name
          awslogs-region        = data.aws_region.here.name
          awslogs-stream-prefix = "run"
        }
      }
    }
  ])
}

data "aws_iam_policy_document" "schedule_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

resource "aws_iam_role" "schedule" {
  name_prefix        = "starcadence-timer-"
  assume_role_policy = data.aws_iam_policy_document.schedule_trust.json
}

data "aws_iam_policy_document" "runs_the_task" {
  statement {
    actions   = ["ecs:RunTask"]
    resources = [aws_ecs_task_definition.run.arn]
  }
  statement {
    actions   = ["iam:PassRole"]
    resources = [var.agent_role_arn, aws_iam_role.start.arn]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "runs_the_task" {
  name   = "runs-the-task"
  role   = aws_iam_role.schedule.id
  policy = data.aws_iam_policy_document.runs_the_task.json
}

resource "aws_scheduler_schedule" "timer" {
  name                = "starcadence"
  description         = "Calls `starcadence run`; runs that overlap race safely."
  schedule_expression = var.schedule
  state               = var.enabled ? "ENABLED" : "DISABLED"
  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }
  target {
    arn      = aws_ecs_cluster.here.arn
    role_arn = aws_iam_role.schedule.arn
    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }
    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.run.arn
      launch_type         = "FARGATE"
      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = [aws_security_group.task.id]
        assign_public_ip = false
      }
    }
  }
}

# A status other than 0 needs a person: docs/exit-status.md. A task that never started has no status at all.
resource "aws_cloudwatch_event_rule" "failed" {
  name        = "starcadence-run-failed"
  description = "A run of Starcadence ended with a status other than 0"
  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.here.arn]
      lastStatus = ["STOPPED"]
      "$or" = [
        { containers = { exitCode = [{ anything-but = [0] }] } },
        { stopCode = ["TaskFailedToStart"] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = var.alarms_arn
}

resource "aws_cloudwatch_metric_alarm" "silent" {
  count               = var.enabled ? 1 : 0
  alarm_name          = "starcadence-silent"
  alarm_description   = "Nothing has called Starcadence for six hours"
  namespace           = "AWS/Scheduler"
  metric_name         = "InvocationAttemptCount"
  dimensions          = { ScheduleGroup = "default" }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 6
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [var.alarms_arn]
}

output "file_system_id" {
  description = "Where programme and keys lie"
  value       = aws_efs_file_system.files.id
}

output "access_point_id" {
  value = aws_efs_access_point.programme.id
}

output "security_group_id" {
  value = aws_security_group.task.id
}

output "start_role_arn" {
  value = aws_iam_role.start.arn
}

output "log_group_name" {
  value = aws_cloudwatch_log_group.agent.name
}

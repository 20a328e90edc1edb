# Starcadence: as whom the agent runs and where it keeps what it saw; the same as home.yaml. An identity, an evidence bucket with Object Lock under
# a key of its own, and who is told. What runs the agent: the module fargate, or the chart deploy/helm/starcadence under EKS Pod Identity.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}

variable "home" {
  description = "What runs the agent: fargate or eks."
  type        = string
  default     = "fargate"
  validation {
    condition     = contains(["fargate", "eks"], var.home)
    error_message = "fargate or eks."
  }
}

variable "read_role_name" {
  description = "Name of the role that the module role makes in every account."
  type        = string
  default     = "starcadence-read"
}

variable "bucket_name" {
  description = "Name of the evidence bucket."
  type        = string
}

variable "retain_days" {
  description = "For so many days nothing that is put can be changed or removed; store_options.retain_days says the same."
  type        = number
  default     = 1095
}

variable "lock_mode" {
  description = "GOVERNANCE can be lifted by whoever holds s3:BypassGovernanceRetention, COMPLIANCE by nobody. Try the first before the second."
  type        = string
  default     = "GOVERNANCE"
  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.lock_mode)
    error_message = "GOVERNANCE or COMPLIANCE."
  }
}

variable "alarm_email" {
  description = "Who is told when the agent fails, is silent, or somebody touches key or bucket."
  type        = string
}

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  account   = data.aws_caller_identity.here.account_id
  partition = data.aws_partition.here.partition
}

data "aws_iam_policy_document" "key" {
  statement {
    sid = "TheAccountAdministersByIam"
    actions = [
      "kms:CancelKeyDeletion", "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation",
      "kms:GenerateDataKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListResourceTags",
      "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription",
    ]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
  }
  statement {
    sid       = "AlarmsAreEncrypted"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
  statement {
    sid       = "LogsAreEncrypted"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.here.name}.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${data.aws_region.here.name}:${local.account}:log-group:/starcadence/*"]
    }
  }
}

resource "aws_kms_key" "evidence" {
  description             = "Starcadence's evidence"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "evidence" {
  bucket              = var.bucket_name
  object_lock_enabled = true
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_object_lock_configuration" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  rule {
    default_retention {
      mode = var.lock_mode
      days = var.retain_days
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "evidence" {
  bucket                  = aws_s3_bucket.evidence.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.evidence.arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  rule {
    id     = "parts-of-killed-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "OnlyOverTls"
    effect    = "Deny"
    actions   = ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:PutObjectRetention"]
    resources = [aws_s3_bucket.evidence.arn, "${aws_s3_bucket.evidence.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
  statement {
    sid       = "NothingIsOverwritten"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.evidence.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
    condition {
      test     = "Bool"
      variable = "s3:ObjectCreationOperation"
      values   = ["true"]
    }
  }
}

resource "aws_s3_bucket_policy" "evidence" {
  bucket = aws_s3_bucket.evidence.id
  policy = data.aws_iam_policy_document.bucket.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = var.home == "fargate" ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = [var.home == "fargate" ? "ecs-tasks.amazonaws.com" : "pods.eks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "agent" {
  name               = "starcadence"
  description        = "As which Starcadence runs. It lists the organisation, assumes the read role, and adds to the evidence bucket; it can remove nothing."
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "discovers" {
  statement {
    sid       = "StarcadenceDiscovers"
    actions   = ["organizations:DescribeOrganization", "organizations:ListAccounts"]
    resources = ["*"]
  }
  statement {
    sid       = "StarcadenceReadsElsewhere"
    actions   = ["sts:AssumeRole"]
    resources = ["arn:${local.partition}:iam::*:role/${var.read_role_name}"]
  }
}

resource "aws_iam_role_policy" "discovers" {
  name   = "starcadence-discovers"
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.discovers.json
}

data "aws_iam_policy_document" "keeps" {
  statement {
    sid       = "StarcadenceFindsItsStore"
    actions   = ["s3:GetBucketObjectLockConfiguration", "s3:ListBucket"]
    resources = [aws_s3_bucket.evidence.arn]
  }
  statement {
    sid       = "StarcadenceKeeps"
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:GetObjectRetention", "s3:PutObject", "s3:PutObjectRetention"]
    resources = ["${aws_s3_bucket.evidence.arn}/*"]
  }
  statement {
    sid       = "StarcadenceEncrypts"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.evidence.arn]
  }
}

resource "aws_iam_role_policy" "keeps" {
  name   = "starcadence-keeps"
  role   = aws_iam_role.agent.id
  policy = data.aws_iam_policy_document.keeps.json
}

resource "aws_sns_topic" "alarms" {
  name              = "starcadence-alarms"
  kms_master_key_id = aws_kms_key.evidence.id
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

data "aws_iam_policy_document" "alarms" {
  statement {
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

# Needs a trail of management events in this region.
resource "aws_cloudwatch_event_rule" "touched" {
  name        = "starcadence-evidence-touched"
  description = "Somebody changed how the evidence bucket or its key is protected"
  event_pattern = jsonencode({
    source      = ["aws.s3", "aws.kms"]
    detail-type = ["AWS API Call via CloudTrail"]
    detail = {
      "$or" = [
        {
          eventName         = ["DeleteBucketPolicy", "PutBucketPolicy", "PutObjectLockConfiguration", "PutBucketVersioning", "PutBucketEncryption", "DeleteBucket"]
          requestParameters = { bucketName = [var.bucket_name] }
        },
        {
          eventName         = ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DisableKeyRotation"]
          requestParameters = { keyId = [aws_kms_key.evidence.id, aws_kms_key.evidence.arn] }
        },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "touched" {
  rule = aws_cloudwatch_event_rule.touched.name
  arn  = aws_sns_topic.alarms.arn
}

output "agent_role_arn" {
  description = "agent_role_arn of the module role"
  value       = aws_iam_role.agent.arn
}

output "agent_role_name" {
  value = aws_iam_role.agent.name
}

output "alarms_arn" {
  value = aws_sns_topic.alarms.arn
}

output "store" {
  description = "What the programme says as `store`, with a prefix of your own"
  value       = "s3://${aws_s3_bucket.evidence.id}/starcadence"
}

output "key_arn" {
  description = "What the programme may say as store_options.kms_key"
  value       = aws_kms_key.evidence.arn
}

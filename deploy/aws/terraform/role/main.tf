# Starcadence: the read-only role of one account. Call it once for each account, with that account's provider; stackset.yaml reaches them all at once.
# The policy is what `starcadence permissions aws` prints, word for word.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
  }
}

variable "agent_role_arn" {
  description = "ARN of the role as which the agent runs; the module home gives it."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.agent_role_arn))
    error_message = "Give the ARN of a role."
  }
}

variable "external_id" {
  description = "A value of your own, at least 16 characters; the programme takes it from the environment as scope.aws.external_id."
  type        = string
  sensitive   = true
  validation {
    condition     = length(var.external_id) >= 16
    error_message = "At least 16 characters."
  }
}

variable "role_name" {
  description = "The same in every account; the programme says it as scope.aws.role."
  type        = string
  default     = "starcadence-read"
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary, if your organisation asks for one."
  type        = string
  default     = null
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.agent_role_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

resource "aws_iam_role" "read" {
  name                 = var.role_name
  description          = "Starcadence reads the configuration of this account, and changes nothing."
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "reads" {
  name   = "starcadence-reads"
  role   = aws_iam_role.read.id
  policy = file("${path.module}/../../role.json")
}

output "role_arn" {
  value = aws_iam_role.read.arn
}

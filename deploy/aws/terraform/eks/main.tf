# Starcadence on EKS: the chart, with the identity that the module home made (home = "eks") bound to its service account by EKS Pod Identity. Programme and
# keys are a ConfigMap and a Secret that you made (docs/deploy.md): what Terraform knows lies in its state.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }
    helm = {
      source  = "hashicorp/helm"
      version = ">= 3.0"
    }
  }
}

variable "cluster_name" {
  description = "The cluster, with the add-on eks-pod-identity-agent."
  type        = string
}

variable "agent_role_arn" {
  description = "Output of the module home, which trusts pods.eks.amazonaws.com."
  type        = string
}

variable "namespace" {
  description = "Where programme and keys are; labelled for the restricted Pod Security standard."
  type        = string
  default     = "compliance"
}

variable "form" {
  description = "What keeps the cadence: daemon, cronjob or indexed."
  type        = string
  default     = "cronjob"
}

variable "image" {
  description = "Repository and digest of the image."
  type        = object({ repository = string, digest = string })
}

variable "values" {
  description = "More values of the chart, each a YAML text."
  type        = list(string)
  default     = []
}

resource "aws_eks_pod_identity_association" "agent" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = "starcadence"
  role_arn        = var.agent_role_arn
}

resource "helm_release" "starcadence" {
  name       = "starcadence"
  namespace  = var.namespace
  chart      = "${path.module}/../../../helm/starcadence"
  atomic     = true
  depends_on = [aws_eks_pod_identity_association.agent]
  values = concat([yamlencode({
    form  = var.form
    image = var.image
    store = { volume = false } # the bucket of the module home
  })], var.values)
}

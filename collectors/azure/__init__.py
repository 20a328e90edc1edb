"""Azure: Resource Graph for what it holds, Resource Manager for what it lacks, Microsoft Graph for who signs in."""

"""Google Cloud, read through Cloud Asset Inventory."""

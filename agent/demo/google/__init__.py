"""The simulated Google Cloud of the demonstration: an inventory that speaks gRPC, its estate and its defects."""

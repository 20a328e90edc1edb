"""The simulated Azure of the demonstration: Resource Manager, Resource Graph and tokens over HTTP, its estate and its defects."""

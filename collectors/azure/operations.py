"""Every question that the Azure collectors put, once: where it goes, in which API version, and the one permission that it takes.

Nothing else can be asked, so nothing can be changed: the only POST is a query of Resource Graph. A `graph` operation reads one table
of Resource Graph for one resource type, an `arm` operation one address of Resource Manager, a `directory` operation one of Microsoft
Graph.
"""

from collectors.azure.addresses import ARM, DIRECTORY, DISCOVERY, Address
from collectors.azure.tables import GRAPH, GRAPH_ACTION, Table

__all__ = ["ARM", "DIRECTORY", "DISCOVERY", "GRAPH", "GRAPH_ACTION", "Address", "Table", "grant"]


def grant(operation: str) -> str:
    """The permission that an operation takes."""
    if operation in GRAPH:
        return GRAPH[operation].action
    return (ARM.get(operation) or DIRECTORY[operation]).grant

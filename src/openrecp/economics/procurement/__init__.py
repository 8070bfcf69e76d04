"""Lease, instalments, energy-performance contract and shared savings beside purchase.

Start with `compare_ways`; the rules by which each way turns the purchase into the client's project stand in
`openrecp.economics.procurement.ways`.
"""

from openrecp.economics.procurement.client import client_project, contract_flows, covered_savings, way_issues
from openrecp.economics.procurement.comparison import (
    STARTING_SHORTFALL,
    Shortfall,
    WayResult,
    compare_ways,
)
from openrecp.economics.procurement.ways import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
)

__all__ = [
    "STARTING_SHORTFALL",
    "Instalments",
    "Lease",
    "PerformanceContract",
    "Purchase",
    "SharedSavings",
    "Shortfall",
    "Way",
    "WayResult",
    "client_project",
    "compare_ways",
    "contract_flows",
    "covered_savings",
    "way_issues",
]

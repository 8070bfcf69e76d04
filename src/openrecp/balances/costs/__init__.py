"""Material flow cost accounting after ISO 14051: what every product and every loss of a flowsheet costs."""

from openrecp.balances.costs.intervals import cost_derivatives, stream_cost_sds, total_cost_sd
from openrecp.balances.costs.material_flow import material_flow_costs
from openrecp.balances.costs.network import CostNetwork
from openrecp.balances.costs.results import CostKind, CostMatrix, MaterialFlowCosts, MatrixRow, TrueCost

__all__ = [
    "CostKind",
    "CostMatrix",
    "CostNetwork",
    "MaterialFlowCosts",
    "MatrixRow",
    "TrueCost",
    "cost_derivatives",
    "material_flow_costs",
    "stream_cost_sds",
    "total_cost_sd",
]

"""Flows and compositions measured together, in plants of many thousand streams."""

from openrecp.balances.compositions.reconciliation import (
    CompositionReconciliation,
    IncompleteMeasurements,
    reconcile_compositions,
)

__all__ = ["CompositionReconciliation", "IncompleteMeasurements", "reconcile_compositions"]

"""The assessment document as a flowsheet."""

from openrecp.assessment.evaluation.plant_flowsheet.plant import PlantFlowsheet, plant_flowsheet

__all__ = ["PlantFlowsheet", "plant_flowsheet"]

"""The assessment document as a flowsheet."""

from openrecp.assessment.evaluation.plant_flowsheet.area import AREA
from openrecp.assessment.evaluation.plant_flowsheet.plant import PlantFlowsheet, loss_key, plant_flowsheet

__all__ = ["AREA", "PlantFlowsheet", "loss_key", "plant_flowsheet"]

"""How far a number may be off: as people state it, as it is read, and the standard deviation it comes to."""

from openrecp.balances.uncertainty.kinds import (
    ASSUMED_KELVIN,
    ASSUMED_SHARE,
    HALF_WIDTH_95,
    Statement,
    Uncertainty,
    assumed_uncertainty,
    standard_deviation,
    uncertainty_reading,
)
from openrecp.balances.uncertainty.wording import Scale, parse_uncertainty, split_uncertainty

__all__ = [
    "ASSUMED_KELVIN",
    "ASSUMED_SHARE",
    "HALF_WIDTH_95",
    "Scale",
    "Statement",
    "Uncertainty",
    "assumed_uncertainty",
    "parse_uncertainty",
    "split_uncertainty",
    "standard_deviation",
    "uncertainty_reading",
]

"""Uncertainty: what a project returns when its inputs are known by ranges and likelihoods.

Give inputs a `Distribution`, perhaps a `Correlation`, and draw.
"""

from openrecp.economics.uncertainty.bell_curves import Lognormal, Normal, Pert
from openrecp.economics.uncertainty.correlation import (
    Correlation,
    CorrelationKind,
    nearest_correlations,
    score_correlation,
)
from openrecp.economics.uncertainty.distributions import (
    Constant,
    Discrete,
    Distribution,
    DistributionKind,
    Triangular,
    Uniform,
)
from openrecp.economics.uncertainty.drivers import Driver, DriverMethod, Drivers, drivers_of
from openrecp.economics.uncertainty.sampling import (
    STARTING_DRAWS,
    STARTING_SEED,
    Sampling,
    UncertainInput,
    drawn_values,
    prepare_sampling,
)
from openrecp.economics.uncertainty.spread import PERCENTILES, Histogram, Share, Spread, share_of, spread_of

__all__ = [
    "PERCENTILES",
    "STARTING_DRAWS",
    "STARTING_SEED",
    "Constant",
    "Correlation",
    "CorrelationKind",
    "Discrete",
    "Distribution",
    "DistributionKind",
    "Driver",
    "DriverMethod",
    "Drivers",
    "Histogram",
    "Lognormal",
    "Normal",
    "Pert",
    "Sampling",
    "Share",
    "Spread",
    "Triangular",
    "UncertainInput",
    "Uniform",
    "drawn_values",
    "drivers_of",
    "nearest_correlations",
    "prepare_sampling",
    "score_correlation",
    "share_of",
    "spread_of",
]

"""Uncertainty: what a project returns when its inputs are known by ranges and likelihoods.

Give inputs a `Distribution`, perhaps a `Correlation`, and start with `monte_carlo`; what is shown of it comes as
figures from `simulation_figures`.
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
from openrecp.economics.uncertainty.outcomes import Outcomes
from openrecp.economics.uncertainty.sampling import (
    STARTING_DRAWS,
    STARTING_SEED,
    Sampling,
    UncertainInput,
    drawn_values,
    prepare_sampling,
)
from openrecp.economics.uncertainty.simulation import MonteCarlo, monte_carlo
from openrecp.economics.uncertainty.simulation_figures import (
    DriverFigures,
    SimulationFigures,
    SpreadFigures,
    simulation_figures,
)
from openrecp.economics.uncertainty.spread import PERCENTILES, Histogram, Share, Spread, share_of, spread_of
from openrecp.economics.uncertainty.stated_cases import triangular_from_cases

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
    "DriverFigures",
    "DriverMethod",
    "Drivers",
    "Histogram",
    "Lognormal",
    "MonteCarlo",
    "Normal",
    "Outcomes",
    "Pert",
    "Sampling",
    "Share",
    "SimulationFigures",
    "Spread",
    "SpreadFigures",
    "Triangular",
    "UncertainInput",
    "Uniform",
    "drawn_values",
    "drivers_of",
    "monte_carlo",
    "nearest_correlations",
    "prepare_sampling",
    "score_correlation",
    "share_of",
    "simulation_figures",
    "spread_of",
    "triangular_from_cases",
]

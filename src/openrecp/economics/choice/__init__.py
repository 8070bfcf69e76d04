"""Choosing among options: which to carry out together, under a budget.

Start with `Candidate` and `best_set`; of options that exclude one another `compare_exclusive` ranks the cash
flows. Everything shown comes as `openrecp.figures.Figure`.
"""

from openrecp.economics.choice.abatement import AbatementBar, AbatementCurve, abatement_curve
from openrecp.economics.choice.best import BestSet, Proof, best_set
from openrecp.economics.choice.candidates import Candidate, LoadShare
from openrecp.economics.choice.exclusive import (
    ExclusiveComparison,
    ExclusiveRank,
    Increment,
    compare_exclusive,
)
from openrecp.economics.choice.exclusive_options import ExclusiveOption, UnequalLives
from openrecp.economics.choice.program import Limits
from openrecp.economics.choice.ranking import (
    BudgetPoint,
    Filling,
    Ranked,
    budget_curve,
    filled_budget,
    ranking_by_npv_per_budget,
)
from openrecp.economics.choice.reasons import LeftOut, Reason
from openrecp.economics.choice.values import LoadingStep, LoadSaving, SetValue, loading_order, set_value

__all__ = [
    "AbatementBar",
    "AbatementCurve",
    "BestSet",
    "BudgetPoint",
    "Candidate",
    "ExclusiveComparison",
    "ExclusiveOption",
    "ExclusiveRank",
    "Filling",
    "Increment",
    "LeftOut",
    "Limits",
    "LoadSaving",
    "LoadShare",
    "LoadingStep",
    "Proof",
    "Ranked",
    "Reason",
    "SetValue",
    "UnequalLives",
    "abatement_curve",
    "best_set",
    "budget_curve",
    "compare_exclusive",
    "filled_budget",
    "loading_order",
    "ranking_by_npv_per_budget",
    "set_value",
]

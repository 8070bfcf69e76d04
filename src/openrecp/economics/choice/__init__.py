"""Choosing among options: which to carry out together, under a budget.

Start with `Candidate` and `best_set`. Everything shown comes as `openrecp.figures.Figure`.
"""

from openrecp.economics.choice.best import BestSet, Proof, best_set
from openrecp.economics.choice.candidates import Candidate, LoadShare
from openrecp.economics.choice.program import Limits
from openrecp.economics.choice.reasons import LeftOut, Reason
from openrecp.economics.choice.values import LoadingStep, LoadSaving, SetValue, loading_order, set_value

__all__ = [
    "BestSet",
    "Candidate",
    "LeftOut",
    "Limits",
    "LoadSaving",
    "LoadShare",
    "LoadingStep",
    "Proof",
    "Reason",
    "SetValue",
    "best_set",
    "loading_order",
    "set_value",
]

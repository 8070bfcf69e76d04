"""Gross errors: which meter lies, which process leaks, and what the data cannot tell."""

from openrecp.balances.gross_errors.candidates import Candidate, CandidateKind, Candidates, candidates
from openrecp.balances.gross_errors.checks import Checks, checks_of
from openrecp.balances.gross_errors.critical_values import (
    CriticalMethod,
    CriticalValue,
    bonferroni_critical_value,
    critical_value,
    critical_value_of_pairs,
    sidak_critical_value,
    spanning_pairs,
)
from openrecp.balances.gross_errors.elimination import serial_elimination
from openrecp.balances.gross_errors.explanations import suspect_text
from openrecp.balances.gross_errors.findings import Estimate, Findings, StopReason, Suspect
from openrecp.balances.gross_errors.meters import (
    MeterQuality,
    Solvability,
    meter_influence,
    meter_quality,
    solvability,
)
from openrecp.balances.gross_errors.power import detectable_shift, detection_power, identification_power
from openrecp.balances.gross_errors.simultaneous import Criterion, simultaneous_errors
from openrecp.balances.gross_errors.statistical_tests import (
    FamilyTest,
    GlobalTest,
    global_test,
    likelihood_ratio_test,
    measurement_test,
    nodal_test,
)

__all__ = [
    "Candidate",
    "CandidateKind",
    "Candidates",
    "Checks",
    "Criterion",
    "CriticalMethod",
    "CriticalValue",
    "Estimate",
    "FamilyTest",
    "Findings",
    "GlobalTest",
    "MeterQuality",
    "Solvability",
    "StopReason",
    "Suspect",
    "bonferroni_critical_value",
    "candidates",
    "checks_of",
    "critical_value",
    "critical_value_of_pairs",
    "detectable_shift",
    "detection_power",
    "global_test",
    "identification_power",
    "likelihood_ratio_test",
    "measurement_test",
    "meter_influence",
    "meter_quality",
    "nodal_test",
    "serial_elimination",
    "sidak_critical_value",
    "simultaneous_errors",
    "solvability",
    "spanning_pairs",
    "suspect_text",
]

"""The file of a balance: a flowsheet, or an assessment whose flowsheet is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openrecp.assessment.evaluation.balance_results import PlantBalance
from openrecp.assessment.evaluation.evaluate import evaluate
from openrecp.assessment.evaluation.plant_balance import balance_in
from openrecp.assessment.files import AssessmentReading, read_assessment
from openrecp.assessment.flowsheets.build import built_flowsheet
from openrecp.assessment.flowsheets.files import is_flowsheet_file, read_flowsheet
from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import Flowsheet
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.texts import Language

_FLOWSHEETS_ALONE: Final = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Given:
    """What is balanced.

    Attributes
    ----------
    file : str
    flowsheet : Flowsheet
    costs : CostData
    issues : tuple of Issue
        Of reading the file and of drawing the flowsheet.
    assessment : AssessmentReading or None
        None for a file that holds a flowsheet.
    """

    file: str
    flowsheet: Flowsheet
    costs: CostData
    issues: tuple[Issue, ...]
    assessment: AssessmentReading | None = None

    def placed(self, issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """The same findings at the sheet and cell where a person mends them."""
        return tuple(issues) if self.assessment is None else self.assessment.placed(issues)


def given_in(path: Path, language: Language) -> Given:
    """Read a flowsheet, or draw that of an assessment.

    Raises
    ------
    UnusableInput
        With everything that keeps it from being balanced.
    """
    if is_flowsheet_file(path) or path.suffix.lower() in _FLOWSHEETS_ALONE:
        read = read_flowsheet(path)
        built = built_flowsheet(read.document)
        issues = (*read.issues, *built.issues)
        errors = [issue for issue in issues if issue.severity is Severity.ERROR]
        if errors:
            raise UnusableInput(errors)
        return Given(path.name, built.flowsheet, built.costs, issues)
    reading = read_assessment(path)
    balance = balance_in(evaluate(reading.assessment), language)
    issues = (*reading.issues, *reading.placed(balance.issues))
    if balance.drawn is None or balance.analysis is None:
        errors = [issue for issue in issues if issue.severity is Severity.ERROR]
        raise UnusableInput(errors or [_nothing(path, balance)])
    return Given(path.name, balance.drawn, balance.analysis.cost_data or CostData(), issues, reading)


def _nothing(path: Path, balance: PlantBalance) -> Issue:
    return problem(
        "nothing-to-balance",
        "Nothing can be balanced: {reason}.",
        where=Where(file=path.name),
        reason=balance.reason,
    )

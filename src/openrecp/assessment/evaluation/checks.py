"""All checks of an assessment, as findings sorted by how much they matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from openrecp.assessment.document import COLLECTIONS, Assessment
from openrecp.assessment.evaluation.check_fields import field_issues
from openrecp.assessment.evaluation.check_sense import sense_issues
from openrecp.errors import Issue, Severity

_WEIGHT: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def check_assessment(assessment: Assessment) -> tuple[Issue, ...]:
    """Findings about the data of an assessment alone, without evaluating it."""
    return sorted_issues([*field_issues(assessment), *sense_issues(assessment)])


def sorted_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Errors first, then warnings, then notes; within them in the order of the worksheets."""
    return tuple(sorted(issues, key=lambda issue: (_WEIGHT[issue.severity], _position(issue))))


def _position(issue: Issue) -> int:
    collection = (issue.where.path or "").partition("[")[0].partition(".")[0]
    return COLLECTIONS.index(collection) if collection in COLLECTIONS else len(COLLECTIONS)

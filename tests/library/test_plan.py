"""The month plan: on one time line, and bounded whatever somebody typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from openrecp.assessment.document import Assessment, assessment_from_data
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.workbook.writer import write_workbook


def planned(*tasks: dict[str, Any]) -> Assessment:
    return assessment_from_data(
        {
            "options": [{"number": "O1", "name": "Tray"}, {"number": "O2", "name": "Water"}],
            "projects": [{"option": "O1", "start": "2026-02-10"}, {"option": "O2", "start": "2026-04-01"}],
            "plan_tasks": list(tasks),
        }
    )


def test_projects_that_begin_later_are_shifted_on_the_common_line() -> None:
    plan = evaluate(
        planned(
            {"option": "O1", "task": "order", "first_month": 1, "last_month": 2},
            {"option": "O2", "task": "fit", "first_month": 1, "last_month": 1},
        )
    ).plan
    assert plan.start == date(2026, 2, 1)
    assert [(task.first_month, task.last_month) for task in plan.tasks] == [(1, 2), (3, 3)]
    assert plan.tasks[1].starts_on == date(2026, 4, 1)
    assert plan.months == 3


@pytest.mark.parametrize("month", [61, 1_000_000, -5])
def test_an_impossible_month_is_a_finding_and_not_a_giant_plan(month: int, tmp_path: Any) -> None:
    assessment = planned({"option": "O1", "task": "order", "first_month": 1, "last_month": month})
    evaluation = evaluate(assessment)
    assert evaluation.plan.months <= 60
    assert any(issue.where.path == "plan_tasks[#1].last_month" for issue in evaluation.issues)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(write_workbook(assessment, "en"))
    sheet = next(sheet for sheet in load_workbook(path) if sheet.title.startswith("17"))
    assert sheet.max_column < 100

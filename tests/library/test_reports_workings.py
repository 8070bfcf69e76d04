"""Formulas of the workbook: they are alive, and they come to what the report shows."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.examples import example_assessment
from openrecp.figures import Figure
from openrecp.reports.blocks import Column, Report, Row, Section, Table, row, sum_above
from openrecp.reports.content import build_report
from openrecp.reports.workings import Discounted, RunningTotal, SumOf, Worth
from openrecp.reports.xlsx import write_xlsx
from openrecp.texts import text

FLOWS = (-1000.0, 600.0, 600.0)
RATE = 0.1
NPV = -1000 + 600 / 1.1 + 600 / 1.1**2
IRR = 13.066238629180748
"""Root of 10 x² − 6 x − 6 = 0 with x = 1 + r, as a percentage."""


def flow_table(*, npv: float = NPV, present: float = 600 / 1.1, key: str = "") -> Table:
    """Two years of 600 after a capital of 1000, with the lines that follow from them."""
    worth = Worth(
        RATE,
        "O",
        "C",
        "E",
        Figure(text("Simple payback"), 1000 / 600, "yr"),
        Figure(text("Net present value"), npv, "USD"),
        Figure(text("Internal rate of return"), IRR, "%"),
    )
    values = (-1000.0, present, 600 / 1.1**2)
    to_date = (-1000.0, -1000 + present, -1000 + present + values[2])
    lines = (
        Row(("C", "Capital", 1000.0, 0.0, 0.0), key="C"),
        Row(("E", "Saving", 0.0, 600.0, 600.0), key="E"),
        Row(("O", "Cash flow", *FLOWS), key="O", working=SumOf(("E", "-C", "left-out"))),
        Row(("P", "Present value", *values), key="P", working=Discounted("O")),
        Row(("Q", "To date", *to_date), key="Q", working=RunningTotal("P")),
    )
    columns = (Column(""), Column("Line"), *(Column(f"Year {year}", digits=0) for year in range(3)))
    return Table("Flow", columns, lines, key=key, worth=worth)


def formulas(*tables: Table) -> tuple[dict[str, str], dict[str, object]]:
    """Formulas and cached values of the sheet with these tables, by the words left of the row and the column."""
    content = write_xlsx(Report("t", "p", "en", (Section("s", tables),)))
    live = openpyxl.load_workbook(BytesIO(content))["1 s"]
    cached = openpyxl.load_workbook(BytesIO(content), data_only=True)["1 s"]
    found = {cell.coordinate: str(cell.value) for line in live for cell in line if cell.data_type == "f"}
    return found, {place: cached[place].value for place in found}


def test_lines_totals_and_results_of_a_cash_flow_are_alive() -> None:
    found, cached = formulas(flow_table())
    written = list(found.values())
    assert sum(formula.startswith("=SUM(") for formula in written) == 1
    results = [formula for formula in written if "NPV" in formula or "IRR" in formula]
    assert len(results) == 2
    # Three years of cash flow, present value and sum to date; payback, NPV, IRR.
    assert len(found) == 3 * 3 + 3
    assert cached[next(place for place, formula in found.items() if "NPV" in formula)] == pytest.approx(NPV)
    assert cached[next(place for place, formula in found.items() if "IRR" in formula)] == pytest.approx(
        IRR / 100
    )


def test_a_formula_that_would_say_something_else_is_not_written() -> None:
    found, _ = formulas(flow_table(npv=NPV + 1, present=500.0))
    assert not any("NPV" in formula for formula in found.values())
    discounted = [formula for formula in found.values() if "^" in formula]
    assert len(discounted) == 2


def test_a_total_adds_up_the_rows_above_and_leaves_out_words() -> None:
    columns = (Column("Item"), Column("Cost"))
    counted = Table("t", columns, (row("a", 1.5), row("b", None), row("c", 2), sum_above("all", 3.5)))
    found, cached = formulas(counted)
    assert [*cached.values()] == [3.5]
    assert len(found) == 1
    parts_only = Table("t", columns, (row("a", 1.5), row("part of a", 1), sum_above("all", 1.5)))
    assert formulas(parts_only) == ({}, {})


def test_years_cut_for_paper_stand_in_one_table() -> None:
    whole = flow_table(key="a")
    more = Table(
        "Flow, continued",
        (*whole.columns[:2], Column("Year 3", digits=0)),
        tuple(Row((*line.cells[:2], 0.0), line.kind, line.key, line.working) for line in whole.rows),
        key="b",
        continues=2,
        worth=whole.worth,
    )
    found, _ = formulas(whole, more)
    npv = next(formula for formula in found.values() if "NPV" in formula)
    first, last = npv.split(",")[1].rstrip(")").split(":")
    assert (ord(last[0]) - ord(first[0]), last[1:]) == (2, first[1:])


@pytest.mark.parametrize("plant", ["metal-finishing", "small-plant"])
def test_every_cash_flow_of_the_built_in_plants_is_alive(plant: str) -> None:
    evaluation = evaluate(example_assessment(plant, "en"))
    content = write_xlsx(build_report(evaluation, "en"))
    sheet = openpyxl.load_workbook(BytesIO(content))["C.1 Cash flows, line by line"]
    written = [str(cell.value) for line in sheet for cell in line if cell.data_type == "f"]
    appraised = [each.economics for each in evaluation.options if each.economics and each.economics.appraisal]
    assert appraised
    assert sum("NPV(" in formula for formula in written) == len(appraised)
    with_rate = [each for each in appraised if each.irr.value is not None]
    assert sum("IRR(" in formula for formula in written) == len(with_rate)
    assert "=SUM(" in "".join(written)


@pytest.mark.parametrize("plant", ["metal-finishing", "small-plant"])
def test_the_workbook_has_a_handful_of_sheets(plant: str) -> None:
    content = write_xlsx(build_report(evaluate(example_assessment(plant, "en")), "en"))
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    assert 12 <= len(book.sheetnames) <= 20

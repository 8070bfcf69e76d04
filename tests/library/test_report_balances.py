"""What the report says of the balances, in four formats; and what small plants are spared."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from evaluation_sample import plant
from plant_with_balances import LEAKING, line

from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.examples import example_assessment
from openrecp.reports.blocks import Picture, Report, Table
from openrecp.reports.charts.flow_specs import FlowDiagram, SankeyDiagram
from openrecp.reports.content import build_report
from openrecp.reports.docx import write_docx
from openrecp.reports.html import write_html
from openrecp.reports.pdf import write_pdf
from openrecp.reports.typesetting import set_report
from openrecp.reports.xlsx import write_xlsx
from openrecp.texts import LANGUAGES, Language, render


def reported(**collections: Any) -> Report:
    return build_report(evaluate(plant(**collections)), "en")


def example(name: str, language: Language = "en") -> Report:
    return build_report(evaluate(example_assessment(name, language)), language)


def blocks(report: Report) -> dict[str, Any]:
    """Tables and pictures by their keys."""
    return {
        block.key: block
        for section in (*report.sections, *report.appendices)
        for block in section.blocks
        if isinstance(block, (Table, Picture)) and block.key
    }


def cells(table: Table) -> list[list[str]]:
    return [[render(cell, "en") if cell is not None else "" for cell in row.cells] for row in table.rows]


def sentences(report: Report) -> str:
    return repr(set_report(report))


def test_the_first_page_names_the_loss_beyond_the_meters() -> None:
    summary = repr(set_report(reported(**LEAKING)).sections[0])
    assert "Degreasing also loses" in summary
    assert "worth" in summary
    rough = [{**LEAKING["waste_streams"][0], "generation_uncertainty": "±20 %"}]
    assert "also loses" not in repr(set_report(reported(**{**LEAKING, "waste_streams": rough})).sections[0])


def test_losses_stand_in_mass_and_money_with_their_intervals() -> None:
    (row,) = cells(blocks(reported(**LEAKING))["losses"])
    assert row[0] == "Degreasing"
    assert (row[2], row[4]) == ("79.4 to 121", "397 to 603")
    assert row[-1] == "a loss: more than the meters explain"


def test_a_closure_judged_by_its_meters_shows_their_error() -> None:
    with_error = blocks(reported(**LEAKING))["closures"]
    assert len(with_error.columns) == 8
    assert len(blocks(reported(**line(1000, 900, uncertainty=None)))["closures"].columns) == 7


def test_the_plant_is_drawn_with_a_title_an_alternative_and_its_table() -> None:
    found = blocks(example("metal-finishing"))
    for key, kind in (("mass-flows", SankeyDiagram), ("flow-diagram", FlowDiagram)):
        picture = found[key]
        assert isinstance(picture.chart, kind)
        assert picture.title
        assert "comes in" in render(picture.description, "en")
        assert picture.data is not None
        assert len(picture.data.rows) == len(picture.chart.streams)
    lost = [each.key for each in found["mass-flows"].chart.streams if each.state == "computed"]
    assert lost == ["P9:loss"], "only what the meters do not explain is drawn as a loss"


def test_the_one_component_that_is_followed_is_drawn_too() -> None:
    collections = line(1000, 1000)
    collections["compositions"] = [
        {"stream": key, "component": "Nickel", "share": 5, "uncertainty": "2 % rel"} for key in ("M1", "W1")
    ]
    found = blocks(reported(**collections))
    assert "mass-flows" not in found, "two flows are told in a sentence"
    collections["waste_streams"][0]["generation"] = "900 kg/yr"
    picture = blocks(reported(**collections))["component-flows"]
    assert render(picture.title, "en") == "Where Nickel goes"
    assert [each.value for each in picture.chart.streams] == pytest.approx([50, 45, 5])


def test_reconciled_amounts_stand_in_the_appendix_with_how_they_are_known() -> None:
    table = blocks(example("metal-finishing"))["reconciled-mass"]
    found = {row[0]: row for row in cells(table)}
    assert found["Loss of Collection sump and settling tank"][-1] == "computed from the balances"
    assert found["Loss of Collection sump and settling tank"][1] == ""
    assert found["Tap water for rinsing"][-1].endswith("checked by a balance")
    assert found["Sludge of the collection sump"][-1] == "measured, and nothing checks it"
    assert "opening stock of Store of 1,1,1-Trichloroethane" in found


def test_a_wrong_meter_is_named_with_its_evidence() -> None:
    said = sentences(reported(**line(1000, 1002, 1300, 998, 1000)))
    assert "Meters that may be wrong" in said
    assert "flow of Flow 2 is measured" in said
    assert "The test statistic is" in said


def test_what_to_measure_next_says_what_it_brings() -> None:
    said = sentences(example("metal-finishing"))
    assert "What to measure next" in said
    assert "is then known to ± 6.30 t/yr instead of ± 8.21 t/yr" in said


def test_the_cost_matrix_adds_up_and_waste_costs_more_than_its_disposal() -> None:
    found = blocks(reported(**LEAKING))
    matrix = found["cost-matrix"]
    amounts = [[float(cell.value) for cell in row.cells[1:6]] for row in matrix.rows[:3]]
    assert amounts[2] == pytest.approx(
        [one + other for one, other in zip(amounts[0], amounts[1], strict=True)]
    )
    assert amounts[2] == pytest.approx([5_000, 450, 0, 1_000, 6_450])
    assert cells(matrix)[-1][1:6] == ["77.5 %", "7.0 %", "0.0 %", "15.5 %", "100.0 %"]
    waste = {row[0]: row for row in cells(found["true-costs"])}
    assert waste["Spent solvent"][-1] == "13"
    assert found["cost-flows"].chart.unit.startswith("USD")


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_plants_are_spared_what_does_not_apply(language: Language) -> None:
    found = blocks(example("small-plant", language))
    assert {"losses", "mass-flows", "closures"} <= found.keys()
    assert not {"cost-matrix", "true-costs", "reconciled-mass", "flow-diagram"} & found.keys()
    without = blocks(reported(**line(1000, 960, uncertainty=None)))
    assert not {"losses", "mass-flows", "reconciled-mass"} & without.keys()


def test_a_report_of_flows_that_cannot_be_balanced_says_so_among_the_findings() -> None:
    report = reported(**line(1000, 500, uncertainty="±0"))
    assert "mass-flows" not in blocks(report)
    assert re.search("Step 1", sentences(report))
    assert write_pdf(report).startswith(b"%PDF")


def test_a_loss_is_told_where_no_waste_is_described() -> None:
    collections = {**LEAKING, "waste_streams": []}
    collections["products"] = [
        {
            "number": "PR1",
            "name": "Parts",
            "process": "P1",
            "production": "900 kg/yr",
            "production_uncertainty": "±2 %",
        }
    ]
    report = reported(**collections)
    (section,) = (each for each in report.sections if each.key == "balances")
    assert section.level == 1
    assert "Degreasing also loses" in sentences(report)
    assert {"losses", "cost-matrix"} <= blocks(report).keys()
    assert write_pdf(report).startswith(b"%PDF")


def test_all_four_formats_hold_the_pictures_of_the_balances() -> None:
    report = reported(**LEAKING)
    title = render(blocks(report)["mass-flows"].title, "en")
    page = write_html(report).decode()
    assert title in page
    assert page.count("<svg") >= 2
    pictures = [
        name
        for name in zipfile.ZipFile(BytesIO(write_docx(report))).namelist()
        if name.startswith("word/media/")
    ]
    assert len(pictures) >= 2
    assert write_pdf(report).startswith(b"%PDF")
    workbook = zipfile.ZipFile(BytesIO(write_xlsx(report)))
    strings = workbook.read("xl/sharedStrings.xml").decode()
    assert "Degreasing loses more than the error of the meters explains" in strings

"""What people really type into a workbook is understood, or listed with its cell."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from filling import Filling, by_hand, codes
from openpyxl.worksheet.worksheet import Worksheet

from openrecp.assessment.spec import Currency
from openrecp.assessment.workbook.reader import WorkbookReading
from openrecp.errors import Issue, Severity
from openrecp.texts import render


def _finding(reading: WorkbookReading, code: str) -> Issue:
    return next(issue for issue in reading.issues if issue.code == code)


def test_every_fault_is_listed_with_its_place_and_the_rest_is_kept(tmp_path: Path) -> None:
    filling = Filling("zh-hant")
    filling.put("waste_streams", number="W1", name="廢水", generation="很多", ph="abc", state="漿")
    reading = filling.read(tmp_path)
    (stream,) = reading.assessment.waste_streams
    assert (stream.number, stream.name, stream.generation, stream.ph, stream.state) == (
        "W1",
        "廢水",
        *[None] * 3,
    )
    assert {issue.code for issue in reading.issues} == {"number-unreadable", "choice-unknown"}
    assert len(reading.issues) == 3
    for issue in reading.issues:
        assert issue.where.file == "plant.xlsx"
        assert issue.where.sheet == filling.sheet("waste_streams").title
        assert issue.severity is Severity.ERROR
    rows = [int((issue.where.cell or "")[1:]) for issue in reading.issues]
    assert rows == sorted(rows)
    generation = next(issue for issue in reading.issues if issue.where.path == "waste_streams[W1].generation")
    assert generation.where.cell == filling.cell("waste_streams", "generation").coordinate
    assert "很多" in render(generation, "zh-hant")


def test_the_currency_of_the_cover_rules_all_amounts(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("cover", currency="US$")
    filling.put("capital_costs", 0, option="O1", amount="$5,000")
    filling.put("capital_costs", 1, option="O1", amount="NT$5,000")
    reading = filling.read(tmp_path)
    assert reading.assessment.currency is Currency.USD
    assert [str(each.amount) for each in reading.assessment.capital_costs] == ["5000.00 USD", "None"]
    assert codes(reading) == ["money-in-other-currency"]


def test_a_missing_currency_is_said_where_there_is_money(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("cover", currency=None)
    assert codes(filling.read(tmp_path)) == []
    filling.put("capital_costs", option="O1", amount=5000)
    reading = filling.read(tmp_path)
    assert codes(reading) == ["currency-missing"]
    assert str(reading.assessment.capital_costs[0].amount) == "5000.00 TWD"


def test_headings_in_thousands_scale_their_column(tmp_path: Path) -> None:
    filling = Filling()
    filling.heading("capital_costs", "amount").value = "Cost (千元)"
    filling.put("capital_costs", option="O1", amount=12.5)
    filling.heading("team", "hours").value = "Working hours needed [d]"
    filling.put("team", name="A", hours=2)
    reading = filling.read(tmp_path)
    assert str(reading.assessment.capital_costs[0].amount) == "12500.00 TWD"
    assert reading.assessment.team[0].hours == 48
    assert codes(reading) == ["unit-converted"]


def test_a_copied_row_becomes_a_record_of_its_own(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("options", 0, number="O1", name="Drag-out tray")
    filling.put("options", 1, number="O2", name="Copied")
    filling.id_cell("options", 1).value = filling.id_cell("options", 0).value
    reading, again = filling.read(tmp_path), filling.read(tmp_path)
    first, second = reading.assessment.options
    assert first.id != second.id
    assert codes(reading) == ["record-copied"]
    assert _finding(reading, "record-copied").severity is Severity.NOTE
    assert again.assessment == reading.assessment


def test_added_rows_get_ids_that_stay_the_same(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    for record in range(40):
        filling.put("options", record, number=f"O{record}", name="x")
        if record >= 20:
            filling.id_cell("options", record).value = None
    first = filling.read(tmp_path)
    sheet = filling.sheet("options")
    sheet.insert_rows(filling.id_cell("options", 30).row)
    second = filling.read(tmp_path)
    assert len(first.assessment.options) == 40
    assert len({option.id for option in first.assessment.options}) == 40
    assert [option.id for option in first.assessment.options] == [
        option.id for option in second.assessment.options
    ]


def test_empty_rows_added_columns_and_moved_columns(tmp_path: Path) -> None:
    filling = Filling()
    for record in (0, 3, 7):
        filling.put("options", record, number=f"O{record}", name=f"Option {record}", proposed_by="A")
    sheet = filling.sheet("options")
    name = filling.heading("options", "name").column
    sheet.insert_cols(name)
    heading = filling.heading("options", "name")
    sheet.cell(heading.row, name).value = "Colour"
    sheet.cell(heading.row + 1, name).value = "red"
    reading = filling.read(tmp_path)
    assert [option.number for option in reading.assessment.options] == ["O0", "O3", "O7"]
    assert [option.name for option in reading.assessment.options] == ["Option 0", "Option 3", "Option 7"]
    issue = _finding(reading, "heading-unknown")
    assert (issue.severity, issue.values["heading"], issue.values["count"]) == (Severity.NOTE, "Colour", 1)


def test_a_heading_nearly_right_is_named_with_what_may_be_meant(tmp_path: Path) -> None:
    filling = Filling()
    filling.heading("options", "proposed_by").value = "Propsed by"
    filling.put("options", number="O1", name="x")
    cell = filling.cell("options", "name")
    column = filling.heading("options", "name").column
    while filling.sheet("options").cell(cell.row - 1, column).value != "Propsed by":
        column += 1
    filling.sheet("options").cell(cell.row, column).value = "B"
    reading = filling.read(tmp_path)
    issue = _finding(reading, "heading-unknown")
    assert issue.severity is Severity.WARNING
    assert "Proposed by" in render(issue, "en")


def test_rows_of_a_table_of_columns_may_be_moved_and_added(tmp_path: Path) -> None:
    filling = Filling()
    filling.put("waste_streams", 0, number="W1", name="a", generation=5, generation__unit="t/yr")
    filling.put("waste_streams", 9, number="W10", name="added far to the right")
    sheet = filling.sheet("waste_streams")
    row = filling.heading("waste_streams", "name").row
    sheet.insert_rows(row, 2)
    sheet.cell(row, 2).value = "Colour"
    sheet.cell(row, 3).value = "green"
    sheet.cell(row, 4).value = "red"
    reading = filling.read(tmp_path)
    assert [stream.number for stream in reading.assessment.waste_streams] == ["W1", "W10"]
    assert str(reading.assessment.waste_streams[0].generation) == "5 t/yr"
    issue = _finding(reading, "heading-unknown")
    assert (issue.values["heading"], issue.values["count"], issue.where.cell) == ("Colour", 2, f"B{row}")


def test_tabs_may_be_renamed_hidden_and_moved(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("options", number="O1", name="x")
    sheet = filling.sheet("options")
    sheet.title = "our ideas"
    sheet.sheet_state = "veryHidden"
    filling.book.move_sheet(sheet, -9)
    reading = filling.read(tmp_path)
    assert reading.assessment.options[0].number == "O1"
    assert reading.sheets_read[0] == "our ideas" or "our ideas" in reading.sheets_read


def test_a_column_inserted_before_the_marks_does_no_harm(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("options", number="O1", name="x")
    filling.sheet("options").insert_cols(1)
    assert filling.read(tmp_path).assessment.options[0].name == "x"


def _copied(filling: Filling, collection: str) -> Worksheet:
    sheet = filling.sheet(collection)
    sheet.title, title = "original", sheet.title
    copy = filling.book.copy_worksheet(sheet)
    sheet.title, copy.title = title, f"{title[:20]} (2)"
    return copy


def test_a_copied_sheet_adds_its_records(tmp_path: Path) -> None:
    filling = Filling()
    filling.put("waste_streams", number="W1", name="one")
    copy = _copied(filling, "waste_streams")
    row, column = filling.cell("waste_streams", "number").row, filling.cell("waste_streams", "number").column
    copy.cell(row, column).value = "W2"
    reading = filling.read(tmp_path)
    assert [stream.number for stream in reading.assessment.waste_streams] == ["W1", "W2"]
    assert codes(reading) == ["record-copied"]


def test_one_number_merged_over_several_rows_counts_for_each(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    for record, amount in enumerate((100, 200, 300)):
        filling.put("capital_costs", record, amount=amount)
    filling.put("capital_costs", 0, option="O1")
    first, last = (filling.cell("capital_costs", "option", record).coordinate for record in (0, 2))
    filling.sheet("capital_costs").merge_cells(f"{first}:{last}")
    amounts = [filling.cell("capital_costs", "amount", record).coordinate for record in (3, 4)]
    filling.put("capital_costs", 3, option="O2", amount=50)
    filling.put("capital_costs", 4, option="O3")
    filling.sheet("capital_costs").merge_cells(":".join(amounts))
    reading = filling.read(tmp_path)
    assert [(each.option, str(each.amount)) for each in reading.assessment.capital_costs] == [
        ("O1", "100.00 TWD"),
        ("O1", "200.00 TWD"),
        ("O1", "300.00 TWD"),
        ("O2", "50.00 TWD"),
        ("O3", "None"),
    ]


def test_matrix_ratings_criteria_and_what_they_lack(tmp_path: Path) -> None:
    filling = Filling()
    filling.put("stream_criteria", 0, weight=8)
    filling.put("stream_criteria", 1, weight="７")
    filling.rate("stream_criteria", 0, 0, 9)
    filling.rate("stream_criteria", 0, 1, "high")
    filling.rate("stream_criteria", 1, 1, 11)
    filling.put("stream_criteria", 10, name="Odour", weight=3)
    filling.rate("stream_criteria", 10, 0, 4)
    reading = filling.read(tmp_path)
    assessment = reading.assessment
    assert [(each.number, each.name, each.weight) for each in assessment.stream_criteria] == [
        ("compliance", None, Decimal(8)),
        ("cost", None, Decimal(7)),
        ("C1", "Odour", Decimal(3)),
    ]
    assert [(each.criterion, each.subject, each.rating) for each in assessment.stream_ratings] == [
        ("compliance", "W1", Decimal(9)),
        ("cost", "W2", Decimal(11)),
        ("C1", "W1", Decimal(4)),
    ]
    assert sorted(codes(reading)) == ["criterion-numbered", "number-outside-limits", "number-unreadable"]


def test_values_pasted_into_a_new_workbook_are_found_by_titles_and_headings(tmp_path: Path) -> None:
    filling = Filling("zh-hant")
    filling.put("waste_streams", 0, number="W1", name="廢水", generation="1.5 公噸/月")
    filling.put("waste_costs", 0, stream="W1", cost=3600)
    filling.put("sessions", 0, coordinator="A")
    filling.put("options", 0, number="O1", name="回收", streams="W1")
    filling.put("stream_criteria", 0, weight=8)
    filling.rate("stream_criteria", 0, 0, 9)
    filling.put("capital_costs", 0, option="O1", amount=5000)
    filling.put("operating_changes", 0, option="O1", gain=14300)
    filling.put("financial_terms", discount_rate=12)
    filling.put("vendors", 0, option="O1", company="甲公司")
    sheets = {
        name: [[cell.value for cell in row[1:]] for row in filling.book[name].iter_rows()]
        for name in filling.book.sheetnames
        if not name.startswith("openrecp")
    }
    assessment = by_hand(tmp_path, sheets).assessment
    assert (assessment.waste_streams[0].name, str(assessment.waste_streams[0].generation)) == (
        "廢水",
        "1.5 公噸/月",
    )
    assert str(assessment.waste_costs[0].cost) == "3600.00 TWD"
    assert assessment.sessions[0].coordinator == "A"
    assert [option.name for option in assessment.options] == ["回收"]
    assert [(each.number, each.weight) for each in assessment.stream_criteria] == [("compliance", Decimal(8))]
    assert [(each.criterion, each.subject, each.rating) for each in assessment.stream_ratings] == [
        ("compliance", "W1", Decimal(9))
    ]
    assert str(assessment.capital_costs[0].amount) == "5000.00 TWD"
    assert str(assessment.operating_changes[0].gain) == "14300.00 TWD"
    assert assessment.financial_terms.discount_rate == 12
    assert assessment.vendors[0].company == "甲公司"


def test_sheets_made_by_hand_in_two_languages(tmp_path: Path) -> None:
    reading = by_hand(
        tmp_path,
        {
            "Sheet1": [["公司名稱與地址"], ["x", 1]],
            "方案": [
                ["10 方案的產生"],
                [],
                ["方案編號", "Option name", "單位"],
                ["O1", "Tray", None],
                ["Total", "=B1", None],
            ],
            "14": [
                ["Option No.", "Capital item", "Cost"],
                ["O1", "Training", "5,000"],
                ["Total", None, "=SUM(C2:C2)"],
                ["Option No.", "Cost", "Capital item"],
                ["O2", "6000", "Contingency"],
            ],
            "6 materials": [
                ["Material No.", "M1", "M2"],
                ["Name", "Acid", "Water"],
                ["Consumption", 18, 1500],
                ["unit", "t/yr", "m³/month"],
            ],
        },
    )
    assessment = reading.assessment
    assert [(option.number, option.name) for option in assessment.options][:1] == [("O1", "Tray")]
    assert [(each.option, each.item, str(each.amount)) for each in assessment.capital_costs] == [
        ("O1", "training", "5000.00 TWD"),
        ("O2", "contingency", "6000.00 TWD"),
    ]
    assert [str(each.consumption) for each in assessment.input_materials] == ["18 t/yr", "1500 m³/month"]
    assert reading.sheets_passed_over == ("Sheet1",)
    assert _finding(reading, "sheet-not-read").where.sheet == "Sheet1"


def test_a_form_on_two_sheets_with_different_answers(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("site", department="Plating", employees=85)
    copy = _copied(filling, "site")
    copy[filling.cell("site", "employees").coordinate].value = 90
    copy[filling.cell("site", "area").coordinate].value = "Hall 2"
    reading = filling.read(tmp_path)
    site = reading.assessment.site
    assert (site.department, site.employees, site.area) == ("Plating", 85, "Hall 2")
    assert codes(reading) == ["entered-twice"]


def test_comments_beside_a_form_are_named(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    filling.put("site", department="Plating")
    cell = filling.cell("site", "department")
    filling.sheet("site").cell(cell.row, cell.column + 3).value = "ask Mr A"
    reading = filling.read(tmp_path)
    issue = _finding(reading, "cell-not-read")
    assert (issue.severity, issue.values["found"]) == (Severity.NOTE, "ask Mr A")


def test_a_table_whose_headings_were_deleted_is_named(tmp_path: Path) -> None:
    filling = Filling(simplified=True)
    row = filling.heading("options", "number").row
    sheet = filling.sheet("options")
    for column in range(2, 12):
        sheet.cell(row, column).value = None
    sheet.cell(row + 1, 2).value = "O1"
    reading = filling.read(tmp_path)
    assert codes(reading) == ["headings-missing"]
    assert not reading.assessment.options

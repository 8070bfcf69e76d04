"""The payback of every option, calculated live from its cost items."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell

from openrecp.assessment.workbook.layout import DERIVED_MARK
from openrecp.assessment.workbook.sheets import live
from openrecp.assessment.workbook.sheets.lists import full_name
from openrecp.assessment.workbook.sheets.page import Page, show_cents
from openrecp.assessment.workbook.sheets.plan import Cells
from openrecp.texts import render, text

_SPARE: Final = 5
_MONEY_HEADINGS: Final = (
    text("Capital investment"),
    text("Saved or earned a year"),
    text("Spent more a year"),
    text("Net saving a year"),
)
_WIDTHS: Final = (12, 36, 18, 18, 18, 18, 16)


def write_payback(page: Page) -> None:
    """One row an option: capital, annual changes, net saving, simple payback."""
    sheet, styles, row = page.sheet, page.styles, page.here.end
    page.mark(row, f"{DERIVED_MARK}payback")
    sheet.set_row(row, 22)
    for column in range(2, 8):
        sheet.write_blank(row, column, None, styles["block"])
    sheet.write_string(row, 1, page.words(text("Payback of each option")), styles["block"])
    note = text(
        "Capital investment divided by net saving a year. An option without capital can be carried out at once; "
        "without a saving it never pays back."
    )
    sheet.write_string(row + 1, 1, page.words(note), styles["purpose"])
    _write_headings(page, row + 2)
    options = page.plan.placed("options")
    count = len(options.records) + _SPARE if options else 0
    for index in range(count):
        _write_option(page, row + 3 + index, index)
    if count:
        show_cents(page, Cells(page.here.name, row + 3, 3, row + 2 + count, 6))
        sheet.data_validation(row + 2, 1, row + 2 + count, 7, page.lists.guard())


def _write_headings(page: Page, row: int) -> None:
    currency = page.plan.assessment.currency.value
    words = [page.words(text("Option No.")), page.words(text("Option"))]
    words += [f"{page.words(heading)} [{currency}]" for heading in _MONEY_HEADINGS]
    words.append(f"{page.words(text('Payback'))} [{page.words(text('yr'))}]")
    for column, (heading, width) in enumerate(zip(words, _WIDTHS, strict=True), start=1):
        page.sheet.write_string(row, column, heading, page.styles["heading-calculated"])
        page.fit(row, column, heading)
        page.widen(column, width if not page.here.blocks else 12)


def _write_option(page: Page, row: int, index: int) -> None:
    plan, styles = page.plan, page.styles
    options = plan.placed("options")
    numbers, names = plan.cells("options", "number"), plan.cells("options", "name")
    if options is None or numbers is None or names is None:
        return
    record = options.records[index] if index < len(options.records) else None
    number = getattr(record, "number", None) or ""
    costs = live.option_costs(plan, number) if number else None
    own = xl_rowcol_to_cell(row, 1, col_abs=True)
    at = [xl_rowcol_to_cell(row, column) for column in range(8)]
    listed = f"INDEX({full_name(numbers)},{index + 1})"
    name = f"INDEX({full_name(names)},{index + 1})"
    capital = _sum_formula(plan.cells("capital_costs", "amount"), plan.cells("capital_costs", "option"), own)
    changes = plan.cells("operating_changes", "option")
    gain = _sum_formula(plan.cells("operating_changes", "gain"), changes, own)
    expense = _sum_formula(plan.cells("operating_changes", "expense"), changes, own)
    entries = "+".join(
        f"COUNTIF({full_name(cells)},{own})"
        for cells in (plan.cells("capital_costs", "option"), changes)
        if cells is not None
    )
    none, never = (render(item, page.language) for item in (live.NO_CAPITAL, live.NO_SAVING))
    years = f'IF({at[3]}<=0,"{none}",IF({at[6]}<=0,"{never}",{at[3]}/{at[6]}))'
    shown: list[tuple[str, live.Value, str]] = [
        (f'=IFERROR({listed}&"","")', number, "calculated-text"),
        (
            f'=IFERROR(IF({own}="","",{name}&""),"")',
            (getattr(record, "name", None) or "") if number else "",
            "calculated-text",
        ),
        (f'=IF({own}="","",{capital})', costs.capital if costs else "", "calculated-money"),
        (f'=IF({own}="","",{gain})', costs.gain if costs else "", "calculated-money"),
        (f'=IF({own}="","",{expense})', costs.expense if costs else "", "calculated-money"),
        (
            f'=IF({own}="","",{at[4]}-{at[5]})',
            costs.gain - costs.expense if costs else "",
            "calculated-money",
        ),
        (
            f'=IF({own}="","",IF({entries or "0"}=0,"",{years}))',
            _years(costs, none, never),
            "calculated-years",
        ),
    ]
    for column, (formula, value, style) in enumerate(shown, start=1):
        page.sheet.write_formula(row, column, formula, styles[style], value)
        page.fit(row, column, value)


def _sum_formula(amounts: Cells | None, options: Cells | None, own: str) -> str:
    if amounts is None or options is None:
        return "0"
    return f"SUMIFS({full_name(amounts)},{full_name(options)},{own})"


def _years(costs: live.OptionCosts | None, none: str, never: str) -> live.Value:
    if costs is None or not costs.entries:
        return ""
    if costs.capital <= 0:
        return none
    return never if costs.payback is None else costs.payback

"""Live formulas with the values they come to, so that a program that does not calculate shows them too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from openrecp.assessment.spec import Kind, Money, Quantity, Record, RecordField, UnitPrice
from openrecp.assessment.workbook.layout import has_unit_cell
from openrecp.assessment.workbook.sheets.cells import number_content
from openrecp.assessment.workbook.sheets.lists import FACTORS_NAME, SEPARATOR, YEARLY_FACTORS, full_name
from openrecp.assessment.workbook.sheets.plan import Placed, Plan
from openrecp.assessment.worksheets.costs import CapitalCost, OperatingChange
from openrecp.assessment.worksheets.streams import WasteCost, WasteStream
from openrecp.texts import Language, render, text

Value = float | str
NO_CAPITAL: Final = text("no capital")
NO_SAVING: Final = text("no saving")
_BLANK: Final = "________"


@dataclass(frozen=True, slots=True)
class Live:
    """A formula and its value now; an empty text where there is nothing to show."""

    formula: str
    value: Value


def as_number(value: Any) -> float | None:
    """The number a cell with this value holds for Excel; None where it holds text or nothing."""
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, Quantity):
        value = value.value
    if isinstance(value, UnitPrice):
        value = value.amount
    if value is None:
        return None
    content = number_content(value)
    return content if isinstance(content, float) else None


def yearly_cost(amount: Quantity | None, price: UnitPrice | None) -> float | None:
    """Amount times price over a year, where the workbook knows both units; None else."""
    if amount is None or price is None:
        return None
    factor = YEARLY_FACTORS.get(f"{price.per}{SEPARATOR}{amount.unit}")
    number, each = as_number(amount), as_number(price)
    return None if factor is None or number is None or each is None else each * number * factor


def _lookup(per: str, unit: str) -> str:
    return f'VLOOKUP({per}&"{SEPARATOR}"&{unit},{FACTORS_NAME},2,FALSE)'


def material_cost(placed: Placed, index: int) -> Live | None:
    """Consumption times price of one input material, in its column of the table."""
    found = [_in_column(placed, *key, index) for key in _MATERIAL_CELLS]
    if None in found:
        return None
    amount, unit, price, per = found
    formula = f'=IF(COUNT({price},{amount})<2,"",IFERROR({price}*{amount}*{_lookup(str(per), str(unit))},""))'
    record = placed.records[index]
    cost = yearly_cost(getattr(record, "consumption", None), getattr(record, "price", None))
    return Live(formula, "" if cost is None else cost)


_MATERIAL_CELLS = (("consumption", "value"), ("consumption", "unit"), ("price", "value"), ("price", "unit"))


def _in_column(placed: Placed, field: str, role: str, index: int) -> str | None:
    cells = placed.cells(field, role)
    return None if cells is None else xl_rowcol_to_cell(cells.top, cells.left + index)


def _in_row(placed: Placed, field: str, role: str, index: int) -> str:
    cells = placed.cells(field, role)
    if cells is None:
        raise LookupError(f"{placed.block.collection}: no column for {field}")
    return str(xl_rowcol_to_cell(cells.top + index, cells.left, col_abs=True))


def waste_cost(plan: Plan, placed: Placed, index: int, record: WasteCost) -> Live:
    """The cost of one element of managing a stream: as entered, else price times amount.

    An amount left empty is the stream's generation.
    """
    stream, cost, price, per, amount, unit = (
        _in_row(placed, field, role, index)
        for field, role in (
            ("stream", "value"),
            ("cost", "value"),
            ("price", "value"),
            ("price", "unit"),
            ("amount", "value"),
            ("amount", "unit"),
        )
    )
    used, used_unit = amount, unit
    numbers, generated, generated_unit = (
        plan.cells("waste_streams", *key)
        for key in (("number", "value"), ("generation", "value"), ("generation", "unit"))
    )
    if numbers and generated and generated_unit:
        found = f"MATCH({stream},{full_name(numbers)},0)"
        used = f'IF({amount}="",INDEX({full_name(generated)},{found}),{amount})'
        used_unit = f'IF({amount}="",INDEX({full_name(generated_unit)},{found}),{unit})'
    product = f'IF(ISNUMBER({price}),IFERROR({price}*({used})*{_lookup(per, used_unit)},""),"")'
    value = waste_cost_value(plan, record)
    return Live(f"=IF(ISNUMBER({cost}),{cost},{product})", "" if value is None else value)


def waste_cost_value(plan: Plan, record: WasteCost) -> float | None:
    """What one cost element comes to in a year, as the workbook calculates it."""
    given = as_number(record.cost)
    if given is not None:
        return given
    amount = record.amount
    if amount is None and record.stream is not None:
        stream = _first(plan, "waste_streams", record.stream)
        amount = stream.generation if isinstance(stream, WasteStream) else None
    return yearly_cost(amount, record.price)


def _first(plan: Plan, collection: str, number: str) -> Record | None:
    """The first record with a number; Excel does not tell capitals from small letters."""
    placed = plan.placed(collection)
    wanted = number.casefold()
    records = placed.records if placed else ()
    return next((r for r in records if (getattr(r, "number", None) or "").casefold() == wanted), None)


def subject_fact(
    plan: Plan, collection: str, field: RecordField, header: str, subject: str, language: Language
) -> Live:
    """What a matrix shows of a stream or an option above its ratings, found by its number in ``header``."""
    numbers, values = plan.cells(collection, "number"), plan.cells(collection, field.name)
    units = plan.cells(collection, field.name, "unit")
    if numbers is None or values is None:
        return Live('=""', "")
    found = f"INDEX({full_name(values)},MATCH({header},{full_name(numbers)},0))"
    record = _first(plan, collection, subject) if subject else None
    value = getattr(record, field.name, None)
    if field.name == "management_cost":
        return _management_cost(plan, found, header, record)
    if has_unit_cell(field) and units is not None:
        unit = f"INDEX({full_name(units)},MATCH({header},{full_name(numbers)},0))"
        shown = "" if value is None else f"{plain_number(value)} {value.unit}"
        return Live(f'=IFERROR(IF({found}="","",{found}&" "&{unit}),"")', shown)
    if field.kind is Kind.MONEY:
        number = as_number(value)
        return Live(f'=IFERROR(IF({found}="","",{found}),"")', "" if number is None else number)
    return Live(f'=IFERROR({found}&"","")', render(value, language))


def plain_number(quantity: Quantity) -> str:
    """The number as Excel writes it into a text."""
    number = as_number(quantity)
    return f"{number:.15g}" if number is not None else f"{quantity.value:f}"


def _management_cost(plan: Plan, found: str, header: str, record: Record | None) -> Live:
    """A stream's management cost: as entered, else the sum of its cost elements."""
    costs = plan.placed("waste_costs")
    value = as_number(getattr(record, "management_cost", None))
    streams = costs.cells("stream") if costs else None
    used = costs.cells("cost", "calculated") if costs else None
    if costs is None or streams is None or used is None:
        return Live(f'=IFERROR(IF({found}="","",{found}),"")', "" if value is None else value)
    own = full_name(streams)
    known = f'COUNTIFS({own},{header},{full_name(used)},">-1E+99")'
    total = f'IF({known}=0,"",SUMIFS({full_name(used)},{own},{header}))'
    if value is None and isinstance(record, WasteStream) and record.number is not None:
        elements = [waste_cost_value(plan, each) for each in _elements(costs, record.number)]
        found_costs = [each for each in elements if each is not None]
        value = sum(found_costs) if found_costs else None
    return Live(f'=IFERROR(IF({found}="",{total},{found}),"")', "" if value is None else value)


def _elements(costs: Placed, number: str) -> list[WasteCost]:
    wanted = number.casefold()
    found = [record for record in costs.records if isinstance(record, WasteCost)]
    return [record for record in found if (record.stream or "").casefold() == wanted]


@dataclass(frozen=True, slots=True)
class OptionCosts:
    """What the cost worksheet says of one option [whole currency units a year, capital once]."""

    capital: float
    gain: float
    expense: float
    entries: int

    @property
    def payback(self) -> float | None:
        """Years; None without capital or without a saving."""
        net = self.gain - self.expense
        return self.capital / net if self.capital > 0 and net > 0 else None


def option_costs(plan: Plan, number: str) -> OptionCosts:
    """Totals of an option's capital items and operating changes, as the formulas find them."""
    capital = [r for r in _of(plan, "capital_costs", number) if isinstance(r, CapitalCost)]
    changes = [r for r in _of(plan, "operating_changes", number) if isinstance(r, OperatingChange)]
    return OptionCosts(
        sum(as_number(r.amount) or 0 for r in capital),
        sum(as_number(r.gain) or 0 for r in changes),
        sum(as_number(r.expense) or 0 for r in changes),
        len(capital) + len(changes),
    )


def _of(plan: Plan, collection: str, number: str) -> list[Record]:
    placed = plan.placed(collection)
    wanted = number.casefold()
    return (
        [r for r in placed.records if (getattr(r, "option", None) or "").casefold() == wanted]
        if placed
        else []
    )


def head_line(plan: Plan, fields: tuple[RecordField, ...], language: Language) -> Live:
    """Labels and entries of the cover in one line, as at the head of the manual's forms."""
    parts, shown = [], []
    cover = plan.assessment.cover
    for field in fields:
        cells = plan.cells("cover", field.name)
        if cells is None:
            continue
        label = render(field.spec.label, language) + ("：" if language == "zh-hant" else ": ")
        address = full_name(cells).split(":")[0]
        entry = f'TEXT({address},"yyyy-mm-dd")' if field.kind is Kind.DATE else f'{address}&""'
        quoted = label.replace('"', '""')
        parts.append(f'"{quoted}"&IF({address}="","{_BLANK}",{entry})')
        value = getattr(cover, field.name)
        shown.append(label + (_BLANK if value is None else str(value)))
    return Live("=" + '&"      "&'.join(parts), "      ".join(shown))

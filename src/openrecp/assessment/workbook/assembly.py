"""Puts the records taken from the sheets together into one assessment, with a finding for all that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from openrecp.assessment.document import COLLECTIONS, Assessment
from openrecp.assessment.spec import (
    Currency,
    Money,
    Quantity,
    Record,
    RecordField,
    UnitPrice,
    record_fields,
)
from openrecp.assessment.workbook.amounts import Place
from openrecp.assessment.workbook.entered import Numbers, read_code, read_entry
from openrecp.assessment.workbook.grid import Cell
from openrecp.assessment.workbook.identity import Identities, Stored
from openrecp.assessment.workbook.layout import STANDARD_CRITERIA, label_key
from openrecp.assessment.workbook.tables import Entry, RawRecord
from openrecp.assessment.worksheets.planning import Cover
from openrecp.assessment.worksheets.streams import Rating
from openrecp.errors import NOWHERE, Issue, Severity, Where, problem
from openrecp.texts import LANGUAGES, render

Values = dict[str, Any]
MOST_FINDINGS: Final = 1_000
"""Where so much is wrong, the rest is not read: each further finding would take time and help nobody."""


@dataclass(slots=True)
class Read:
    """A record as read: its values, the cells they came from, and the findings about them by field."""

    raw: RawRecord
    record: type[Record]
    values: Values = field(default_factory=dict)
    cells: dict[str, Where] = field(default_factory=dict)
    issues: list[tuple[str, Issue]] = field(default_factory=list)


@dataclass(slots=True)
class Assembled:
    """The document, the findings, the cell of every value by its place, and whether reading was given up."""

    assessment: Assessment
    issues: list[Issue]
    places: dict[str, Where]
    given_up: bool


def assemble(raws: Sequence[RawRecord], stored: Stored, file: str, *, simplified: bool) -> Assembled:
    """Read all records and build the assessment.

    Parameters
    ----------
    raws : sequence of RawRecord
        Records as they stand on the sheets, in the order of the sheets.
    stored : Stored
        What the workbook remembers of its document; its assessment id is set.
    file : str
        Name of the workbook, for findings.
    simplified : bool
        Whether the assessment is on the simplified set.
    """
    return _Assembly(raws, stored, file).build(simplified=simplified)


@cache
def _fields(record: type[Record]) -> dict[str, RecordField]:
    return {field.name: field for field in record_fields(record)}


class _Assembly:
    def __init__(self, raws: Sequence[RawRecord], stored: Stored, file: str) -> None:
        self.stored, self.file = stored, file
        self.raws: dict[str, list[RawRecord]] = {}
        for raw in raws:
            self.raws.setdefault(raw.collection, []).append(raw)
        self.identities = Identities(stored.assessment)
        self.issues: list[Issue] = []
        self.places: dict[str, Where] = {}
        self.ratings: dict[str, list[Read]] = {}
        self.findings = 0
        self.has_money = False
        self.currency = self._currency()
        self.numbers = {collection: _numbers(raws) for collection, raws in self.raws.items()}

    def build(self, *, simplified: bool) -> Assembled:
        values: Values = {"id": self.stored.assessment, "simplified": simplified}
        for name in COLLECTIONS:
            default = Assessment.model_fields[name].get_default(call_default_factory=True)
            values[name] = (
                self._form(name, type(default)) if isinstance(default, Record) else self._records(name)
            )
        if self.has_money and "cover.currency" not in self.places:
            self.issues.append(_currency_missing(Where(file=self.file, path="cover.currency"), self.currency))
        given_up = self.findings >= MOST_FINDINGS
        return Assembled(Assessment.model_validate(values), self.issues, self.places, given_up)

    def _currency(self) -> Currency:
        """The currency on the cover, without which no amount of money can be read."""
        for raw in self.raws.get("cover", ()):
            entry = raw.entries.get("currency")
            if entry is not None and entry.value is not None:
                found = read_entry(entry, Place(_fields(Cover)["currency"], NOWHERE, Currency.TWD), {})
                if isinstance(found, Currency):
                    return found
        return Currency.TWD

    def _where(self, raw: RawRecord, cell: Cell | None) -> Where:
        return Where(
            file=self.file, sheet=raw.sheet, cell=cell.address if cell is not None else raw.at or None
        )

    def _read(self, raw: RawRecord) -> Read:
        read = Read(raw, raw.block.record)
        for name, entry in raw.entries.items():
            if entry.value is not None:
                self._read_field(read, name, entry)
        return read

    def _read_field(self, read: Read, name: str, entry: Entry) -> None:
        if self.findings >= MOST_FINDINGS:
            return
        where = self._where(read.raw, entry.value)
        place = Place(_fields(read.record)[name], where, self.currency)
        value = read_entry(entry, place, self.numbers)
        self.findings += len(place.issues)
        read.issues += [(name, issue) for issue in place.issues]
        self.has_money = self.has_money or isinstance(value, (Money, UnitPrice))
        if value is not None and value != ():
            read.values[name] = value
            read.cells[name] = where

    def _conclude(self, collection: str, key: str | None, read: Read) -> None:
        """Note the findings and the cells of a record, now that its place in the document is known."""
        prefix = collection if key is None else f"{collection}[{key}]"
        for name, issue in read.issues:
            path = f"{prefix}.{name}" if name else prefix
            self.issues.append(issue.at(replace(issue.where, path=path)))
        for name, where in read.cells.items():
            self.places[f"{prefix}.{name}"] = replace(where, path=f"{prefix}.{name}")

    def _form(self, collection: str, record: type[Record]) -> Record:
        reads = [self._read(raw) for raw in self.raws.get(collection, ())]
        values: Values = {}
        for read in reads:
            for name, value in read.values.items():
                if values.setdefault(name, value) != value:
                    read.issues.append((name, _entered_twice(read, name, values[name])))
                    del read.cells[name]
            self._conclude(collection, None, read)
        if record is Cover:
            values["currency"] = self.currency
        wanted = next((read.raw.id for read in reads if read.raw.id), self.stored.forms.get(collection, ""))
        return record(id=self.identities.give(collection, wanted, "form")[0], **values)

    def _records(self, collection: str) -> tuple[Record, ...]:
        reads = [self._read(raw) for raw in self.raws.get(collection, ())]
        if collection in STANDARD_CRITERIA:
            _complete_criteria(collection, reads)
        reads += self.ratings.get(collection, ())
        kept: list[Read] = []
        for read in reads:
            if self._holds(collection, read):
                kept.append(read)
            else:
                read.cells.clear()
                self._conclude(collection, None, read)
        count = Counter(read.values.get("number") for read in kept)
        records: list[Record] = []
        for position, read in enumerate(kept, start=1):
            number: str | None = read.values.get("number")
            named = number is not None and count[number] == 1 and not number.startswith("#")
            key = str(number) if named else f"#{position}"
            id_, repeated = self.identities.give(collection, read.raw.id, key)
            if repeated:
                read.issues.append(("", _id_repeated(self._where(read.raw, None))))
            self._conclude(collection, key, read)
            records.append(read.record(id=id_, **read.values))
            if read.raw.ratings:
                self._rate(read)
        order = self.stored.order
        return tuple(sorted(records, key=lambda record: order.get(record.id, len(order))))

    def _holds(self, collection: str, read: Read) -> bool:
        """Whether a record holds something that a person entered."""
        if read.raw.ratings or not read.values:
            return bool(read.raw.ratings or read.values)
        offered = (collection, read.raw.id) in self.stored.prefilled
        if collection in STANDARD_CRITERIA:
            # A matrix rebuilt by hand may list all standard criteria and weight a few.
            offered = offered or (
                not self.stored.forms and read.values.get("number") in STANDARD_CRITERIA[collection]
            )
            return not offered or bool(read.values.keys() - {"number"})
        return not offered or bool(read.values.keys() - {"kind"})

    def _rate(self, criterion: Read) -> None:
        """Read the ratings beside a criterion."""
        block = criterion.raw.block
        collection, subjects = str(block.ratings), self.numbers.get(str(block.subjects), Numbers())
        for subject, cell in criterion.raw.ratings:
            raw = RawRecord(collection, block, criterion.raw.sheet, cell.address)
            read = Read(raw, Rating)
            self._read_field(read, "rating", Entry(cell))
            if read.values and "number" in criterion.values:
                read.values["criterion"] = criterion.values["number"]
            if subject is None:
                read.issues.append(("subject", _rates_nothing(self._where(raw, cell), cell)))
            else:
                place = Place(_fields(Rating)["subject"], self._where(raw, subject), self.currency)
                code = read_code(subject, place, subjects)
                read.issues += [("subject", issue) for issue in place.issues]
                if read.values and code is not None:
                    read.values["subject"] = code
                raw.id = self.stored.ratings.get((collection, criterion.raw.id, subject.words), "")
            self.ratings.setdefault(collection, []).append(read)


def _numbers(raws: Iterable[RawRecord]) -> Numbers:
    numbers = Numbers()
    for raw in raws:
        number, name = raw.entries.get("number"), raw.entries.get("name")
        if number is not None and number.value is not None:
            numbers.add(number.value.words, name.value.words if name is not None and name.value else "")
    return numbers


@cache
def _standard_names(collection: str) -> dict[str, str]:
    """The number of each standard criterion by the keys of its labels."""
    known = STANDARD_CRITERIA[collection]
    return {
        label_key(render(name, language)): number for number, name in known.items() for language in LANGUAGES
    }


def _complete_criteria(collection: str, reads: Sequence[Read]) -> None:
    """Leave the labels of standard criteria out, and number the criteria that have ratings but no number."""
    standard = _standard_names(collection)
    taken = {read.values.get("number") for read in reads}
    for read in reads:
        meant = standard.get(label_key(str(read.values.get("name", ""))))
        number = read.values.get("number")
        if meant is not None and number in (None, meant):
            read.values["number"] = meant
            del read.values["name"]
        elif number is None and (read.values or read.raw.ratings):
            new = next(name for i in range(1, len(reads) + 2) if (name := f"C{i}") not in taken)
            taken.add(new)
            read.values["number"] = new
            where = Where(sheet=read.raw.sheet, cell=read.raw.at or None)
            read.issues.append(("number", _number_given(where, new)))


def _currency_missing(where: Where, taken: Currency) -> Issue:
    return problem(
        "currency-missing",
        "No currency can be read on the cover; all amounts were taken to be in {currency}.",
        where=where,
        severity=Severity.WARNING,
        currency=taken.value,
    )


def _number_given(where: Where, number: str) -> Issue:
    return problem(
        "criterion-numbered",
        "The criterion has no number; it was given {number}.",
        where=where,
        severity=Severity.NOTE,
        number=number,
    )


def _entered_twice(read: Read, name: str, kept: Any) -> Issue:
    return problem(
        "entered-twice",
        "“{label}” stands in this workbook twice with different values; “{kept}” was kept.",
        where=read.cells[name],
        severity=Severity.WARNING,
        label=_fields(read.record)[name].spec.label,
        kept=str(kept) if isinstance(kept, (Money, UnitPrice, Quantity)) else kept,
    )


def _id_repeated(where: Where) -> Issue:
    return problem(
        "record-copied",
        "This record is a copy of another; it was read as a record of its own.",
        where=where,
        severity=Severity.NOTE,
    )


def _rates_nothing(where: Where, cell: Cell) -> Issue:
    return problem(
        "rating-without-subject",
        "The rating “{found}” stands in a column without a number; write what it rates at the head of the column.",
        where=where,
        found=cell.words,
    )

"""Relations, reactions, transfer coefficients and correlations from their rows."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.assessment.flowsheets.amounts import Typed, read_amount, read_measurement
from openrecp.assessment.flowsheets.document import Row
from openrecp.assessment.flowsheets.fields import Reader
from openrecp.balances.flowsheet import Correlation, Quantity, Reaction, Ref, Relation, TransferCoefficient
from openrecp.errors import problem
from openrecp.figures import Basis
from openrecp.texts import text


def _grouped(rows: list[tuple[int, Row]]) -> dict[str, list[tuple[int, Row]]]:
    """Rows by key, in the order of their first."""
    found: dict[str, list[tuple[int, Row]]] = {}
    for row, values in rows:
        found.setdefault(values["key"], []).append((row, values))
    return found


def _once(rows: list[tuple[int, Row]], column: str, reader: Reader, name: str) -> tuple[int, Row]:
    """The row of a group that holds a field which counts for the whole; the first where none does."""
    holders = [(row, values) for row, values in rows if values.get(column)]
    for row, values in holders[1:]:
        if values[column] != holders[0][1][column]:
            reader.issues.append(
                problem(
                    "group-field-twice",
                    "The rows of “{key}” belong together, but this one says something else; enter it in the first row only.",
                    where=reader.document.where(name, row, column),
                    key=values["key"],
                )
            )
    return holders[0] if holders else rows[0]


def reactions(reader: Reader) -> dict[str, list[Reaction]]:
    """Reactions by the process in which they happen."""
    found: dict[str, list[Reaction]] = {}
    for key, rows in _grouped(reader.required("reactions")).items():
        masses: dict[str, float] = {}
        for row, values in rows:
            mass = reader.number("reactions", row, "mass", values)
            if mass is not None:
                masses[values["component"]] = masses.get(values["component"], 0.0) + mass
        _, process = _once(rows, "process", reader, "reactions")
        _, named = _once(rows, "name", reader, "reactions")
        where = reader.document.where("reactions", rows[0][0])
        found.setdefault(process["process"], []).append(
            Reaction(key, named.get("name", key), masses, source=where)
        )
    known = {values.get("key") for values in reader.document.rows("processes")}
    for name in found.keys() - known:
        reader.issues.append(
            problem(
                "key-unknown",
                "There is no {kind} “{key}”; add it or correct the key.",
                where=found[name][0].source,
                kind=text("process"),
                key=name,
            )
        )
    return found


def relations(reader: Reader) -> tuple[Relation, ...]:
    """Relations, each from the rows of its key."""
    return tuple(_relations(reader))


def _relations(reader: Reader) -> Iterator[Relation]:
    for key, rows in _grouped(reader.required("relations")).items():
        terms = []
        for row, values in rows:
            coefficient = reader.number("relations", row, "coefficient", values)
            if coefficient is not None:
                terms.append((coefficient, _ref(reader, "relations", row, values)))
        row, values = _once(rows, "constant", reader, "relations")
        constant, sd = _constant(reader, row, values, _once(rows, "uncertainty", reader, "relations")[1])
        _, named = _once(rows, "name", reader, "relations")
        where = reader.document.where("relations", rows[0][0])
        yield Relation(key, named.get("name", key), tuple(terms), constant, sd, source=where)


def _constant(reader: Reader, row: int, values: Row, uncertain: Row) -> tuple[float, float]:
    """Constant and how far the relation may be off; one without a stated uncertainty holds exactly."""
    words, said = values.get("constant", "0"), uncertain.get("uncertainty", "")
    where = reader.document.where("relations", row, "constant")
    typed = Typed(words, said if said or "±" in words else "exact", Basis.ASSUMED, where=where)
    factor = reader.footing.mass_factor
    found = reader.attempt(
        where, lambda: read_measurement(typed, lambda number: read_amount(number, factor), factor)
    )
    return (0.0, 0.0) if found is None else (found.measurement.value, found.measurement.sd)


def transfers(reader: Reader) -> tuple[TransferCoefficient, ...]:
    """Transfer coefficients without their shares."""
    return tuple(
        TransferCoefficient(
            values["key"],
            values.get("name", values["key"]),
            values["process"],
            values["stream"],
            values.get("component"),
            source=reader.document.where("transfers", row),
        )
        for row, values in reader.required("transfers")
    )


def correlations(reader: Reader) -> tuple[Correlation, ...]:
    """Correlations of two numbers each."""
    found = []
    for row, values in reader.required("correlations"):
        coefficient = reader.number("correlations", row, "coefficient", values)
        if coefficient is not None:
            first = _ref(reader, "correlations", row, values)
            second = _ref(reader, "correlations", row, values, "with_")
            where = reader.document.where("correlations", row)
            found.append(Correlation(first, second, coefficient, source=where))
    return tuple(found)


def _ref(reader: Reader, name: str, row: int, values: Row, prefix: str = "") -> Ref:
    """A number named by its quantity, what it is of, and a component; the second of a pair has a prefix."""
    chosen = reader.choice(name, row, f"{prefix}quantity", values, Quantity)
    component = values.get(f"{prefix}component")
    if chosen is None:
        chosen = Quantity.COMPONENT if component else Quantity.FLOW
    return Ref(chosen, values[prefix.rstrip("_") or "of"], component)

"""The assessment document: all worksheets of one plant in one typed, versioned, validated whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from openrecp.assessment.document_faults import (
    DocumentFaults,
    document_issues,
    foreign_currency,
    repeated_id,
    repeated_keys,
)
from openrecp.assessment.spec import Currency, Money, Record, UnitPrice, new_id, record_fields
from openrecp.assessment.worksheets import costs as w14
from openrecp.assessment.worksheets import funding as w16_funding
from openrecp.assessment.worksheets import implementation as w17
from openrecp.assessment.worksheets import materials as w6
from openrecp.assessment.worksheets import options as w10
from openrecp.assessment.worksheets import planning as w1
from openrecp.assessment.worksheets import risk as w16_risk
from openrecp.assessment.worksheets import site as w3
from openrecp.assessment.worksheets import streams as w8
from openrecp.assessment.worksheets import technical as w13
from openrecp.assessment.worksheets import terms as w16
from openrecp.errors import Issue, UnusableInput, Where, problem

FORMAT: Final = "openrecp-assessment"
VERSION: Final = 1


class Assessment(BaseModel):
    """One assessment of one plant: the 18 worksheets, or the part of them the simplified set shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["openrecp-assessment"] = FORMAT
    version: Literal[1] = VERSION
    id: str = Field(default_factory=new_id, pattern=r"^[0-9A-Za-z-]{4,64}$")
    simplified: bool = False

    cover: w1.Cover = Field(default_factory=w1.Cover)
    goals: w1.ProgrammeGoals = Field(default_factory=w1.ProgrammeGoals)
    roles: tuple[w1.ProgrammeRole, ...] = ()
    team: tuple[w1.TeamMember, ...] = ()
    site: w3.Site = Field(default_factory=w3.Site)
    personnel: tuple[w3.Personnel, ...] = ()
    processes: tuple[w3.Process, ...] = ()
    documents: tuple[w3.ProcessDocument, ...] = ()
    flows: tuple[w3.MaterialFlow, ...] = ()
    compositions: tuple[w3.ComponentShare, ...] = ()
    input_materials: tuple[w6.InputMaterial, ...] = ()
    products: tuple[w6.Product, ...] = ()
    waste_streams: tuple[w8.WasteStream, ...] = ()
    waste_costs: tuple[w8.WasteCost, ...] = ()
    stream_criteria: tuple[w8.Criterion, ...] = ()
    stream_ratings: tuple[w8.Rating, ...] = ()
    sessions: tuple[w10.Session, ...] = ()
    options: tuple[w10.Option, ...] = ()
    option_descriptions: tuple[w10.OptionDescription, ...] = ()
    avoided_quantities: tuple[w10.AvoidedQuantity, ...] = ()
    option_screenings: tuple[w10.OptionScreening, ...] = ()
    option_criteria: tuple[w8.Criterion, ...] = ()
    option_ratings: tuple[w8.Rating, ...] = ()
    technical_feasibility: tuple[w13.TechnicalFeasibility, ...] = ()
    vendors: tuple[w13.Vendor, ...] = ()
    consumables: tuple[w13.Consumable, ...] = ()
    trials: tuple[w13.MaterialTrial, ...] = ()
    sign_offs: tuple[w13.SignOff, ...] = ()
    capital_costs: tuple[w14.CapitalCost, ...] = ()
    operating_changes: tuple[w14.OperatingChange, ...] = ()
    replacements: tuple[w16.PartReplacement, ...] = ()
    financial_terms: w16.FinancialTerms = Field(default_factory=w16.FinancialTerms)
    option_terms: tuple[w16.OptionTerms, ...] = ()
    option_funding: tuple[w16_funding.OptionFunding, ...] = ()
    uncertain_inputs: tuple[w16_risk.UncertainInput, ...] = ()
    avoided_events: tuple[w16_risk.AvoidedEvent, ...] = ()
    projects: tuple[w17.ProjectSummary, ...] = ()
    plan_tasks: tuple[w17.PlanTask, ...] = ()
    performance: tuple[w17.OptionPerformance, ...] = ()
    performance_lines: tuple[w17.PerformanceLine, ...] = ()

    @property
    def currency(self) -> Currency:
        """The one currency of the assessment."""
        return self.cover.currency

    def records(self, collection: str) -> tuple[Record, ...]:
        """The records of a collection; a form is a collection of one."""
        value = getattr(self, collection)
        return (value,) if isinstance(value, Record) else value

    def promoted(self) -> Assessment:
        """The same assessment on the full set of worksheets; nothing is retyped, nothing is lost."""
        return self.model_copy(update={"simplified": False})

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = (*_repeated_ids(self), *_foreign_currencies(self))
        if faults:
            raise DocumentFaults(faults)
        return self


COLLECTIONS: Final[tuple[str, ...]] = tuple(
    name for name in Assessment.model_fields if name not in {"format", "version", "id", "simplified"}
)
"""Names of the collections of the document, in the order of the worksheets."""


def _repeated_ids(assessment: Assessment) -> Iterator[Issue]:
    for name in COLLECTIONS:
        seen: set[str] = set()
        for record in assessment.records(name):
            if record.id in seen:
                yield repeated_id(name, record.id)
            seen.add(record.id)


def _foreign_currencies(assessment: Assessment) -> Iterator[Issue]:
    for name in COLLECTIONS:
        form = isinstance(getattr(assessment, name), Record)
        for index, record in enumerate(assessment.records(name), start=1):
            for field in record_fields(type(record)):
                value = getattr(record, field.name)
                if isinstance(value, (Money, UnitPrice)) and value.currency != assessment.currency:
                    path = f"{name}.{field.name}" if form else f"{name}[#{index}].{field.name}"
                    yield foreign_currency(path, value.currency.value, assessment.currency.value)


Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Final[dict[int, Migration]] = {}
"""For each older document version, how to bring it to the next one."""


def assessment_from_data(
    data: Any,
    *,
    file: str | None = None,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    version: int = VERSION,
) -> Assessment:
    """Validate plain data (as read from JSON or YAML) as an assessment; older versions are brought forward.

    Raises
    ------
    UnusableInput
        With every problem found, each naming the place in the document.
    """
    where = Where(file=file)
    if not isinstance(data, dict) or data.get("format", FORMAT) != FORMAT:
        raise UnusableInput(
            problem("not-an-assessment", "This is not an OpenRECP assessment document.", where=where)
        )
    found = data.get("version", version)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise UnusableInput(
            problem(
                "document-version",
                "“{found}” is not a document version; versions are whole numbers from 1.",
                where=where,
                found=found,
            )
        )
    if found > version:
        raise UnusableInput(
            problem(
                "document-version",
                "The document has version {found}; this program reads versions up to {known}. Update OpenRECP to open it.",
                where=where,
                found=found,
                known=version,
            )
        )
    while found < version:
        data = {**migrations[found](data), "version": found + 1}
        found += 1
    try:
        return Assessment.model_validate(data)
    except ValidationError as error:
        raise UnusableInput(document_issues(error, file)) from None


def assessment_from_json(text: str | bytes, *, file: str | None = None) -> Assessment:
    """Read an assessment from JSON.

    Raises
    ------
    UnusableInput
        If it is not JSON, not an assessment, of a newer version, or invalid; with every problem found.
    """
    twice: list[str] = []

    def noticed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.extend(repeated_keys(pairs))
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=noticed)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise UnusableInput(
            problem(
                "not-json",
                "The file is not valid JSON: {reason}",
                where=Where(file=file, line=line),
                reason=str(error),
            )
        ) from None
    if twice:
        raise UnusableInput(
            problem("key-twice", "“{key}” stands twice; keep one of them.", where=Where(file=file), key=key)
            for key in dict.fromkeys(twice)
        )
    return assessment_from_data(data, file=file)


def assessment_to_json(assessment: Assessment) -> str:
    """Write an assessment as JSON; values stay as entered, what is not given is left out."""
    data = assessment.model_dump(mode="json", exclude_none=True)
    kept = {name: value for name, value in data.items() if value != []}
    for name, value in kept.items():
        if isinstance(value, list):
            kept[name] = [{key: part for key, part in record.items() if part != []} for record in value]
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def assessment_schema() -> dict[str, Any]:
    """JSON Schema of the document, with the English label and help of every field."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Assessment.model_json_schema()}
    definitions = schema.get("$defs", {})
    for record in _record_types():
        properties = definitions.get(record.__name__, {}).get("properties", {})
        for field in record_fields(record):
            properties[field.name]["title"] = str(field.spec.label)
            if field.spec.help is not None:
                properties[field.name]["description"] = str(field.spec.help)
            if field.spec.units:
                properties[field.name]["x-units"] = list(field.spec.units)
    return schema


def _record_types() -> list[type[Record]]:
    found: list[type[Record]] = []
    pending: list[type[Record]] = [Record]
    while pending:
        for child in pending.pop().__subclasses__():
            found.append(child)
            pending.append(child)
    return found

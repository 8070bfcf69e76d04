"""Technical feasibility: what section 4.3 of the manual asks of a final report, option by option."""

from __future__ import annotations

from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.assessment.evaluation.results import Evaluation
from openrecp.assessment.spec import Record, record_fields
from openrecp.assessment.worksheets.technical import TechnicalFeasibility
from openrecp.figures import Figure
from openrecp.reports.blocks import MISSING, Block, Callout, Cell, Column, Row, Section, Table, Words, row
from openrecp.reports.content.answers import answer_cell
from openrecp.reports.content.choosing import is_simplified, project_of
from openrecp.reports.content.phrases import (
    bare,
    bullets,
    filled_columns,
    finding,
    known,
    measure_words,
    option_name,
    quantity_words,
    running,
)
from openrecp.texts import Language, Text, text

_ESTABLISHED = (
    "equipment_available",
    "technology_proven",
    "similar_use",
    "successful",
    "material_available",
    "material_similar_use",
    "material_successful",
)
_RESOURCES = (
    "floor_space",
    "space_sufficient",
    "place",
    "electricity",
    "process_water",
    "cooling_water",
    "heat_fluid",
    "steam",
    "fuel",
    "plant_air",
    "inert_gas",
    "utilities_available",
    "extra_labour",
    "training_time",
    "training_requirements",
    "material_storage",
)
_FIELDS = {field.name: field for field in record_fields(TechnicalFeasibility)}


def feasibility_sections(evaluation: Evaluation, language: Language) -> tuple[Section, ...]:
    """An overview, then the five points of section 4.3 and what else was found, for each option studied."""
    studied = tuple(option for option in evaluation.options if _is_studied(evaluation, option))
    if not studied:
        return ()
    if not any(option.technical.record for option in studied):
        return _brief(evaluation, studied, language)
    blocks: list[Block] = [_opening(studied, language), _overview(studied)]
    signed = _sign_offs(studied)
    if signed is not None:
        blocks.append(signed)
    sections = [
        Section(
            text("Technical feasibility: what works here, and what is still open"),
            tuple(blocks),
            key="technical",
        )
    ]
    sections += [
        _option_section(evaluation, option, language, f"technical-{number}")
        for number, option in enumerate(studied, 1)
    ]
    return tuple(sections)


def _brief(
    evaluation: Evaluation, studied: tuple[OptionResult, ...], language: Language
) -> tuple[Section, ...]:
    """Without worksheet 13: one table says what each option takes and how it will be judged."""
    rows: list[tuple[Cell, ...]] = []
    for option in studied:
        project = project_of(evaluation, option)
        rows.append(
            (
                option_name(option),
                _resources(evaluation, option, language),
                _downtime(option.technical.downtime),
                (project.measurement if project else None) or MISSING,
            )
        )
    columns = (
        Column(text("Option"), share=1.8),
        Column(text("Which resources are needed, and how are they obtained?"), share=2.2),
        Column(text("How long does production stop?"), align="left", share=1),
        Column(text("How will the result be judged?"), share=2.2),
    )
    table = filled_columns(
        text("What each option takes, and how it will be judged"), columns, rows, key="takes", keep=4
    )
    return (Section(text("What the options take"), (table,), key="technical"),)


def _is_studied(evaluation: Evaluation, option: OptionResult) -> bool:
    """Whether there is a worksheet 13, or the option goes ahead and must therefore be described."""
    if option.technical.record is not None:
        return True
    if is_simplified(evaluation):
        return option.selected and option.project is not None
    return option.selected and option.fate is not Fate.IMMEDIATE


def _opening(studied: tuple[OptionResult, ...], language: Language) -> Block:
    gaps = [option_name(option) for option in studied if option.technical.gaps]
    return running(
        language,
        text(
            "For each option the report says whether the technique is established, which resources it needs, "
            "how long construction and downtime are, and how its result will be judged."
        ),
        text("Questions are still open for: {options}.", options=gaps)
        if gaps
        else text("No technical question is open."),
        style="lead",
    )


def _overview(studied: tuple[OptionResult, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for option in studied:
        record = option.technical.record
        rows.append(
            (
                option_name(option),
                _answer(option.technical.feasible),
                _yes_no(record, "successful"),
                _yes_no(record, "quality_maintained"),
                _yes_no(record, "safe"),
                _yes_no(record, "new_problems"),
                _downtime(option.technical.downtime),
                len(option.technical.gaps) or None,
            )
        )
    columns = (
        Column(text("Option"), share=2.2),
        Column(text("Technically feasible"), share=0.9),
        Column(text("Used successfully"), share=0.9),
        Column(text("Product quality maintained"), share=0.9),
        Column(text("Meets safety, health and environmental rules"), share=1.2),
        Column(text("Creates new environmental problems"), share=1.1),
        Column(text("Downtime"), align="left", share=0.9),
        Column(text("Open questions"), align="right", share=0.8),
    )
    return filled_columns(
        text("Technical findings at a glance"), columns, rows, key="technical-overview", keep=2
    )


def _answer(value: bool | None) -> Cell:
    return MISSING if value is None else text("yes") if value else text("no")


def _yes_no(record: Record | None, name: str) -> Cell:
    return None if record is None else answer_cell(record, _FIELDS[name])


def _downtime(figure: Figure) -> Cell:
    if figure.value is None:
        return MISSING
    return text("no stop") if not figure.value else measure_words(figure.value, figure.unit)


def _sign_offs(studied: tuple[OptionResult, ...]) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (
            option_name(option),
            signed.department,
            signed.name,
            _answer(signed.agrees),
            signed.signed_on,
            signed.remarks,
        )
        for option in studied
        for signed in option.technical.sign_offs
    ]
    if not rows:
        return None
    columns = (
        Column(text("Option"), share=2.2),
        Column(text("Department"), share=1.2),
        Column(text("Name of the person"), share=1.1),
        Column(text("Agrees"), share=0.7),
        Column(text("Date"), share=1.3),
        Column(text("Remarks"), share=2),
    )
    return filled_columns(
        text("The departments affected have reviewed the options"), columns, rows, key="sign-offs", keep=4
    )


def _option_section(evaluation: Evaluation, option: OptionResult, language: Language, key: str) -> Section:
    rows = [*_required(evaluation, option, language), *_further(option, language)]
    columns = (Column(text("Question"), share=1), Column(text("Finding"), align="left", share=2.6))
    title = text("{option}: what it takes and how it will be judged", option=option_name(option))
    blocks: list[Block] = [Table(title, columns, tuple(rows), key=key)]
    gaps = [finding(issue) for issue in option.technical.gaps]
    if gaps:
        blocks.append(Callout("caution", (bullets(gaps),), text("Still open")))
    return Section(option_name(option), tuple(blocks), level=2)


def _required(evaluation: Evaluation, option: OptionResult, language: Language) -> list[Row]:
    """The five points of section 4.3; marked as missing, except in a simplified assessment."""
    record, project = option.technical.record, project_of(evaluation, option)
    answers: list[tuple[Text, Cell]] = [
        (text("Is the technique established, with successful examples?"), _established(option, language)),
        (
            text("Which resources are needed, and how are they obtained?"),
            _resources(evaluation, option, language),
        ),
        (text("How long does construction take?"), _construction(record, language)),
        (text("How long does production stop?"), _downtime(option.technical.downtime)),
        (
            text("How will the result be judged?"),
            (project.measurement if project else None) or MISSING,
        ),
    ]
    if is_simplified(evaluation):
        answers = [(question, answer) for question, answer in answers if answer is not MISSING]
    return [row(question, answer) for question, answer in answers]


def _facts(record: TechnicalFeasibility | None, names: tuple[str, ...]) -> list[Words]:
    """Filled fields as “label: entry”."""
    if record is None:
        return []
    return [
        text("{label}: {entry}", label=_FIELDS[name].spec.label, entry=cell)
        for name in names
        if (cell := answer_cell(record, _FIELDS[name])) is not None
    ]


def _established(option: OptionResult, language: Language) -> Cell:
    record = option.technical.record
    parts = _facts(record, _ESTABLISHED)
    for note in (record.applications, record.material_application) if record else ():
        if note:
            parts.append(bare(note))
    seen = [vendor.company for vendor in option.technical.vendors if vendor.reference and vendor.company]
    if seen:
        parts.append(text("Can be seen at: {places}", places=seen))
    return _clauses(parts, language)


def _resources(evaluation: Evaluation, option: OptionResult, language: Language) -> Cell:
    technical, project = option.technical, project_of(evaluation, option)
    parts = _facts(technical.record, _RESOURCES)
    if option.economics is not None and known(option.economics.capital) and option.economics.capital.value:
        parts.append(text("Capital: {capital}", capital=option.economics.capital))
    if project is not None and project.finance:
        parts.append(bare(project.finance))
    vendors = [vendor.company for vendor in technical.vendors if vendor.company and not vendor.reference]
    if vendors:
        parts.append(text("Possible vendors: {vendors}", vendors=vendors))
    supplies = [each.item for each in technical.consumables if each.item]
    if supplies:
        parts.append(text("Consumables and spare parts: {supplies}", supplies=supplies))
    return _clauses(parts, language)


def _construction(record: TechnicalFeasibility | None, language: Language) -> Cell:
    if record is None:
        return MISSING
    parts: list[Words] = []
    if record.delivery_time is not None:
        parts.append(text("Delivery {time} after the contract", time=quantity_words(record.delivery_time)))
    if record.installation_time is not None:
        parts.append(text("installation {time}", time=quantity_words(record.installation_time)))
    if record.installation_date is not None:
        parts.append(text("planned for {day}", day=record.installation_date))
    return _clauses(parts, language)


def _clauses(parts: list[Words], language: Language) -> Cell:
    """Short clauses in one cell; a marked gap if there is none."""
    if not parts:
        return MISSING
    values = {f"part{index}": part for index, part in enumerate(parts)}
    return Text(("；" if language == "zh-hant" else "; ").join(f"{{{name}}}" for name in values), values)


def _further(option: OptionResult, language: Language) -> list[Row]:
    """Safety, quality, new environmental problems, trials, and why the team judged as it did."""
    record = option.technical.record
    if record is None:
        return []
    rows = []
    pairs: tuple[tuple[Text, str, str | None], ...] = (
        (text("Product quality maintained"), "quality_maintained", record.quality_effect),
        (text("Meets safety, health and environmental rules"), "safe", record.safety_note),
        (text("Creates new environmental problems"), "new_problems", record.new_problems_note),
        (text("Technically feasible"), "feasible", record.rationale),
    )
    for label, name, note in pairs:
        parts = [part for part in (answer_cell(record, _FIELDS[name]), bare(note) if note else None) if part]
        if parts:
            rows.append(
                row(label, _clauses([part for part in parts if isinstance(part, (str, Text))], language))
            )
    trials = [
        text("{trial}: {result}", trial=trial.trial, result=trial.result or text("no result yet"))
        for trial in option.technical.trials
        if trial.trial
    ]
    if trials:
        rows.append(row(text("Material trials"), _clauses(list(trials), language)))
    return rows

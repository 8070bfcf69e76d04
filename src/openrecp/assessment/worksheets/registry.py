"""The full set of 18 worksheets and the simplified set of 8, in the manual's order.

Titles and purposes follow tables 1.1 and 2.1 of the manual (工業減廢評估, appendices 1 and 2). Table 2.1
swaps the descriptions of its worksheets 7 and 8; here 7 holds costs and payback, 8 the description and plan.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from openrecp.assessment.spec import Block, Layout, Phase, Worksheet
from openrecp.assessment.worksheets import (
    costs,
    funding,
    implementation,
    materials,
    options,
    planning,
    risk,
    site,
    streams,
    terms,
)
from openrecp.assessment.worksheets import technical as t13
from openrecp.texts import text

_COVER = Block("cover", planning.Cover, Layout.FORM, text("About this assessment"))
_SITE = Block("site", site.Site, Layout.FORM, text("Site"))
_PROCESSES = Block("processes", site.Process, Layout.ROWS, text("Processes"), blank=8)
_DOCUMENTS = Block(
    "documents",
    site.ProcessDocument,
    Layout.ROWS,
    text("Documents"),
    note=text("Look for these before the assessment; what is missing becomes work for the team."),
    blank=26,
)
_FLOWS = Block(
    "flows",
    site.MaterialFlow,
    Layout.ROWS,
    text("Other flows for the mass balance"),
    note=text(
        "Inputs, products and waste streams enter the balance from their own worksheets. List here what flows "
        "between processes, evaporates or accumulates."
    ),
    blank=8,
)
_COMPOSITIONS = Block(
    "compositions",
    site.ComponentShare,
    Layout.ROWS,
    text("Components of materials, products and wastes"),
    note=text(
        "Only for balances of components, where one component a stream is not enough. What is listed here holds "
        "beside the component of concern named with the stream."
    ),
    blank=8,
)
_MATERIALS = Block(
    "input_materials", materials.InputMaterial, Layout.COLUMNS, text("Input materials used"), blank=6
)
_PRODUCTS = Block("products", materials.Product, Layout.COLUMNS, text("Products"), blank=4)
_STREAMS = Block("waste_streams", streams.WasteStream, Layout.COLUMNS, text("Waste streams"), blank=6)
_WASTE_COSTS = Block(
    "waste_costs", streams.WasteCost, Layout.ROWS, text("Cost of managing each stream"), blank=24
)
_STREAM_MATRIX = Block(
    "stream_criteria",
    streams.Criterion,
    Layout.MATRIX,
    text("Ranking of the waste streams"),
    note=text(
        "Weight each criterion and rate each stream from 0 (none) to 10 (highest). The budget row is optional."
    ),
    blank=6,
    ratings="stream_ratings",
    subjects="waste_streams",
)
_SESSIONS = Block("sessions", options.Session, Layout.ROWS, text("Meetings"), blank=3)
_OPTIONS = Block("options", options.Option, Layout.ROWS, text("Options proposed"), blank=20)
_DESCRIPTIONS = Block(
    "option_descriptions",
    options.OptionDescription,
    Layout.COLUMNS,
    text("Description of the options"),
    blank=6,
)
_QUESTIONS = Block(
    "option_screenings",
    options.OptionScreening,
    Layout.ROWS,
    text("Seven screening questions"),
    note=text("Answer for every option; an answer left empty counts as not known."),
    blank=20,
)
_OPTION_MATRIX = Block(
    "option_criteria",
    streams.Criterion,
    Layout.MATRIX,
    text("Weighted-sum evaluation"),
    note=text("Weight the criteria that matter here and rate each option from 0 (low) to 10 (high)."),
    blank=6,
    ratings="option_ratings",
    subjects="options",
)
_FEASIBILITY = Block(
    "technical_feasibility", t13.TechnicalFeasibility, Layout.COLUMNS, text("Technical evaluation"), blank=4
)
_CAPITAL = Block("capital_costs", costs.CapitalCost, Layout.ROWS, text("Capital costs"), blank=40)
_OPERATING = Block(
    "operating_changes",
    costs.OperatingChange,
    Layout.ROWS,
    text("Annual operating cost and revenue: what changes"),
    note=text(
        "Compare the plant with the option to the plant as it is. Enter both columns as positive amounts."
    ),
    blank=40,
)
_TERMS = Block("financial_terms", terms.FinancialTerms, Layout.FORM, text("Financial terms"))
_OPTION_TERMS = Block(
    "option_terms", terms.OptionTerms, Layout.ROWS, text("Terms of single options"), blank=6
)
_REPLACEMENTS = Block(
    "replacements", terms.PartReplacement, Layout.ROWS, text("Replacement of parts"), blank=4
)
_AVOIDED = Block(
    "avoided_quantities",
    options.AvoidedQuantity,
    Layout.ROWS,
    text("What the options avoid"),
    note=text(
        "Waste follows from the expected reduction where nothing is entered here. Enter greenhouse gases as you have "
        "counted them; no factors are assumed."
    ),
    blank=8,
)
_FUNDING = Block(
    "option_funding",
    funding.OptionFunding,
    Layout.COLUMNS,
    text("Ways of paying"),
    note=text(
        "A column for each loan, grant or tax credit of an option, and for each offer that stands in place of buying. "
        "Select a cell to see which ways use its line. A grant by milestone has a column for each payment."
    ),
    blank=4,
)
_UNCERTAIN = Block(
    "uncertain_inputs",
    risk.UncertainInput,
    Layout.ROWS,
    text("Uncertain inputs"),
    note=text(
        "For an option without entries here, capital, savings and costs are drawn between worst and best case."
    ),
    blank=6,
)
_EVENTS = Block(
    "avoided_events",
    risk.AvoidedEvent,
    Layout.ROWS,
    text("Avoided fines and shutdowns"),
    note=text("Each is shown as a scenario beside the base case and never counted within it."),
    blank=4,
)
_PROJECTS = Block("projects", implementation.ProjectSummary, Layout.COLUMNS, text("Projects"), blank=4)
_PLAN = Block("plan_tasks", implementation.PlanTask, Layout.ROWS, text("Month plan"), blank=24)

_A, _F, _I = Phase.ASSESSMENT, Phase.FEASIBILITY, Phase.IMPLEMENTATION
_SITE_PURPOSE = text("Background of the facility: place, products and operations.")
_INFORMATION_PURPOSE = text("Checklist of the process information to read before the assessment begins.")
_INPUT_PURPOSE = text(
    "Input materials of a production or process area: supplier, hazard, cost, delivery, shelf life, substitutes."
)
_PRODUCT_PURPOSE = text("Products: hazardous components, production rate, revenue and handling.")

COVER: Final = Worksheet(
    "0",
    text("Cover"),
    text("Who assesses what, for which period, in which currency. How to fill in this workbook."),
    Phase.PLANNING,
    (_COVER,),
)

FULL: Final[tuple[Worksheet, ...]] = (
    Worksheet(
        "1",
        text("Programme organisation"),
        text("Key members of the programme and the assessment teams, and the departments involved."),
        Phase.PLANNING,
        (
            Block("goals", planning.ProgrammeGoals, Layout.FORM, text("Policy and goals")),
            Block("roles", planning.ProgrammeRole, Layout.ROWS, text("Functions"), blank=8),
        ),
    ),
    Worksheet(
        "2",
        text("Assessment team"),
        text("Members of the assessment team and their duties; departments to consider when choosing them."),
        Phase.PLANNING,
        (Block("team", planning.TeamMember, Layout.ROWS, text("Team members"), blank=16),),
    ),
    Worksheet("3", text("Site description"), _SITE_PURPOSE, _A, (_SITE,)),
    Worksheet(
        "4",
        text("Personnel"),
        text("The people who work in the area to be assessed."),
        _A,
        (Block("personnel", site.Personnel, Layout.COLUMNS, text("Personnel"), blank=3),),
    ),
    Worksheet(
        "5",
        text("Process information"),
        _INFORMATION_PURPOSE,
        _A,
        (_PROCESSES, _DOCUMENTS, _FLOWS, _COMPOSITIONS),
    ),
    Worksheet("6", text("Input materials summary"), _INPUT_PURPOSE, _A, (_MATERIALS,)),
    Worksheet("7", text("Products summary"), _PRODUCT_PURPOSE, _A, (_PRODUCTS,)),
    Worksheet(
        "8",
        text("Waste stream characterization"),
        text("Source, hazard, generation, disposal cost and management of each waste stream."),
        _A,
        (_STREAMS, _WASTE_COSTS),
    ),
    Worksheet(
        "9",
        text("Waste stream summary"),
        text("All waste streams side by side, and the order in which to assess them."),
        _A,
        (_STREAM_MATRIX,),
        derived="stream-summary",
    ),
    Worksheet(
        "10",
        text("Option generation"),
        text("Options proposed in brainstorming or group discussion, with the reason for each."),
        _A,
        (_SESSIONS, _OPTIONS),
    ),
    Worksheet(
        "11",
        text("Option description"),
        text("What each option is, what it affects, and whether it is approved for study."),
        _A,
        (_DESCRIPTIONS, _AVOIDED),
    ),
    Worksheet(
        "12",
        text("Option evaluation"),
        text("Screening of the options by seven questions and by the weighted-sum method."),
        _A,
        (_QUESTIONS, _OPTION_MATRIX),
    ),
    Worksheet(
        "13",
        text("Technical feasibility"),
        text("Detailed checklist for equipment, personnel or procedure, and material options."),
        _F,
        (
            _FEASIBILITY,
            Block("vendors", t13.Vendor, Layout.ROWS, text("Vendors and reference users"), blank=8),
            Block("consumables", t13.Consumable, Layout.ROWS, text("Consumables and spare parts"), blank=8),
            Block("trials", t13.MaterialTrial, Layout.ROWS, text("Material trials"), blank=4),
            Block(
                "sign_offs", t13.SignOff, Layout.ROWS, text("Review by the departments affected"), blank=12
            ),
        ),
    ),
    Worksheet(
        "14",
        text("Cost information"),
        text("Capital and operating costs of each option, item by item, for the economic evaluation."),
        _F,
        (_CAPITAL, _OPERATING, _REPLACEMENTS),
    ),
    Worksheet(
        "15",
        text("Payback"),
        text("Payback of each option from its capital and operating costs; calculated, nothing to fill in."),
        _F,
        (),
        derived="payback",
    ),
    Worksheet(
        "16",
        text("Cash flow for NPV and IRR"),
        text("Terms for the after-tax cash flow; the report shows the cash flow line by line."),
        _F,
        (_TERMS, _OPTION_TERMS, _FUNDING, _UNCERTAIN, _EVENTS),
    ),
    Worksheet(
        "17",
        text("Project summary"),
        text("Tasks, persons responsible, budget and schedule of the options to be carried out."),
        _F,
        (_PROJECTS, _PLAN),
        derived="month-plan",
    ),
    Worksheet(
        "18",
        text("Option performance"),
        text("Material balance data that show what an option achieved, planned against actual."),
        _I,
        (
            Block("performance", implementation.OptionPerformance, Layout.COLUMNS, text("Periods"), blank=3),
            Block(
                "performance_lines",
                implementation.PerformanceLine,
                Layout.ROWS,
                text("Inputs and wastes"),
                blank=12,
            ),
        ),
    ),
)

SIMPLIFIED: Final[tuple[Worksheet, ...]] = (
    Worksheet("S1", text("Site description"), _SITE_PURPOSE, _A, (_SITE,), full=("3",)),
    Worksheet(
        "S2", text("Process information"), _INFORMATION_PURPOSE, _A, (_PROCESSES, _DOCUMENTS), full=("5",)
    ),
    Worksheet("S3", text("Input materials summary"), _INPUT_PURPOSE, _A, (_MATERIALS,), full=("6",)),
    Worksheet("S4", text("Products summary"), _PRODUCT_PURPOSE, _A, (_PRODUCTS,), full=("7",)),
    Worksheet(
        "S5",
        text("Waste stream summary"),
        text("All waste streams side by side, and the order in which to assess them."),
        _A,
        (_STREAMS, _STREAM_MATRIX),
        full=("8", "9"),
    ),
    Worksheet(
        "S6",
        text("Option generation"),
        text("Options proposed in brainstorming or group discussion, with the reason for each."),
        _A,
        (_SESSIONS, _OPTIONS),
        full=("10",),
    ),
    Worksheet(
        "S7",
        text("Profitability"),
        text("Capital and operating costs of the options, and their payback."),
        _F,
        (_CAPITAL, _OPERATING, _TERMS),
        full=("14", "15", "16"),
        derived="payback",
    ),
    Worksheet(
        "S8",
        text("Option description"),
        text("What each option is, and the tasks, schedule and approval of those to be carried out."),
        _F,
        (_DESCRIPTIONS, _PROJECTS, _PLAN),
        full=("11", "17"),
        derived="month-plan",
    ),
)


@cache
def blocks_by_collection() -> dict[str, Block]:
    """Every collection of the document and the block of the full set that holds it."""
    return {block.collection: block for sheet in (COVER, *FULL) for block in sheet.blocks}


@cache
def worksheet_of(collection: str) -> Worksheet:
    """The full worksheet that holds a collection, ratings included."""
    return next(
        sheet
        for sheet in (COVER, *FULL)
        for block in sheet.blocks
        if collection in (block.collection, block.ratings)
    )

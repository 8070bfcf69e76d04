"""Appendix: how it was calculated — procedure, conventions, versions, sources."""

from __future__ import annotations

from openrecp.assessment.evaluation.results import Evaluation
from openrecp.economics.conventions import Mode
from openrecp.reports.blocks import Block, Column, Section, Table, row
from openrecp.reports.content.choosing import is_simplified
from openrecp.reports.content.phrases import bullets
from openrecp.texts import Text, text


def method_section(evaluation: Evaluation) -> Section:
    """What a reader needs to check or repeat the calculations."""
    rules = [*_amounts(), *(_ranking() if evaluation.stream_ranking.standings else ()), *_money(evaluation)]
    if evaluation.closures:
        rules.append(
            text(
                "A balance adds what enters a process and takes away what leaves it and what stays inside, all on "
                "one basis; what cannot be put on that basis is named and leaves the balance open."
            )
        )
    if evaluation.balance.losses:
        rules.append(_meters())
    if evaluation.balance.costs is not None:
        rules.append(
            text(
                "What waste and losses really cost is found by material flow cost accounting after ISO 14051:2011."
            )
        )
    blocks: list[Block] = [bullets(rules), _versions(evaluation), _sources()]
    return Section(text("How it was calculated"), tuple(blocks), key="method", new_page=True)


def _meters() -> Text:
    return text(
        "Where somebody said how sure the amounts are, a gap counts as a loss only if it is beyond the error of the meters "
        "with 95 % confidence. Amounts are then reconciled by least squares weighted with their errors, and the tests of the "
        "meters hold the chance of any false alarm at 5 %."
    )


def _amounts() -> list[Text]:
    return [
        text(
            "Amounts are kept as entered and converted exactly; a month is a twelfth of a year, a year has 365 days."
        ),
        text(
            "The cost of a waste stream is what its management costs plus what was paid for the material lost in it. "
            "Costs that were not given are not guessed; sums count what is known."
        ),
    ]


def _ranking() -> list[Text]:
    return [
        text(
            "Rankings are sums of weight times rating, both from 0 to 10, in exact numbers. What is not rated on a "
            "weighted criterion is not ranked."
        )
    ]


def _money(evaluation: Evaluation) -> list[Text]:
    if not any(option.economics for option in evaluation.options):
        return []
    rules = [
        text(
            "Payback is total capital divided by the net saving of one year, before tax and without interest."
        ),
        text(
            "Net present value and internal rate of return come from the owner's yearly cash flow after tax, with every "
            "amount counted at the end of its year."
        ),
    ]
    if evaluation.mode is Mode.EPA_1988:
        rules.append(
            text(
                "The conventions are those of appendix 8 of the manual: every line is rounded to whole money, working "
                "capital does not come back, salvage is not taxed, the year of construction is not discounted, and "
                "depreciation changes to the straight line over the original cost."
            )
        )
    else:
        rules.append(
            text(
                "The conventions are the textbook's: nothing is rounded on the way, working capital comes back at the "
                "end, the gain of salvage over book value is taxed, and the year of construction is discounted."
            )
        )
    return rules


def _versions(evaluation: Evaluation) -> Table:
    versions = evaluation.versions
    rows = (
        row(text("Program"), Text("OpenRECP {version}", {"version": versions.library})),
        row(text("Version of the assessment document"), str(versions.document)),
        row(text("Version of the evaluation"), str(versions.evaluation)),
        row(text("Worksheets"), text("simplified set") if is_simplified(evaluation) else text("full set")),
        row(text("Conventions of the cash flow"), evaluation.mode.label),
    )
    columns = (Column(text("Item"), share=1), Column(text("Entry"), align="left", share=2.4))
    return Table(text("What produced this report"), columns, rows, key="versions")


def _sources() -> Table:
    rows = [
        row(
            text("Procedure, worksheets, screening, economics"),
            text("工業減廢評估, Industrial Development Bureau, Ministry of Economic Affairs, 1993"),
        ),
        row(
            text("Original of that manual"),
            "Waste Minimization Opportunity Assessment Manual, EPA/625/7-88/003, 1988",
        ),
    ]
    columns = (Column(text("Used for"), share=1), Column(text("Source"), share=2.4))
    return Table(text("Sources"), columns, tuple(rows), key="sources")

"""Ways of procuring in a case, the example that shows every key, and numbers that a comma cuts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from openrecp.assessment.case_file import parse_case, read_case
from openrecp.assessment.case_model import Case
from openrecp.assessment.strict_yaml import read_tree
from openrecp.economics import evaluate_project, evaluate_scenarios, judge_project
from openrecp.economics.procurement import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    compare_ways,
)
from openrecp.economics.uncertainty import monte_carlo
from openrecp.errors import UnusableInput, Where
from openrecp.texts import render

EXAMPLE = Path(str(files("openrecp.assessment") / "examples" / "economics-ways-of-paying.yaml"))

PLAIN = """\
name: Rinse
currency: TWD
life: 10
discount_rate: 8 %
tax_rate: 20 %
capital: {equipment: 900000, permitting: 50000, other: [{name: 儲槽, amount: 100000}]}
operating: {items: [{name: Water, class: utilities, amount: 200000}]}
depreciation: {method: straight-line, life: 8}
"""


def issues_of(words: str) -> list[tuple[str, int | None]]:
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    for issue in caught.value.issues:
        assert issue.where.file == "case.yaml"
        for language in ("en", "zh-hant"):
            assert "{key}" not in render(issue, language)
    return [(issue.code, issue.where.line) for issue in caught.value.issues]


def test_every_way_is_read_with_its_terms_and_line() -> None:
    ways = parse_case(
        PLAIN
        + """\
ways:
  - purchase:
  - instalments: {name: 供應商分期, years: 3, down_payment: 200000, yearly_payment: 320000, client_buys: [permitting]}
  - lease: {yearly_payment: 150000, years: 8, in_advance: yes, rise: 2 %, deposit: 50000, purchase_price: 0,
            maintenance_included: 9000, parts_included: yes, client_buys: [儲槽]}
  - performance_contract: {guaranteed_saving: 180000, yearly_fee: 12000, years: 5, shortfall_share: 90 %,
                           excess_share: 50 %, items: [Water], rise: 1 %, maintenance_included: 3000}
  - shared_savings: {client_share: 30 %, years: 7, buyout_price: , items: [Water], parts_included: no}
  - shared_savings: {client_share: [20 %, 0.4], years: 2}
""",
        "case.yaml",
    ).ways
    lines = [way.source.line for way in ways if isinstance(way.source, Where)]
    assert lines == [10, 11, 12, 14, 16, 17]
    purchase, bought, leased, guaranteed, shared, by_year = ways
    assert purchase == Purchase(source=purchase.source)
    assert bought == Instalments(
        3, 0.0, 200_000.0, 320_000.0, client_buys=("Permitting",), name="供應商分期", source=bought.source
    )
    assert leased == Lease(
        150_000.0, 8, True, 0.02, 50_000.0, 0.0, 9_000.0, True, ("儲槽",), source=leased.source
    )
    assert guaranteed == PerformanceContract(
        180_000.0, 12_000.0, 5, 0.9, 0.5, ("Water",), 0.01, 3_000.0, source=guaranteed.source
    )
    assert shared == SharedSavings((0.3,), 7, None, ("Water",), parts_included=False, source=shared.source)
    assert by_year == SharedSavings((0.2, 0.4), 2, source=by_year.source)
    assert render(leased.name, "zh-hant") == "租賃"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("- lease: {years: 3}", ["key-missing"]),
        ("- lease: {yearly_payment: 5, years: 3, gift: 2}", ["key-unknown"]),
        ("- lease: {yearly_payment: 5, years: 12}", ["contract-longer"]),
        ("- lease: {yearly_payment: 5, years: 3, client_buys: [Boiler]}", ["unknown-capital-item"]),
        ("- lease: {yearly_payment: 5, years: 3, client_buys: [engineering]}", ["unknown-capital-item"]),
        ("- lease:", ["way-without-terms"]),
        ("- {purchase: , lease: {yearly_payment: 5, years: 3}}", ["one-way"]),
        ("- {}", ["one-way"]),
        ("- rent: {years: 3}", ["key-unknown"]),
        ("- instalments: {years: 3}", ["payment-or-interest"]),
        ("- instalments: {years: 3, interest_rate: 5}", ["rate-ambiguous"]),
        ("- instalments: {years: 3, yearly_payment: 9}", ["instalments-below-price"]),
        (
            "- instalments: {years: 3, interest_rate: 5 %, down_share: 5 %, down_payment: 5}",
            ["down-payment-twice"],
        ),
        ("- shared_savings: {client_share: [30 %, 40 %], years: 3}", ["client-shares"]),
        ("- shared_savings: {client_share: 130 %, years: 3}", ["share-out-of-range"]),
        ("- shared_savings: {client_share: {a: 1}, years: 3}", ["value-expected"]),
        (
            "- performance_contract: {guaranteed_saving: 5, yearly_fee: 1, years: 3, items: [Gas]}",
            ["unknown-item"],
        ),
    ],
)
def test_mistakes_in_a_way(written: str, codes: list[str]) -> None:
    assert issues_of(PLAIN + f"ways:\n  {written}\n") == [(code, 10) for code in codes]


def test_a_comma_that_cuts_a_number_is_named_once_a_line() -> None:
    words = PLAIN.replace("900000", "900,000").replace("amount: 100000", "amount: 1,100,000")
    assert issues_of(words) == [("comma-in-braces", 6)]
    words = PLAIN + "tables: [{rows: Water, columns: capital, row_values: [180,000, 220,000]}]\n"
    assert issues_of(words) == [("number-cut", 9)] * 2
    quoted = PLAIN.replace("900000", "'900,000'")
    assert parse_case(quoted, "case.yaml").project.fixed_capital == 1_050_000.0


def test_the_example_shows_every_key_of_a_case() -> None:
    tree = read_tree(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name)
    assert set(tree.data) == set(Case.model_fields) - {"loss_years"}
    assert {key for way in tree.data["ways"] for key in way} == {
        "purchase",
        "instalments",
        "lease",
        "performance_contract",
        "shared_savings",
    }


def test_the_example_tells_the_ways_apart() -> None:
    case = read_case(EXAMPLE)
    found = evaluate_project(case.project)
    # Too long to pay back for the owner, but it lowers a risk.
    assert judge_project(found, case.criteria).verdict.value == "accepted-for-risk"
    bought, instalments, leased, guaranteed, shared = compare_ways(case.project, case.ways)
    own = [float(way.own_money.value or 0) for way in (bought, instalments, leased, shared)]
    assert own == sorted(own, reverse=True)
    assert own[-1] == 50_000  # the working capital is the plant's in any case
    # What the supplier's interest costs lies below the owner's 9 %, what shared savings cost above it.
    costs = [float(way.money_cost.value or 0) for way in (bought, instalments, leased, shared)]
    assert costs == sorted(costs)
    assert costs[2] < 9.0 < costs[3]
    # The guarantee costs something, and is worth it when savings fall short.
    assert float(guaranteed.npv_difference.value or 0) < 0
    assert float(guaranteed.shortfall.npv.value or 0) > float(bought.shortfall.npv.value or 0)
    borne = [round(float(way.shortfall.borne_by_other.value or 0)) for way in (bought, instalments, leased)]
    assert borne == [0, 0, 0]


def test_the_example_can_be_drawn_and_changed() -> None:
    case = read_case(EXAMPLE)
    assert [
        str(result.scenario.name) for result in evaluate_scenarios(case.project, case.named_scenarios)
    ] == [
        "Dear solvent · 溶劑漲價",
        "Late permit and short life · 許可延宕、年限縮短",
        "Emissions are fined · 排放違規受罰",
    ]
    assert case.monte_carlo is not None
    found = monte_carlo(
        case.project, case.monte_carlo.inputs, case.monte_carlo.correlations, 2_000, case.monte_carlo.seed
    )
    assert 0.7 < found.probability_of_gain.value < 0.99

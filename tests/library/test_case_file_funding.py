"""What a case says about paying for the project: loans, grants, credits, depreciation, prices, and their mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.assessment.case_file import parse_case
from openrecp.economics import (
    Depreciation,
    DepreciationMethod,
    Grace,
    Losses,
    Milestone,
    OperatingItem,
    PriceBasis,
    Prices,
    Repayment,
    evaluate_project,
)
from openrecp.errors import UnusableInput, Where
from openrecp.texts import render

PLAIN = """\
name: Heat pump
currency: TWD
life: 10
discount_rate: 8 %
tax_rate: 20 %
capital: {equipment: 900000, installation: 100000}
operating: {items: [{name: Steam, class: utilities, amount: 240000}]}
depreciation: {method: straight-line, life: 8}
"""


def issues_of(words: str) -> list[tuple[str, int | None]]:
    """Codes and lines of what is wrong with a case."""
    with pytest.raises(UnusableInput) as caught:
        parse_case(words, "case.yaml")
    for issue in caught.value.issues:
        assert issue.where.file == "case.yaml"
        for language in ("en", "zh-hant"):
            assert "{" not in render(issue, language)
    return [(issue.code, issue.where.line) for issue in caught.value.issues]


def test_every_way_of_paying_reaches_the_project() -> None:
    project = parse_case(
        PLAIN.replace("depreciation: {method: straight-line, life: 8}", "depreciation: {method: two-year}")
        + """\
construction_years: 2
spending: [60 %, 40 %]
prices: {basis: real, inflation: 2 %, year: 2026}
losses: carried-forward
loss_years: 5
other_tax: 30,000
financing:
  interest_depreciable: yes
  loans:
    - {name: 低利貸款, loan_share: 50 %, limit: 400000, interest_rate: 1.5 %, loan_years: 7, repayment: annuity,
       grace_years: 2, grace: nothing, market_rate: 3 %}
    - {amount: 100000, interest_rate: 4 %, loan_years: 3, repayment: at-end}
grants:
  - {name: Demonstration, share: 20 %, limit: 150000, taxable: yes, milestones: [{year: 0, share: 40 %}, {year: 1, share: 0.6}]}
  - {amount: 20000, lowers_depreciation: yes}
tax_credits:
  - {rate: 5 %, base: 800000, threshold: 600000, year: 2, carry_forward_years: 3, limit_share: 30 %}
replacements:
  - {name: Compressor, amount: 80000, year: 5, every: 4, escalation: 1 %, depreciation: {method: sum-of-years, life: 3}}
  - {amount: 5000, year: 2}
avoided:
  - {name: CO2e, unit: t, yearly: 85}
  - {name: Electricity, unit: 千瓦小時, yearly: -12000}
""",
        "case.yaml",
    ).project
    first, second = project.financing.loans
    assert (first.name, first.share, first.limit, first.market_rate) == ("低利貸款", 0.5, 400_000.0, 0.03)
    assert (first.repayment, first.grace_years, first.grace) == (Repayment.ANNUITY, 2, Grace.NOTHING)
    assert (second.amount, second.share, second.repayment) == (100_000.0, 0.0, Repayment.AT_END)
    assert isinstance(second.source, Where)
    assert second.source.line == 20
    assert project.financing.interest_depreciable
    assert project.grants[0].milestones == (Milestone(0, 0.4), Milestone(1, 0.6))
    assert (project.grants[0].share, project.grants[0].limit, project.grants[0].taxable) == (
        0.2,
        150_000.0,
        True,
    )
    assert project.grants[1].milestones == (Milestone(0, 1.0),)
    assert (project.grants[1].amount, project.grants[1].lowers_depreciation) == (20_000.0, True)
    (credit,) = project.tax_credits
    assert (credit.rate, credit.base, credit.threshold, credit.year) == (0.05, 800_000.0, 600_000.0, 2)
    assert (credit.carry_forward_years, credit.limit_share) == (3, 0.3)
    compressor, belt = project.replacements
    assert (compressor.amount, compressor.year, compressor.every, compressor.escalation) == (
        80_000.0,
        5,
        4,
        0.01,
    )
    assert compressor.depreciation == Depreciation(DepreciationMethod.SUM_OF_YEARS, 3)
    assert belt.depreciation is None
    assert [(each.name, each.unit, each.yearly) for each in project.avoided] == [
        ("CO2e", "t", 85.0),
        ("Electricity", "kWh", -12_000.0),
    ]
    assert project.prices == Prices(PriceBasis.REAL, 0.02, 2026)
    assert (project.losses, project.loss_years, project.other_tax) == (Losses.CARRIED_FORWARD, 5, 30_000.0)
    assert (project.construction_years, project.spending) == (2, (0.6, 0.4))
    assert evaluate_project(project).npv.value is not None


def test_items_of_some_years_and_parts_written_off_on_their_own() -> None:
    project = parse_case(
        """\
name: x
currency: TWD
life: 6
discount_rate: 8 %
tax_rate: 20 %
capital:
  other:
    - {name: Boiler, amount: 1000, residual: 50, depreciation: {method: table, shares: [50 %, 30 %, 20 %]}}
    - {name: Land, amount: 500, depreciable: no}
operating:
  items:
    - {name: Training, class: labour, amount: -100, last_year: 1}
    - {name: Steam, class: utilities, amount: 400, first_year: 2, last_year: 6}
""",
        "case.yaml",
    ).project
    boiler, land = project.capital
    assert (boiler.residual, land.depreciation) == (50.0, None)
    assert boiler.depreciation == Depreciation(DepreciationMethod.TABLE, shares=(0.5, 0.3, 0.2))
    training, steam = project.operating
    assert isinstance(training, OperatingItem)
    assert isinstance(steam, OperatingItem)
    assert (training.first_year, training.last_year) == (1, 1)
    assert (steam.first_year, steam.last_year) == (2, 6)


@pytest.mark.parametrize(
    ("added", "code"),
    [
        ("financing: {interest_rate: 3 %}", "size-missing"),
        ("financing: {loan_share: 40 %, amount: 5, interest_rate: 3 %, loan_years: 3}", "size-twice"),
        ("financing: {amount: 5, limit: 5, interest_rate: 3 %, loan_years: 3}", "limit-of-amount"),
        ("financing: {loan_share: 40 %, loan_years: 5, repayment: monthly}", "choice-unknown"),
        (
            "financing: {loan_share: 40 %, interest_rate: 2 %, loan_years: 5, grace_years: 5}",
            "grace-too-long",
        ),
        ("financing: {loan_share: 40 %, loan_years: 5}", "key-missing"),
        ("financing: {loan_share: 40 %, interest_rate: 0}", "key-missing"),
        ("financing: {amount: 1000000000, interest_rate: 0, loan_years: 5}", "loans-exceed-capital"),
        ("financing: {loan_share: 40 %, loan_years: 5, grace_years: -1}", "number-too-small"),
        (
            "financing: {loan_share: 40 %, loan_years: 5, loans: [{amount: 3, interest_rate: 0, loan_years: 2}]}",
            "loan-beside-loans",
        ),
        ("financing: {loans: [{name: A}]}", "size-missing"),
        ("financing: {loans: [{amount: 3, loan_years: 2, loan_shares: 3 %}]}", "key-unknown"),
        (
            "financing:\n  loans:\n    - {amount: 600000, interest_rate: 0, loan_years: 2}\n    - {loan_share: 50 %, interest_rate: 0, loan_years: 2}",
            "loans-exceed-capital",
        ),
        ("grants: {amount: 5}", "list-expected"),
        ("grants: [{name: A}]", "size-missing"),
        ("grants: [{amount: 5, milestones: [{year: 1, share: 40 %}]}]", "milestone-shares"),
        ("grants: [{amount: 5, milestones: [{year: 30, share: 1}]}]", "year-outside"),
        ("grants: [{amount: 5, milestones: [{year: 1}]}]", "key-missing"),
        ("tax_credits: [{base: 5}]", "key-missing"),
        ("tax_credits: [{rate: 5}]", "rate-ambiguous"),
        ("tax_credits: [{rate: 5 %, year: 0.5}]", "number-not-whole"),
        ("replacements: [{amount: 5, year: 10}]", "replacement-year"),
        ("avoided: [{name: Water, unit: CMD, yearly: 5}]", "unit-per-time"),
        ("avoided: [{name: Water, unit: wattle, yearly: 5}]", "unit-unknown"),
        ("loss_years: 3", "loss-years-unused"),
        ("losses: never", "choice-unknown"),
        ("spending: [60 %, 40 %]", "spending-years"),
        ("construction_years: 2\nspending: [60 %, 50 %]", "spending-shares"),
        ("construction_years: 11", "construction-time"),
        ("prices: {basis: real, inflation: 2}", "rate-ambiguous"),
        ("prices: {year: 115}", "calendar-year"),
    ],
)
def test_one_mistake_one_finding_at_its_line(added: str, code: str) -> None:
    found = issues_of(PLAIN + added + "\n")
    assert [each for each, _ in found] == [code]
    assert (found[0][1] or 0) > PLAIN.count("\n")


@pytest.mark.parametrize(
    "typed",
    [
        ("discount_rate: 8 %", "discount_rate: -100 %"),
        ("amount: 240000", "amount: 240000, escalation: -100 %"),
    ],
)
def test_a_rate_that_no_money_has_is_said_in_percent(typed: tuple[str, str]) -> None:
    with pytest.raises(UnusableInput) as caught:
        parse_case(PLAIN.replace(*typed), "case.yaml")
    (issue,) = caught.value.issues
    assert render(issue, "en").endswith(
        "A rate of -100 % a year is not possible here; enter -99 % to 1,000 %."
    ), render(issue, "en")


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("{method: two-year, life: 2}", ["depreciation-key-unused"]),
        ("{method: table, life: 2, shares: [1]}", ["depreciation-key-unused"]),
        ("{method: table}", ["depreciation-shares"]),
        ("{method: table, shares: [20 %, 32 %]}", ["depreciation-shares"]),
        ("{method: sum-of-years}", ["key-missing"]),
        ("{method: straight-line, shares: [1]}", ["depreciation-key-unused", "key-missing"]),
    ],
)
def test_depreciation_has_the_keys_of_its_method(written: str, codes: list[str]) -> None:
    words = PLAIN.replace("{method: straight-line, life: 8}", written)
    assert sorted(code for code, _ in issues_of(words)) == codes


def test_mistakes_of_every_group_come_in_one_list() -> None:
    words = PLAIN.replace("discount_rate: 8 %", "discount_rate: 8") + (
        "financing: {loan_share: 40 %, loan_years: 3, grace_years: 4, interest_rate: 2 %}\n"
        "grants: [{amount: 5, milestones: [{year: 1, share: 40 %}]}]\n"
        "replacements: [{amount: 5, year: 12}]\n"
        "tornado: {ranges: [{input: Stem, low: 1, high: 2}]}\n"
        "spending: [1]\n"
    )
    assert issues_of(words) == [
        ("rate-ambiguous", 4),
        ("grace-too-long", 9),
        ("milestone-shares", 10),
        ("replacement-year", 11),
        ("unknown-sensitivity-input", 12),
        ("spending-years", 13),
    ]


def test_what_hangs_on_a_mistake_is_not_reported_beside_it() -> None:
    """A grant in year 9 is no mistake because the life cannot be read."""
    words = PLAIN.replace("life: 10", "life: ten") + (
        "grants: [{amount: 5, milestones: [{year: 9, share: 1}]}]\nreplacements: [{amount: 5, year: 9}]\n"
    )
    assert issues_of(words) == [("number-unreadable", 3)]
    words = PLAIN + "financing: {amount: 3, interest_rate: 1 %, loan_years: 2}\ncapital:\n"
    assert [code for code, _ in issues_of(words.replace("capital:", "capitals:", 1))] == [
        "key-unknown",
        "group-expected",
    ]
    words = PLAIN.replace("straight-line", "straight") + "construction_years: 2x\nspending: [60 %, 40 %]\n"
    assert [code for code, _ in issues_of(words)] == ["choice-unknown", "number-with-unit"]
    words = PLAIN.replace("tax_rate: 20 %", "tax: 20 %\ntax_rate:") + "salvage: 5 %\n"
    assert "no-depreciation" not in [code for code, _ in issues_of(words)]


def test_the_short_form_knows_no_new_keys_and_the_long_form_keeps_the_old() -> None:
    old = PLAIN + "financing: {loan_share: 0, interest_rate: 5 %, loan_years: 3}\n"
    assert parse_case(old, "case.yaml").project.financing.loans == ()
    assert parse_case(PLAIN, "case.yaml").monte_carlo is None


PIECES: list[Any] = [
    "financing: {loans: [{amount: 3, interest_rate: 1 %, loan_years: 2}]}",
    "grants: [{share: 10 %, limit: 3000}]",
    "tax_credits: [{rate: 5 %}]",
    "replacements: [{amount: 5, year: 3, every: 2}]",
    "avoided: [{name: CO2e, unit: t, yearly: 5}]",
    "prices: {basis: real, inflation: 2 %}",
    "construction_years: 2\nspending: [60 %, 40 %]",
    "losses: carried-forward",
    "choice: {key: A, excludes: [B], loads: [{load: steam, fraction: 20 %, items: [Steam]}]}",
    "monte_carlo: {inputs: [{input: Steam, distribution: uniform, low: 1, high: 2}]}",
    "criteria: {risk: {reason: less chlorine}}",
    "ways:\n  - lease: {yearly_payment: 90000, years: 8, client_buys: [installation]}\n  - instalments: {years: 3, interest_rate: 5 %}",
    "scenarios: {named: [{name: A, changes: [{input: Steam, change: 5 %}], events: [{name: B, kind: fine, amount: 1, probability: 5 %}]}]}",
    "tables: [{rows: Steam, columns: life, column_values: [8, 9]}]",
]


@given(st.data())
def test_damaged_cases_end_in_findings(data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.sampled_from(PIECES), unique=True))
    words = PLAIN + "\n".join(pieces) + "\n"
    evaluate_project(parse_case(words, "case.yaml").project)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(words)))
        end = data.draw(st.integers(start, min(start + 8, len(words))))
        words = words[:start] + data.draw(st.text(alphabet="[]{}:,-% \n05x", max_size=4)) + words[end:]
    try:
        case = parse_case(words, "case.yaml")
    except UnusableInput as error:
        for issue in error.issues:
            assert render(issue, "zh-hant")
    else:
        evaluate_project(case.project)

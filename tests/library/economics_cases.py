"""Economics cases as files, for the tests of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FUNDED: Final = """
name: Heat recovery
currency: TWD
life: 8
construction_years: 1
discount_rate: 10 %
tax_rate: 20 %
prices: {inflation: 2 %, year: 2026}
escalation: 2 %
capital:
  equipment: 3,200,000
  installation: 800,000
operating:
  items:
    - {name: Steam saved, class: utilities, amount: 1050000, escalation: 3 %}
    - {name: Spare parts, class: supplies, amount: -120000}
avoided:
  - {name: CO2e, unit: t, yearly: 180}
financing:
  name: Green loan
  loan_share: 50 %
  interest_rate: 2 %
  market_rate: 4.5 %
  loan_years: 5
  grace_years: 1
  repayment: annuity
grants:
  - {name: Energy grant, share: 20 %, limit: 600000, taxable: yes}
tax_credits:
  - {name: Investment tax credit, rate: 5 %}
depreciation: {method: straight-line, life: 8}
scenarios:
  named:
    - name: Fine avoided
      events:
        - {name: Emission limit exceeded, kind: fine, amount: 300000, probability: 10 %}
monte_carlo:
  seed: 7
  inputs:
    - {input: Steam saved, distribution: triangular, low: 500000, mode: 1050000, high: 1200000}
    - {input: capital, distribution: pert, low: 3600000, mode: 4000000, high: 5600000}
    - {input: escalation, distribution: normal, mean: 2 %, sd: 1 %}
  correlations:
    - {between: [Steam saved, capital], rank: 0.3}
criteria:
  maximum_payback: 4
  risk: {reason: the old boiler is relieved}
choice: {key: heat}
"""
"""A case with loan, grant, tax credit, inflation, uncertain inputs, a fine avoided and eased limits."""

WASHING: Final = """
name: Counter-current washing
currency: TWD
life: 8
discount_rate: 10 %
tax_rate: 20 %
capital: {equipment: 1150000}
operating:
  items:
    - {name: Water saved, class: utilities, amount: 370000}
avoided:
  - {name: CO2e, unit: t, yearly: 9}
depreciation: {method: straight-line, life: 8}
choice: {key: washing, excludes: [osmosis]}
"""

OSMOSIS: Final = """
name: Reverse osmosis
currency: TWD
life: 8
discount_rate: 10 %
tax_rate: 20 %
capital: {equipment: 2500000}
operating:
  items:
    - {name: Water saved, class: utilities, amount: 700000}
avoided:
  - {name: CO2e, unit: t, yearly: 4}
depreciation: {method: straight-line, life: 8}
choice: {key: osmosis}
"""

LAMPS: Final = """
name: LED lamps
currency: TWD
life: 8
discount_rate: 10 %
tax_rate: 20 %
capital: {equipment: 320000}
operating:
  items:
    - {name: Power saved, class: utilities, amount: 140000}
avoided:
  - {name: CO2e, unit: t, yearly: 22}
depreciation: {method: straight-line, life: 5}
choice: {key: lamps}
"""


def case_file(folder: Path, name: str, words: str) -> str:
    """A case written to a folder; its path."""
    path = folder / f"{name}.yaml"
    path.write_text(words.lstrip(), encoding="utf-8")
    return str(path)

"""Send one large invented plant through the whole main job and check that nothing is lost on the way.

    python tools/load.py STREAMS OPTIONS

Document to workbook to document, evaluated, reported in every format; fails on a difference, on a finding of the
reader, or on more than MEGABYTES of memory. Prints how long each part took.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openrecp.assessment.document import Assessment, assessment_from_data
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.writer import write_workbook
from openrecp.reports.content import build_report
from openrecp.reports.writers import WRITERS

MEGABYTES = 1_500
CRITERIA = {"compliance": "8", "cost": "10", "quantity": "6.5"}
OPTION_CRITERIA = {"reduce-waste": "9", "low-capital": "7"}
HIERARCHY = (
    "practice",
    "technology",
    "input",
    "product",
    "recycling-on-site",
    "recycling-off-site",
    "treatment",
)


def ratings(criteria: dict[str, str], subjects: list[str]) -> list[dict[str, Any]]:
    return [
        {"criterion": name, "subject": subject, "rating": str((row * 3 + column * 5) % 11)}
        for row, name in enumerate(criteria)
        for column, subject in enumerate(subjects)
    ]


def large_plant(streams: int, options: int) -> Assessment:
    numbers = [f"W{each}" for each in range(1, streams + 1)]
    ideas = [f"O{each}" for each in range(1, options + 1)]
    return assessment_from_data(
        {
            "cover": {"firm": "大型範例公司", "currency": "TWD", "prepared_on": "2026-01-31"},
            "site": {"major_products": "紡織品", "operations": "染整"},
            "processes": [
                {"number": f"P{each}", "name": f"製程 {each}"} for each in range(1, 1 + streams // 4)
            ],
            "waste_streams": [
                {
                    "number": number,
                    "name": f"源流 {number}",
                    "process": f"P{1 + index % max(streams // 4, 1)}",
                    "generation": f"{Decimal(index * 37 % 900 + 1) / 8} t/month",
                    "management_cost": f"{index * 7919 % 900_000 + 1000} TWD",
                }
                for index, number in enumerate(numbers)
            ],
            "stream_criteria": [{"number": name, "weight": weight} for name, weight in CRITERIA.items()],
            "stream_ratings": ratings(CRITERIA, numbers),
            "options": [
                {"number": idea, "name": f"方案 {idea}", "streams": [numbers[index % streams]]}
                for index, idea in enumerate(ideas)
            ],
            "option_descriptions": [
                {"option": idea, "description": "說明", "hierarchy": HIERARCHY[index % 7], "accepted": True}
                for index, idea in enumerate(ideas)
            ],
            "option_criteria": [
                {"number": name, "weight": weight} for name, weight in OPTION_CRITERIA.items()
            ],
            "option_ratings": ratings(OPTION_CRITERIA, ideas),
            "capital_costs": [
                {"option": idea, "item": "equipment", "amount": f"{(index + 1) * 12_000} TWD"}
                for index, idea in enumerate(ideas)
            ],
            "operating_changes": [
                {"option": idea, "item": "waste-treatment", "gain": f"{index * 4241 % 90_000 + 500} TWD"}
                for index, idea in enumerate(ideas)
            ],
            "financial_terms": {
                "discount_rate": "12",
                "tax_rate": "20",
                "loan_share": "40",
                "loan_interest": "3",
            },
        }
    )


class Clock:
    def __init__(self) -> None:
        self.last = time.perf_counter()

    def tick(self, part: str) -> None:
        now = time.perf_counter()
        print(f"  {part:<28}{now - self.last:8.2f} s", flush=True)
        self.last = now


def main(streams: int, options: int) -> int:
    print(f"{streams} streams, {options} options")
    plant = large_plant(streams, options)
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plant.xlsx"
        path.write_bytes(write_workbook(plant, "zh-hant"))
        clock.tick("workbook written")
        reading = read_assessment(path)
        clock.tick("workbook read")
    if reading.assessment != plant or reading.issues:
        print(f"  lost on the way: {reading.issues[:3]}")
        return 1
    evaluation = evaluate(reading.assessment)
    clock.tick("evaluated")
    if len(evaluation.streams) != streams or len(evaluation.options) != options:
        print("  streams or options are missing in the evaluation")
        return 1
    report = build_report(evaluation, "zh-hant")
    clock.tick("content")
    for form, write in WRITERS.items():
        content = write(report)
        clock.tick(f"{form}, {len(content) / 1e6:.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB")
    return 1 if peak > MEGABYTES else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))

"""Small plants whose balances tell something, for the tests of the evaluation and of the report."""

from __future__ import annotations

from typing import Any, Final

# 1,000 kg ± 1 % at 5 USD go in, 900 kg ± 2 % come out: the gap is 100 kg, its error sqrt(10² + 18²) = 20.6 kg.
LEAKING: Final[dict[str, Any]] = {
    "processes": [{"number": "P1", "name": "Degreasing", "system_cost": "1000 USD"}],
    "input_materials": [
        {
            "number": "M1",
            "name": "Solvent",
            "process": "P1",
            "consumption": "1000 kg/yr",
            "consumption_uncertainty": "±1 %",
            "price": "5 USD/kg",
        }
    ],
    "waste_streams": [
        {
            "number": "W1",
            "name": "Spent solvent",
            "process": "P1",
            "generation": "900 kg/yr",
            "generation_uncertainty": "±2 %",
            "management_cost": "450 USD",
        }
    ],
}


def line(*readings: float, uncertainty: str | None = "±1 %") -> dict[str, Any]:
    """Processes one after the other: what enters the first, what runs between them, what leaves the last [kg/yr]."""
    said = {} if uncertainty is None else {"uncertainty": uncertainty}
    count = len(readings) - 1
    return {
        "processes": [{"number": f"P{n}", "name": f"Step {n}"} for n in range(1, count + 1)],
        "input_materials": [
            {
                "number": "M1",
                "name": "Feed",
                "process": "P1",
                "consumption": f"{readings[0]} kg/yr",
                **({} if uncertainty is None else {"consumption_uncertainty": uncertainty}),
            }
        ],
        "flows": [
            {
                "number": f"F{n}",
                "process": f"P{n}",
                "to_process": f"P{n + 1}",
                "description": f"Flow {n}",
                "amount": f"{readings[n]} kg/yr",
                **said,
            }
            for n in range(1, count)
        ],
        "waste_streams": [
            {
                "number": "W1",
                "name": "Rest",
                "process": f"P{count}",
                "generation": f"{readings[-1]} kg/yr",
                **({} if uncertainty is None else {"generation_uncertainty": uncertainty}),
            }
        ],
    }

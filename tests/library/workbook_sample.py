"""A filled assessment that uses every kind of cell, with the options of appendix 3."""

from __future__ import annotations

from openrecp.assessment.document import Assessment, assessment_from_data

SAMPLE: dict[str, object] = {
    "cover": {
        "firm": "Bright Plating & Sons",
        "plant": "Works 2",
        "project_number": "001",
        "prepared_by": "Team A",
        "prepared_on": "2026-03-31",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
        "confidentiality": "internal",
    },
    "goals": {
        "policy": "=SUM(1,2) is a text\nsecond line",
        "goal": "5 % less waste each year",
        "reduction": "5",
    },
    "roles": [{"function": "manager", "name": "A", "phone": "0042"}],
    "site": {"employees": 85, "operating_days": "250", "operations": "Zinc and nickel plating"},
    "processes": [
        {"number": "P1", "name": "Degreasing", "operation": "batch"},
        {"number": "P2", "name": "Nickel plating", "operation": "batch", "description": "Two lines"},
    ],
    "documents": [{"kind": "flow-diagram", "available": True, "file_number": "12-03"}],
    "flows": [{"process": "P2", "direction": "out", "description": "Evaporation", "amount": "120 m³/yr"}],
    "input_materials": [
        {
            "number": "M1",
            "name": "Nickel sulphate",
            "process": "P2",
            "consumption": "18.5 t/yr",
            "price": "160 TWD/kg",
            "density": "2.07 kg/L",
            "treats_waste": False,
        },
        {"number": "M2", "name": "Process water", "consumption": "1500 m³/month", "price": "12 TWD/m³"},
        {"number": "M3", "name": "Acid", "consumption": "3 drum/yr", "price": "900 TWD/drum"},
    ],
    "waste_streams": [
        {
            "number": "W1",
            "name": "Rinse water with nickel",
            "process": "P2",
            "component": "Nickel",
            "generation": "1.5 m³/d",
            "origins": ["drag-out", "cleaning"],
            "materials": ["M1", "M2"],
            "management_cost": "225000 TWD",
        },
        {"number": "W2", "name": "Filter cake", "generation": "18 t/yr", "ph": "8.5", "viscosity": "3 St"},
        {"number": "W3", "name": "Spent degreaser", "generation": "250 kg/month"},
    ],
    "waste_costs": [
        {"stream": "W2", "element": "disposal", "price": "4.5 TWD/kg"},
        {"stream": "W2", "element": "transport", "price": "800 TWD/t", "amount": "18 t/yr"},
        {"stream": "W2", "element": "container", "cost": "3600.50 TWD"},
        {"stream": "W3", "element": "treatment", "price": "30 TWD/box", "amount": "5 box/yr"},
    ],
    "stream_criteria": [
        {"number": "compliance", "weight": "8"},
        {"number": "cost", "weight": "10"},
        {"number": "C9", "name": "Neighbours", "weight": "2.5"},
    ],
    "stream_ratings": [
        {"criterion": "compliance", "subject": "W1", "rating": "7"},
        {"criterion": "cost", "subject": "W1", "rating": "9"},
        {"criterion": "C9", "subject": "W2", "rating": "4"},
        {"criterion": "cost", "subject": "W2", "rating": "6.5"},
        {"criterion": "unknown", "subject": "W2", "rating": "1"},
    ],
    "sessions": [{"streams": ["W1", "W2"], "format": "brainstorming", "held_on": "2026-02-03"}],
    "options": [
        {"number": "O1", "name": "Drip tray", "streams": ["W1"], "rationale": "Drag-out is the largest loss"},
        {"number": "O2", "name": "Drip tray and deionised water", "streams": ["W1"]},
        {"number": "O3", "name": "Spray rinse", "streams": ["W1"]},
        {"number": "O4", "name": "Segregate hazardous waste", "streams": ["W2"]},
        {"number": "O5", "name": "Automatic hoist"},
    ],
    "option_descriptions": [
        {
            "option": "O1",
            "description": "A tray between the tanks " * 6,
            "hierarchy": "practice",
            "reduction": "40",
        }
    ],
    "option_screenings": [{"option": "O1", "main_benefits": ["economic", "compliance"], "timely": True}],
    "technical_feasibility": [
        {"option": "O1", "nature": ["equipment", "procedure"], "feasible": True, "delivery_time": "2 week"}
    ],
    "capital_costs": [
        {"option": "O1", "item": "equipment", "amount": "5000 TWD", "basis": "estimated"},
        {"option": "O2", "item": "equipment", "amount": "11700 TWD"},
        {"option": "O3", "item": "equipment", "amount": "60625 TWD"},
        {"option": "O3", "item": "installation", "amount": "10000 TWD"},
        {"option": "O5", "item": "equipment", "amount": "900000 TWD"},
    ],
    "operating_changes": [
        {"option": "O1", "item": "raw-materials", "gain": "14300 TWD"},
        {"option": "O2", "item": "raw-materials", "gain": "22500 TWD", "expense": "11250 TWD"},
        {"option": "O3", "item": "waste-treatment", "gain": "8750 TWD"},
        {"option": "O4", "item": "waste-treatment", "gain": "1000 TWD"},
        {"option": "O5", "item": "labour", "expense": "20000 TWD"},
    ],
    "financial_terms": {"discount_rate": "12", "maximum_payback": "4"},
    "projects": [{"option": "O1", "goal": "40 % less drag-out", "start": "2026-05-01", "budget": "5000 TWD"}],
    "plan_tasks": [
        {"option": "O1", "task": "Order the tray", "responsible": "B", "first_month": 1, "last_month": 2},
        {"option": "O1", "task": "Install and train", "first_month": 3, "last_month": 3},
    ],
}


def sample(*, simplified: bool = False) -> Assessment:
    """The filled assessment, on the full or on the simplified worksheets."""
    return assessment_from_data({**SAMPLE, "simplified": simplified})

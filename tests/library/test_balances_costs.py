"""Material flow costs against the standards' examples and hand-computed loops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from openrecp.balances.cost_data import AllocationKey, CostData
from openrecp.balances.costs import MaterialFlowCosts, MatrixRow, material_flow_costs
from openrecp.balances.flowsheet import Component, Flowsheet, Process, Role, Stock, Stream, StreamKind

CASES = Path(__file__).parent.parent / "cases"


def case(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return found


def bought(key: str, end: str, price: float | None = 1.0) -> Stream:
    return Stream(key, key, None, end, role=Role.INPUT, price=price)


def product(key: str, start: str) -> Stream:
    return Stream(key, key, start, None, role=Role.PRODUCT)


def waste(key: str, start: str) -> Stream:
    return Stream(key, key, start, None, role=Role.WASTE)


def inner(key: str, start: str, end: str) -> Stream:
    return Stream(key, key, start, end)


def plant(processes: str, *streams: Stream, **more: Any) -> Flowsheet:
    return Flowsheet(
        "Plant", tuple(Process(key, key) for key in processes), tuple(streams), currency="TWD", **more
    )


def row(costs: MaterialFlowCosts, stream: str) -> list[float]:
    return [float(part) for part in costs.streams[costs.network.streams[stream]]]


def total(costs: MaterialFlowCosts, stream: str) -> float:
    return sum(row(costs, stream))


def conserved(costs: MaterialFlowCosts) -> bool:
    whole = float(costs.matrix().amounts[4, 4])
    return whole == pytest.approx(costs.total_cost, rel=1e-9, abs=1e-9)


def test_the_basic_example_of_iso_14051_comes_out_to_the_unit() -> None:
    given = case("balances_mfca_iso14051_basic.yaml")
    drawn = plant(
        "P",
        bought("in", "P", given["price"]),
        product("out", "P"),
        Stream("loss", "loss", "P", None, role=Role.LOSS),
        stocks=(Stock("S", "Store", "P", price=given["price"]),),
    )
    paid = CostData(
        energy={"P": given["energy"]},
        system={"P": given["system"]},
        waste_management={"loss": given["waste_management"]},
    )
    costs = material_flow_costs(
        drawn,
        {"in": given["bought"], "out": given["product"], "loss": given["loss"]},
        paid,
        stocks={"S": (given["opening"], given["closing"])},
    )
    amounts = costs.matrix().amounts
    order = ("material", "waste_management", "energy", "system", "total")
    for at, name in enumerate(("product", "loss")):
        assert amounts[at] == pytest.approx([given["expected"][name][kind] for kind in order], abs=1e-9)
    assert amounts[0, 4] + amounts[1, 4] == pytest.approx(given["expected"]["total"], abs=1e-9)
    assert amounts[2] == pytest.approx([-50, 0, 0, 0, -50])  # the stock fell by 5 kg of 10
    assert conserved(costs)
    assert not costs.issues


def plate_cutting(given: dict[str, Any], share_digits: int | None) -> MaterialFlowCosts:
    drawn = plant(
        "P",
        bought("steel", "P", given["material"]["all"] / given["steel"]),
        bought("oil", "P", 0.0),
        product("plates", "P"),
        waste("scrap", "P"),
        waste("waste oil", "P"),
        components=(Component("value", "Worth of the materials", price=1.0),),
    )
    part = given["material"]["product"]
    masses = {
        "steel": given["steel"],
        "oil": given["oil"],
        "plates": given["product"],
        "scrap": given["steel"] - given["product"],
        "waste oil": given["oil"],
    }
    paid = CostData(
        energy={"P": given["energy"]},
        system={"P": given["system"]},
        waste_management={"P": given["waste_management"]},
        excluded=frozenset({"waste oil"}),
    )
    return material_flow_costs(
        drawn,
        masses,
        paid,
        component_flows={"plates": {"value": part}, "scrap": {"value": given["material"]["all"] - part}},
        share_digits=share_digits,
    )


def test_the_plate_cutting_of_iso_14053_comes_out_to_the_unit() -> None:
    given = case("balances_mfca_iso14053_plate_cutting.yaml")
    expected = given["expected"]
    costs = plate_cutting(given, given["share_digits"])
    assert round(costs.total_cost) == expected["total"]
    assert round(costs.product_cost) == expected["product"]
    assert round(costs.loss_cost) == expected["loss"]
    assert round(costs.matrix().percentages[1, 4], 1) == expected["loss_percent"]
    assert 100 * row(costs, "plates")[2] / given["energy"] == pytest.approx(expected["share"], abs=1e-9)
    assert row(costs, "waste oil")[2:] == [0, 0]
    assert conserved(costs)


def test_without_rounding_the_plate_cutting_shares_are_those_of_the_masses() -> None:
    given = case("balances_mfca_iso14053_plate_cutting.yaml")
    costs = plate_cutting(given, None)
    assert row(costs, "plates")[3] == pytest.approx(118000 * 1797 / 2709, rel=1e-12)
    assert round(costs.product_cost) != given["expected"]["product"]


def test_rework_is_followed_to_the_end_as_its_geometric_series() -> None:
    # 100 in, half of what leaves A is bad and goes round through B; a fifth of B's is lost.
    # A handles 100 / (1 - 0.5 x 0.8) = 166.667: 83.333 good, 83.333 to B, 16.667 lost, 66.667 back.
    drawn = plant(
        "AB",
        bought("in", "A", 3.0),
        product("good", "A"),
        inner("bad", "A", "B"),
        inner("back", "B", "A"),
        waste("lost", "B"),
    )
    masses = {"in": 100, "good": 250 / 3, "bad": 250 / 3, "back": 200 / 3, "lost": 50 / 3}
    costs = material_flow_costs(drawn, masses, CostData(energy={"A": 60.0}, system={"B": 30.0}))
    rounds = 0.5 * 0.8
    # Material: each round half of it leaves as product, a tenth is lost.
    assert row(costs, "good")[0] == pytest.approx(300 * 0.5 * sum(rounds**n for n in range(200)), rel=1e-12)
    assert row(costs, "lost")[0] == pytest.approx(300 * 0.1 / (1 - rounds), rel=1e-12)
    assert row(costs, "good")[2] == pytest.approx(60 * 0.5 / (1 - rounds), rel=1e-12)
    # 30 arises in B: 6 is lost at once, 24 goes back to A, and half of that out.
    assert row(costs, "good")[3] == pytest.approx(24 * 0.5 / (1 - rounds), rel=1e-12)
    assert row(costs, "lost")[3] == pytest.approx(6 + 24 * 0.1 / (1 - rounds), rel=1e-12)
    assert conserved(costs)


def test_a_recycled_stream_brings_its_cost_back() -> None:
    drawn = plant(
        "AB",
        bought("in", "A"),
        inner("on", "A", "B"),
        inner("back", "B", "A"),
        product("out", "B"),
        waste("sludge", "B"),
    )
    masses = {"in": 100, "on": 1000, "back": 900, "out": 90, "sludge": 10}
    costs = material_flow_costs(drawn, masses, CostData(system={"A": 500.0}))
    assert total(costs, "out") == pytest.approx(540)
    assert total(costs, "sludge") == pytest.approx(60)
    assert total(costs, "back") == pytest.approx(5400)
    assert costs.per_unit == pytest.approx([1, 6, 6, 6, 6])


def test_parallel_lines_and_several_products_carry_their_own_costs() -> None:
    drawn = plant(
        "MXY",
        bought("in", "M", 2.0),
        inner("x", "M", "X"),
        inner("y", "M", "Y"),
        product("p", "X"),
        waste("w", "X"),
        product("q", "Y"),
    )
    masses = {"in": 100, "x": 60, "y": 40, "p": 45, "w": 15, "q": 40}
    costs = material_flow_costs(drawn, masses, CostData(system={"X": 100.0, "Y": 10.0}))
    assert total(costs, "p") == pytest.approx(0.75 * (120 + 100))
    assert total(costs, "w") == pytest.approx(0.25 * (120 + 100))
    assert total(costs, "q") == pytest.approx(80 + 10)
    assert costs.matrix("X").amounts[MatrixRow.LOSS, 4] == pytest.approx(55)
    assert costs.process_losses == pytest.approx([0, 55, 0])
    assert costs.process_totals == pytest.approx([200, 220, 90])


def test_waste_management_goes_to_what_is_lost_and_to_nothing_else() -> None:
    drawn = plant("P", bought("in", "P"), product("p", "P"), waste("v", "P"), waste("w", "P"))
    masses = {"in": 100, "p": 60, "v": 30, "w": 10}
    costs = material_flow_costs(drawn, masses, CostData(waste_management={"P": 80.0, "v": 5.0}))
    assert [row(costs, key)[1] for key in "pvw"] == pytest.approx([0, 65, 20])
    true = costs.true_costs()
    assert [each.stream for each in true] == ["v", "w"]
    assert true[0].apparent.value == pytest.approx(65)
    assert true[0].true.value == pytest.approx(95)
    assert true[0].hidden_times == pytest.approx(95 / 65)
    assert true[1].per_unit.value == pytest.approx(3.0)


def test_waste_management_of_a_process_without_waste_is_warned_about_and_not_lost() -> None:
    drawn = plant("P", bought("in", "P"), product("p", "P"))
    costs = material_flow_costs(drawn, {"in": 10, "p": 10}, CostData(waste_management={"P": 80.0}))
    assert [issue.code for issue in costs.issues] == ["cost-waste-on-product"]
    assert total(costs, "p") == pytest.approx(90)
    assert conserved(costs)


def test_costs_follow_the_given_shares() -> None:
    drawn = plant("P", bought("in", "P"), product("p", "P"), waste("w", "P"))
    data = CostData(energy={"P": 10.0}, keys={"P": AllocationKey.GIVEN}, shares={"P": {"p": 0.9, "w": 0.1}})
    costs = material_flow_costs(drawn, {"in": 10, "p": 5, "w": 5}, data)
    assert [row(costs, key)[2] for key in "pw"] == pytest.approx([9, 1])
    assert [row(costs, key)[0] for key in "pw"] == pytest.approx([5, 5])


def test_shares_that_do_not_add_up_are_reported_and_mass_is_used() -> None:
    drawn = plant("P", bought("in", "P"), product("p", "P"), waste("w", "P"))
    data = CostData(energy={"P": 10.0}, keys={"P": AllocationKey.GIVEN}, shares={"P": {"p": 0.9, "w": 0.2}})
    costs = material_flow_costs(drawn, {"in": 10, "p": 5, "w": 5}, data)
    assert [issue.code for issue in costs.issues] == ["cost-shares-not-whole"]
    assert row(costs, "p")[2] == pytest.approx(5)


def test_dear_components_take_the_material_cost_along() -> None:
    drawn = plant(
        "P",
        bought("salt", "P", 50.0),
        bought("water", "P", 0.0),
        product("p", "P"),
        waste("w", "P"),
        components=(Component("nickel", "Nickel", price=50.0),),
    )
    masses = {"salt": 10, "water": 990, "p": 8, "w": 992}
    flows = {"salt": {"nickel": 10.0}, "p": {"nickel": 8.0}, "w": {"nickel": 2.0}}
    data = CostData(energy={"P": 100.0}, keys={"P": AllocationKey.MATERIAL_COST})
    costs = material_flow_costs(drawn, masses, data, component_flows=flows)
    assert [row(costs, key)[0] for key in "pw"] == pytest.approx([400, 100])
    assert [row(costs, key)[2] for key in "pw"] == pytest.approx([80, 20])


def test_bought_energy_is_a_cost_of_the_process_that_uses_it() -> None:
    power = Stream("power", "Power", None, "P", StreamKind.ENERGY, role=Role.INPUT, price=4.0)
    drawn = plant("P", bought("in", "P"), power, product("p", "P"), waste("w", "P"))
    costs = material_flow_costs(drawn, {"in": 10, "power": 25, "p": 8, "w": 2})
    assert row(costs, "p") == pytest.approx([8, 0, 80, 0])
    assert conserved(costs)


def test_the_fuel_of_a_boiler_house_goes_into_the_steam_that_is_given_its_share() -> None:
    steam = Stream("steam", "Steam", "B", "P", StreamKind.ENERGY)
    drawn = plant(
        "BP",
        bought("fuel", "B", 3.0),
        waste("flue gas", "B"),
        steam,
        bought("in", "P"),
        product("p", "P"),
        waste("w", "P"),
    )
    masses = {"fuel": 100, "flue gas": 100, "steam": 900, "in": 50, "p": 40, "w": 10}
    data = CostData(
        system={"B": 20.0},
        keys={"B": AllocationKey.GIVEN},
        shares={"B": {"steam": 0.9, "flue gas": 0.1}},
    )
    costs = material_flow_costs(drawn, masses, data)
    assert total(costs, "steam") == pytest.approx(0.9 * 320)
    assert total(costs, "flue gas") == pytest.approx(0.1 * 320)
    assert total(costs, "p") == pytest.approx(0.8 * (50 + 0.9 * 320))
    assert conserved(costs)
    # Without shares all goes up the chimney with the mass.
    assert total(material_flow_costs(drawn, masses, CostData(system={"B": 20.0})), "steam") == 0


def test_a_closed_loop_is_explained_and_its_costs_are_not_lost() -> None:
    drawn = plant("ABC", bought("in", "A"), inner("on", "A", "B"), inner("back", "B", "A"), product("p", "C"))
    costs = material_flow_costs(
        drawn, {"in": 10, "on": 20, "back": 20, "p": 0}, CostData(energy={"B": 7.0, "C": 5.0})
    )
    assert [issue.code for issue in costs.issues] == ["cost-without-outlet"] * 3
    assert costs.matrix().amounts[3, 4] == pytest.approx(22)
    assert conserved(costs)


def test_what_cannot_be_costed_is_told_all_at_once() -> None:
    drawn = plant("P", bought("a", "P", None), bought("b", "P"), product("p", "P"), waste("w", "P"))
    data = CostData(energy={"Q": 1.0})
    costs = material_flow_costs(drawn, {"a": 5, "b": float("nan"), "p": 6, "w": -1}, data)
    assert {issue.code for issue in costs.issues} == {
        "cost-price-missing",
        "cost-mass-unknown",
        "cost-mass-negative",
        "cost-without-place",
    }


def test_a_total_opens_into_what_it_is_made_of() -> None:
    drawn = plant("P", bought("in", "P"), product("p", "P"), waste("w", "P"))
    costs = material_flow_costs(drawn, {"in": 10, "p": 8, "w": 2}, CostData(system={"P": 5.0}))
    whole = costs.matrix().figure(4)
    assert whole.value == pytest.approx(15)
    assert sum(float(part.value or 0) for part in whole.inputs) == pytest.approx(15)
    assert all(
        sum(float(each.value or 0) for each in part.inputs) == pytest.approx(float(part.value or 0))
        for part in whole.inputs
    )

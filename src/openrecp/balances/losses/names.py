"""What a number of a flowsheet is called in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref
from openrecp.texts import Text, text


def number_name(ref: Ref, names: Mapping[str, str], flowsheet: Flowsheet) -> Text:
    """A number in words, such as "share of copper in the rinse water".

    Parameters
    ----------
    ref : Ref
    names : Mapping[str, str]
        Names of streams and stocks by their keys.
    flowsheet : Flowsheet
    """
    name = names.get(ref.key) or ref.key
    component = next((each.name for each in flowsheet.components if each.key == ref.component), ref.component)
    if ref.quantity is Quantity.FRACTION:
        return text("share of {component} in {name}", component=component, name=name)
    if ref.quantity is Quantity.COMPONENT:
        return text("flow of {component} in {name}", component=component, name=name)
    if ref.quantity is Quantity.FLOW:
        return text("flow of {name}", name=name)
    if ref.quantity is Quantity.TEMPERATURE:
        return text("temperature of {name}", name=name)
    if ref.quantity is Quantity.ENERGY:
        return text("energy flow of {name}", name=name)
    if ref.quantity is Quantity.OPENING:
        return text("opening stock of {name}", name=name)
    if ref.quantity is Quantity.CLOSING:
        return text("closing stock of {name}", name=name)
    if ref.quantity is Quantity.EXTENT:
        return text("extent of {name}", name=_reaction_name(ref.key, flowsheet))
    if ref.quantity is Quantity.TRANSFER:
        return text("transfer coefficient {name}", name=name)
    return text("constant of {name}", name=name)


def _reaction_name(key: str, flowsheet: Flowsheet) -> str:
    reactions = (reaction for process in flowsheet.processes for reaction in process.reactions)
    return next((reaction.name for reaction in reactions if reaction.key == key), key)

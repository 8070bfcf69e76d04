"""Where each number of a flowsheet stands among the variables, and which processes it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from openrecp.balances.equations.contents import Contents, contents
from openrecp.balances.equations.variables import VariableList, Variables, known_numbers
from openrecp.balances.flowsheet import Flowsheet, Medium, Quantity, Reaction, Ref, Stream, StreamKind
from openrecp.balances.problems import Array


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """What enters (+1) and leaves (-1) which process; the plant as a whole stands after the last process.

    Attributes
    ----------
    process, item : int array, shape (ends,)
        Positions of process and of stream (or carrier) in their lists.
    sign : array, shape (ends,)
    """

    process: Array
    item: Array
    sign: Array

    def at(self, processes: Array) -> Ends:
        """Only those at some of the processes, a bool array of shape (processes + 1,)."""
        kept = processes[self.process]
        return Ends(self.process[kept], self.item[kept], self.sign[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A flowsheet as positions.

    Carriers of mass are the streams of material, then the opening and then the closing stocks; their
    compositions are those of their owners, the streams and the stocks.

    Attributes
    ----------
    flowsheet : Flowsheet
    contents : Contents
    variables : Variables
    mass_ends, heat_ends, energy_ends : Ends
        Of carriers of mass, of streams with a medium (their place in ``heated``), and of streams of energy.
    carrier_flow, carrier_owner : int array, shape (carriers,)
        Position of the variable of the total, and the owner.
    share, flow : int array, shape (owners, components)
        Positions of shares and of component flows, -1 where there is no variable.
    heated : int array, shape (heated streams, 2)
        Positions of flow and temperature of the streams that have a medium.
    enthalpy : array, shape (heated streams, 3)
        a, b, c of their media.
    energy : int array, shape (streams of energy,)
    reactions : tuple of (int, Reaction)
        Process and reaction; ``extent`` has the positions.
    extent, transfer, relation : int array
        Positions; of relations -1 where they hold exactly.
    """

    flowsheet: Flowsheet
    contents: Contents
    variables: Variables
    mass_ends: Ends
    heat_ends: Ends
    energy_ends: Ends
    carrier_flow: Array
    carrier_owner: Array
    share: Array
    flow: Array
    heated: Array
    enthalpy: Array
    energy: Array
    reactions: tuple[tuple[int, Reaction], ...]
    extent: Array
    transfer: Array
    relation: Array

    @property
    def streams(self) -> int:
        """How many streams of material there are."""
        return len(self.contents.keys) - len(self.flowsheet.stocks)


def layout(flowsheet: Flowsheet, components: Sequence[str], *, energy: bool) -> Layout:
    """List the variables of a flowsheet.

    Parameters
    ----------
    flowsheet : Flowsheet
        Without faults: names of processes and media that are used are there.
    components : sequence of str
        Those to follow.
    energy : bool
        Whether temperatures and energy flows are of interest.
    """
    listed = VariableList()
    streams = tuple(stream for stream in flowsheet.streams if stream.kind is StreamKind.MATERIAL)
    powers = tuple(each for each in flowsheet.streams if each.kind is StreamKind.ENERGY) if energy else ()
    reactions = tuple(
        (number, reaction)
        for number, process in enumerate(flowsheet.processes)
        for reaction in process.reactions
    )
    carrier_flow = _list_totals(listed, flowsheet, streams)
    inside = contents(flowsheet, components)
    share, flow = _list_contents(listed, inside)
    warm, temperature = _list_temperatures(listed, flowsheet, streams if energy else ())
    energies = known_numbers([each.energy for each in powers])
    energy_at = listed.add(Quantity.ENERGY, [each.key for each in powers], energies)
    extent, transfer, relation = _list_knowledge(listed, flowsheet, reactions)
    place = {process.key: number for number, process in enumerate(flowsheet.processes)}
    heated = [streams[number] for number in warm]
    owners = np.arange(len(inside.keys))
    return Layout(
        flowsheet=flowsheet,
        contents=inside,
        variables=listed.listed(),
        mass_ends=_with_stocks(_ends(streams, place), flowsheet, place, len(streams)),
        heat_ends=_ends(heated, place),
        energy_ends=_ends(powers, place),
        carrier_flow=carrier_flow,
        carrier_owner=np.concatenate([owners, owners[len(streams) :]]),
        share=share,
        flow=flow,
        heated=np.column_stack([carrier_flow[warm], temperature]),
        enthalpy=_enthalpy(heated, {medium.key: medium for medium in flowsheet.media}),
        energy=energy_at,
        reactions=reactions,
        extent=extent,
        transfer=transfer,
        relation=relation,
    )


def _list_totals(listed: VariableList, flowsheet: Flowsheet, streams: Sequence[Stream]) -> Array:
    """Flows of material, opening and closing stocks: the totals of the carriers."""
    stocks = flowsheet.stocks
    keys = [each.key for each in stocks]
    return np.concatenate(
        [
            listed.add(
                Quantity.FLOW, [each.key for each in streams], known_numbers([each.flow for each in streams])
            ),
            listed.add(Quantity.OPENING, keys, known_numbers([each.opening for each in stocks])),
            listed.add(Quantity.CLOSING, keys, known_numbers([each.closing for each in stocks])),
        ]
    )


def _list_contents(listed: VariableList, inside: Contents) -> tuple[Array, Array]:
    """Shares, and component flows where they are measured or where nothing else is known of a component."""
    owners, count = inside.present.shape
    share, flow = np.full((owners, count), -1), np.full((owners, count), -1)
    has_share = inside.present & ~inside.by_flow
    has_flow = inside.present & (inside.by_flow | ~np.isnan(inside.flow[0]))
    keys = np.array(inside.keys, object)
    for number, component in enumerate(inside.components):
        for positions, there, quantity, (values, sds) in (
            (share, has_share[:, number], Quantity.FRACTION, inside.share),
            (flow, has_flow[:, number], Quantity.COMPONENT, inside.flow),
        ):
            known = values[there, number], sds[there, number]
            positions[there, number] = listed.add(quantity, keys[there].tolist(), known, component)
    return share, flow


def _list_temperatures(
    listed: VariableList, flowsheet: Flowsheet, streams: Sequence[Stream]
) -> tuple[Array, Array]:
    """Temperatures that matter; gives the streams that have a medium, and the positions of their temperatures."""
    related = {
        ref.key
        for relation in flowsheet.relations
        for _, ref in relation.terms
        if ref.quantity is Quantity.TEMPERATURE
    }
    chosen = [
        number
        for number, stream in enumerate(streams)
        if stream.medium is not None or stream.temperature is not None or stream.key in related
    ]
    positions = listed.add(
        Quantity.TEMPERATURE,
        [streams[number].key for number in chosen],
        known_numbers([streams[number].temperature for number in chosen]),
    )
    warm = np.array([streams[number].medium is not None for number in chosen], bool)
    return np.array(chosen, int)[warm], positions[warm]


def _list_knowledge(
    listed: VariableList, flowsheet: Flowsheet, reactions: Sequence[tuple[int, Reaction]]
) -> tuple[Array, Array, Array]:
    extent = listed.add(
        Quantity.EXTENT,
        [reaction.key for _, reaction in reactions],
        known_numbers([reaction.extent for _, reaction in reactions]),
    )
    transfers = flowsheet.transfers
    transfer = listed.add(
        Quantity.TRANSFER, [each.key for each in transfers], known_numbers([each.share for each in transfers])
    )
    loose = [number for number, each in enumerate(flowsheet.relations) if each.sd > 0]
    relation = np.full(len(flowsheet.relations), -1)
    relation[loose] = listed.add(
        Quantity.RELATION,
        [flowsheet.relations[number].key for number in loose],
        (
            np.array([flowsheet.relations[number].constant for number in loose], float),
            np.array([flowsheet.relations[number].sd for number in loose], float),
        ),
    )
    return extent, transfer, relation


def _enthalpy(streams: Sequence[Stream], media: Mapping[str, Medium]) -> Array:
    found = [media[stream.medium] for stream in streams if stream.medium is not None]
    return np.array([(medium.a, medium.b, medium.c) for medium in found], float).reshape(-1, 3)


def _ends(streams: Sequence[Stream], place: Mapping[str, int]) -> Ends:
    """Both ends of every stream; what comes from or goes to the environment crosses the border of the plant.

    A stream that ends where it starts changes no balance, and has none.
    """
    outside, plant = -1, len(place)
    starts = np.array([outside if each.start is None else place[each.start] for each in streams], int)
    ends = np.array([outside if each.end is None else place[each.end] for each in streams], int)
    numbers = np.arange(len(streams))
    inner = starts != ends
    into, out_of = (ends >= 0) & inner, (starts >= 0) & inner
    comes, goes = (starts < 0) & (ends >= 0), (ends < 0) & (starts >= 0)
    parts = [
        (ends[into], numbers[into], 1.0),
        (starts[out_of], numbers[out_of], -1.0),
        (np.full(comes.sum(), plant), numbers[comes], 1.0),
        (np.full(goes.sum(), plant), numbers[goes], -1.0),
    ]
    return Ends(
        np.concatenate([process for process, _, _ in parts]),
        np.concatenate([item for _, item, _ in parts]),
        np.concatenate([np.full(len(item), sign) for _, item, sign in parts]),
    )


def _with_stocks(ends: Ends, flowsheet: Flowsheet, place: Mapping[str, int], first: int) -> Ends:
    """Opening stocks enter and closing stocks leave, the process and the plant."""
    at = np.array([place[stock.process] for stock in flowsheet.stocks], int)
    count = len(at)
    opening, closing = first + np.arange(count), first + count + np.arange(count)
    plant = np.full(count, len(place))
    return Ends(
        np.concatenate([ends.process, at, at, plant, plant]),
        np.concatenate([ends.item, opening, closing, opening, closing]),
        np.concatenate([ends.sign, np.repeat([1.0, -1.0, 1.0, -1.0], count)]),
    )


def positions_of(ref: Ref, where: Layout) -> tuple[int, int] | None:
    """The variables whose product a number is (-1 for one variable alone); None where it is nothing here.

    A component flow that is no variable of its own is the flow times the share.
    """
    found = where.variables.position(ref)
    if found is not None:
        return found, -1
    if ref.quantity is Quantity.COMPONENT:
        flow = where.variables.position(Ref(Quantity.FLOW, ref.key))
        share = where.variables.position(Ref(Quantity.FRACTION, ref.key, ref.component))
        if flow is not None and share is not None:
            return flow, share
    return None

"""Pictures of answers: ladders, the recognition-loss atlas, the network, routes, stacks, rules and pathways.

Pictures are Vega-Lite specifications, made without any package beyond the standard library. To show or
save them takes ``pip install "qualgraph[plot]"`` (Altair and vl-convert), and no network. Colours are
those of Okabe and Ito; shape, dash and pattern carry every distinction as well.
"""

from __future__ import annotations

from ._atlas import atlas, atlas_data
from ._chart import Chart
from ._definitions import (
    definition_order,
    definition_order_data,
    landscape,
    landscape_data,
    overlaps,
    overlaps_data,
)
from ._ladder import ladder, ladder_data
from ._network import network, network_data
from ._pathway import front, front_data, pathway, pathway_data, rungs, rungs_data, steps, steps_data
from ._route import route, route_data
from ._rule import rule_tree, rule_tree_data
from ._stack import stack, stack_data

__all__ = [
    "Chart",
    "atlas",
    "atlas_data",
    "definition_order",
    "definition_order_data",
    "front",
    "front_data",
    "ladder",
    "ladder_data",
    "landscape",
    "landscape_data",
    "network",
    "network_data",
    "overlaps",
    "overlaps_data",
    "pathway",
    "pathway_data",
    "route",
    "route_data",
    "rule_tree",
    "rule_tree_data",
    "rungs",
    "rungs_data",
    "stack",
    "stack_data",
    "steps",
    "steps_data",
]

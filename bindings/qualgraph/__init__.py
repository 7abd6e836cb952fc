"""What a qualification level, a credit or a micro-credential is worth elsewhere, and who says so.

>>> import qualgraph as qg
>>> world = qg.load()
>>> world.map_level("ie-nfq:6", to="eqf")
<LevelAnswer ie-nfq:6 -> eqf 5: referencing, 1 document, 2009>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._core import __version__
from .answers import (
    AwardAnswer,
    Conflict,
    ConflictReport,
    Disagreement,
    FrameworkAnswer,
    LevelAnswer,
    LevelBound,
    LevelLoss,
    LossAtlas,
    Neighbour,
    Provenance,
    Reliance,
    Result,
    RoundTrip,
    Route,
    RouteCensus,
    RouteStep,
    Row,
)
from .cite import Citation
from .credits import (
    Agreement,
    BrokenChain,
    Conversion,
    ConvertedItems,
    Credits,
    CreditVerdict,
    RoundingBound,
    VolumeOfLearning,
    WayVerdict,
    credits,
)
from .errors import Error, FactError, Fault, InvalidValue, NumericOverflow, UnitMismatch, UnknownId
from .evidence import GradedBounds, GradedTable, graded
from .facts import (
    AgreedRatio,
    Collection,
    CreditBounds,
    CreditSystem,
    Framework,
    Level,
    Mapping,
    Policy,
    QualificationType,
    Range,
    Retention,
    Source,
)
from .table import Table
from .world import Profile, World, load

if TYPE_CHECKING:
    from . import definitions as definitions
    from . import explore as explore
    from . import plot as plot
    from . import rules as rules

if TYPE_CHECKING:
    from .credential_names import NameCheck
    from .definitions import Classification, Definition, DefinitionOrder, Landscape, TableClassification
    from .descriptor import DescriptorCheck
    from .pathway import Curriculum, Indicators, Ladder, Pathways, Reachable, StepGraph
    from .recognition import Claims, OutcomeCoverage, Recognition
    from .stacking import Audit, AwardsAudit, Catalogue, Plan, PlanSet, Record, Rule

__all__ = [
    "AgreedRatio",
    "Agreement",
    "Audit",
    "AwardAnswer",
    "AwardsAudit",
    "BrokenChain",
    "Catalogue",
    "Citation",
    "Claims",
    "Classification",
    "Collection",
    "Conflict",
    "ConflictReport",
    "Conversion",
    "ConvertedItems",
    "CreditBounds",
    "CreditSystem",
    "CreditVerdict",
    "Credits",
    "Curriculum",
    "Definition",
    "DefinitionOrder",
    "DescriptorCheck",
    "Disagreement",
    "Error",
    "FactError",
    "Fault",
    "Framework",
    "FrameworkAnswer",
    "GradedBounds",
    "GradedTable",
    "Indicators",
    "InvalidValue",
    "Ladder",
    "Landscape",
    "Level",
    "LevelAnswer",
    "LevelBound",
    "LevelLoss",
    "LossAtlas",
    "Mapping",
    "NameCheck",
    "Neighbour",
    "NumericOverflow",
    "OutcomeCoverage",
    "Pathways",
    "Plan",
    "PlanSet",
    "Policy",
    "Profile",
    "Provenance",
    "QualificationType",
    "Range",
    "Reachable",
    "Recognition",
    "Record",
    "Reliance",
    "Result",
    "Retention",
    "RoundTrip",
    "RoundingBound",
    "Route",
    "RouteCensus",
    "RouteStep",
    "Row",
    "Rule",
    "Source",
    "StepGraph",
    "Table",
    "TableClassification",
    "UnitMismatch",
    "UnknownId",
    "VolumeOfLearning",
    "WayVerdict",
    "World",
    "__version__",
    "credits",
    "graded",
    "load",
]


# Pictures, surveys, stacking and what stands on it are imported when first used: the command line
# starts without them.
_MODULES = ("check", "definitions", "explore", "pathway", "plot", "recognition", "rules", "stacking", "synthetic")
_LATER = {
    **dict.fromkeys(("Audit", "AwardsAudit", "Catalogue", "Plan", "PlanSet", "Record", "Rule"), "stacking"),
    **dict.fromkeys(
        ("Classification", "Definition", "DefinitionOrder", "Landscape", "TableClassification"), "definitions"
    ),
    "DescriptorCheck": "descriptor",
    "NameCheck": "credential_names",
    **dict.fromkeys(("Claims", "OutcomeCoverage", "Recognition"), "recognition"),
    **dict.fromkeys(("Curriculum", "Indicators", "Ladder", "Pathways", "Reachable", "StepGraph"), "pathway"),
}


def __getattr__(name: str) -> Any:
    if name in _MODULES or name in _LATER:
        from importlib import import_module

        module = import_module(f".{_LATER.get(name, name)}", __name__)
        return getattr(module, name) if name in _LATER else module
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # Completion in a notebook and help() list what is imported later, too.
    return sorted({*globals(), *_MODULES, *_LATER})

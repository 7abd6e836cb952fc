"""What counts as a micro-credential, in the words of each text: definitions, verdicts, their order."""

from .classification import Change, Classification, ClauseVerdict, DefinitionVerdict
from .credential import ATTRIBUTES, AttributeInfo
from .definition import Definition, DefinitionClause, DefinitionKind
from .landscape import Landscape
from .order import DefinitionOrder, Implication
from .table import Sweep, TableClassification

__all__ = [
    "ATTRIBUTES",
    "AttributeInfo",
    "Change",
    "Classification",
    "ClauseVerdict",
    "Definition",
    "DefinitionClause",
    "DefinitionKind",
    "DefinitionOrder",
    "DefinitionVerdict",
    "Implication",
    "Landscape",
    "Sweep",
    "TableClassification",
]

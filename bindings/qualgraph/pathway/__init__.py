"""Pathways: which ways lead from what is held to an award, what each rung carries on, where credit leads nowhere."""

from __future__ import annotations

from .forms import Form
from .graph import StepGraph
from .indicators import Curriculum, Indicators
from .ladder import Ladder, Rung
from .pathways import Pathways
from .reachable import Reachable
from .way import Pathway

__all__ = ["Curriculum", "Form", "Indicators", "Ladder", "Pathway", "Pathways", "Reachable", "Rung", "StepGraph"]

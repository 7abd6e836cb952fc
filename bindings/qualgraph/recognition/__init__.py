"""Recognition of prior learning: claims, what the policies of each layer say of them, what is granted."""

from __future__ import annotations

from .claims import Claims
from .layers import Condition, Layer, Share, layers_of
from .outcomes import OutcomeCoverage
from .recognise import ClaimAnswer, Recognition, recognise

__all__ = [
    "ClaimAnswer",
    "Claims",
    "Condition",
    "Layer",
    "OutcomeCoverage",
    "Recognition",
    "Share",
    "layers_of",
    "recognise",
]

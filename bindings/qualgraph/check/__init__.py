"""Is a published verdict true?

Code of its own, in plain Python with exact fractions: it shares nothing with the engine that found
the verdict. A world is asked only for what its public interface answers (which level stands
opposite another, what credits are worth in another system).
"""

from ._allocation import Finding, Report, evaluate
from ._reading import NotAnInput

__all__ = ["Finding", "NotAnInput", "Report", "evaluate"]

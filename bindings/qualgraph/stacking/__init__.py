"""Stacking: rules, what learners hold, and whether the one meets the other.

>>> import qualgraph as qg
>>> world = qg.load()
>>> record = qg.Record([{"id": "a", "credits": 20, "tags": ["core"]}])
>>> rule = qg.Rule({"language": 1, "id": "small", "title": "Small award", "total": {"min": 20}})
>>> world.audit(record, rule)
<Audit small: satisfied, 20 credits counted>
"""

from __future__ import annotations

from .audit import Audit
from .awards import AwardsAudit
from .complete import Catalogue, Plan, PlanSet
from .record import Record
from .rule import Rule

__all__ = ["Audit", "AwardsAudit", "Catalogue", "Plan", "PlanSet", "Record", "Rule"]

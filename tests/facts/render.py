"""Render data/ as the short tables in golden/, for eyes and for comparison.

``python tests/facts/render.py`` names the tables that differ; with ``--write`` it rewrites them. Do that
after a deliberate change, then read the difference line by line before committing: it is the review.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import facts

GOLDEN = Path(__file__).resolve().parent / "golden"

MAPPINGS_HEAD = """\
# Every row of every level table. "8-7": level 8 of the first framework has a row to level 7 of the second.
# A question mark ends a row that is general knowledge and was never seen in a text.
# First line: id | kind, status, strength | complete or open | what else is said of the table.
"""
FRAMEWORKS_HEAD = """\
# id | jurisdiction, kind, status, year it began | levels from the lowest and their evidence
#    | types of qualification | credit system
# Levels in square brackets are parallel tracks: none is above another. A hyphen: not stated or not found.
"""
CREDITS_HEAD = """\
# id | jurisdiction | hours of one credit | credits of a full-time year | evidence | what else decides
# A hyphen: not stated.
"""
POLICIES_HEAD = """\
# Micro-credentials: id | framework | year | credits | hours | levels
#    | assessed, quality assured, registered, stackable
# Prior learning: id | framework | admission, credit, whole award | caps
# Credit transfer: id | framework | year | rules
# yes, no, or a hyphen: not stated.
"""
PENDING_HEAD = """\
# Relations whose level table was not seen: from > to | kind | year | state
"""
RULES_HEAD = """\
# Stacking rules: id | jurisdiction, kind | level, credit | shapes | clauses (of which in alternatives)
#    | variants, titles, exits, readings | sources read, known | things left out
# A hyphen: not stated.
"""


def dash(value):
    return "-" if value is None else str(value)


def answer(value):
    return {True: "yes", False: "no", None: "-"}[value]


def span(bounds):
    """A range with its ends, a step and an excluded upper end."""
    if bounds is None:
        return "-"
    text = f"{dash(bounds.get('min'))}..{dash(bounds.get('max'))}"
    if bounds.get("max_exclusive") is True:
        text += " (end excluded)"
    if "step" in bounds:
        text += f" step {bounds['step']}"
    return text + (f" {bounds['system']}" if "system" in bounds else "")


def mappings():
    lines = [MAPPINGS_HEAD]
    for name, m in sorted(facts.MAPPINGS.items()):
        extra = [f"document {m['document_id']}"] if m["document_id"] != name else []
        extra += [word for word in ("join", "compatibility_note") if m.get(word)]
        extra += [f"fit {m['fit']}"] if m["fit"] else []
        extra += ["not usable for recognition"] if m["usable_for_recognition"] is False else []
        extra += [f"valid until {m['valid_until']}"] if "valid_until" in m else []
        extra += [f"derived from {', '.join(m['derived_from'])}"] if m["derived_from"] else []
        head = [
            name,
            f"{m['kind']}, {m['status']}, {m['strength']}",
            "complete" if m["pairs_complete"] else "open",
            *extra,
        ]
        lines.append(" | ".join(head))
        known = facts.known_rows(m)
        lines.append(
            "  rows " + ", ".join(f"{a}-{b}" + ("?" if (a, b) in known else "") for a, b in m["pairs"])
        )
        if m["partial"]:
            lines.append("  partial " + ", ".join(f"{row['from']}-{row['to']}" for row in m["partial"]))
        for multi in m["multi"]:
            cases = [
                f"{case['to']} for {' / '.join(case.get('types', ['-']))}" for case in multi["when"] or []
            ]
            lines.append(
                f"  {multi['type']} {multi['from']}: " + ("; ".join(cases) or ", ".join(multi["to"]))
            )
        for field in ("unmatched", "unmatched_to"):
            if m[field]:
                lines.append(
                    f"  {field.replace('_', ' ')} " + ", ".join(entry["level"] for entry in m[field])
                )
        if m["unresolved"]:
            lines.append(
                "  unresolved " + ", ".join(f"{entry['side']} {entry['level']}" for entry in m["unresolved"])
            )
    return "\n".join(lines) + "\n"


def levels(framework):
    words, group = [], None
    for level in framework["levels"]:
        if group is not None and level.get("parallel") != group:
            words[-1] += "]"
        opening = "[" if level.get("parallel") is not None and level["parallel"] != group else ""
        group = level.get("parallel")
        words.append(opening + level["code"].replace(" ", "_"))
    if group is not None:
        words[-1] += "]"
    return " ".join(words) or "-"


def frameworks():
    lines = [FRAMEWORKS_HEAD]
    for name, f in sorted(facts.FRAMEWORKS.items()):
        kind = " ".join(
            [f["jurisdiction"], f["kind"], dash(f["status"]), dash(f["since"])]
            + (["hub"] if f["hub"] else [])
        )
        types = f"{len(f['qualification_types'])} types {dash(f['qualification_types_evidence'])}"
        lines.append(
            " | ".join([name, kind, f"{levels(f)} {f['levels_evidence']}", types, dash(f["credit_system"])])
        )
    return "\n".join(lines) + "\n"


def credit_systems():
    lines = [CREDITS_HEAD]
    for name, c in sorted(facts.CREDIT_SYSTEMS.items()):
        extra = ["class hours only"] if c.get("contact_only") else []
        extra += [f"{r['ratio']} {r['to']} by agreement" for r in c.get("official_ratios", [])]
        extra += [f"alias of {c['alias_of']}"] if "alias_of" in c else []
        extra += [c["status"]] if "status" in c else []
        extra += [f"step {c['minimum_step']}"] if "minimum_step" in c else []
        hours, year = span(c["hours_per_credit"]), dash(c["credits_per_year"])
        lines.append(
            " | ".join([name, c["jurisdiction"], f"hours {hours}", f"year {year}", c["evidence"], *extra])
        )
    return "\n".join(lines) + "\n"


def policies():
    lines = [POLICIES_HEAD, "Micro-credentials"]
    for name, p in sorted(facts.MICROCREDENTIAL.items()):
        flags = [
            answer(p[f])
            for f in ("assessment_required", "quality_assured", "registered_on_framework", "stackable")
        ]
        sizes = [f"credits {span(p['credits'])}", f"hours {span(p['hours'])}", f"levels {span(p['levels'])}"]
        lines.append(" | ".join([name, dash(p["framework"]), dash(p["year"]), *sizes, ", ".join(flags)]))
    lines.append("\nPrior learning")
    for name, p in sorted(facts.RPL.items()):
        flags = [answer(p[f]) for f in ("access_rpl", "credit_rpl", "full_award_by_rpl")]
        caps = [f"{cap['max_share']} of {cap['applies_to']}" for cap in p["caps"]]
        caps += [f"{cap['max_share']} of an intake" for cap in p["cohort_caps"]]
        lines.append(
            " | ".join([name, dash(p["framework"]), ", ".join(flags), "; ".join(caps) or "no cap seen"])
        )
    lines.append("\nCredit transfer")
    for name, p in sorted(facts.CREDIT_TRANSFER.items()):
        rules = []
        for rule in p["rules"]:
            values = [rule[key] for key in ("max_share", "threshold", "value") if key in rule]
            rules.append(
                " ".join([rule["kind"], *(answer(v) if isinstance(v, bool) else str(v) for v in values)])
            )
        lines.append(" | ".join([name, dash(p["framework"]), dash(p["year"]), "; ".join(rules)]))
    return "\n".join(lines) + "\n"


def pending():
    lines = [PENDING_HEAD]
    for p in facts.PENDING:
        lines.append(
            " | ".join([f"{p['from']} > {p['to'] or p['to_name']}", p["kind"], dash(p["year"]), p["state"]])
        )
    return "\n".join(lines) + "\n"


def rules():
    lines = [RULES_HEAD]
    for name, r in sorted(facts.RULES.items()):
        paths = facts.clauses(r)
        apart = sum(path.startswith(("variants/", "titles/", "exits/")) for path in paths)
        others = [len(r.get(kind, {})) for kind in ("variants", "titles", "exits", "readings")]
        marks = Counter(source["evidence"] for source in r["sources"])
        lines.append(
            " | ".join(
                [
                    name,
                    f"{dash(r.get('jurisdiction'))}, {r.get('kind', 'award')}",
                    f"{dash(r.get('level'))}, {dash(r.get('credit'))}",
                    " ".join(r.get("shapes", [])) or "-",
                    f"{len(paths)} clauses" + (f" ({apart})" if apart else ""),
                    ", ".join(str(number) for number in others),
                    f"{marks['read']} read, {marks['known']} known",
                    f"{len(r.get('informative', {}))} left out",
                ]
            )
        )
    return "\n".join(lines) + "\n"


def counts():
    rows = Counter()
    for m in facts.MAPPINGS.values():
        known, listed = facts.known_rows(m), {tuple(pair) for pair in m["pairs"]}
        rows.update("known" if pair in known else "read" for pair in listed)
        rows.update(
            partial=len(m["partial"]),
            partial_only=sum((p["from"], p["to"]) not in listed for p in m["partial"]),
        )
    types = [kind for f in facts.FRAMEWORKS.values() for kind in f["qualification_types"]]
    found = {
        "frameworks": len(facts.FRAMEWORKS),
        "frameworks by evidence of levels": dict(
            Counter(f["levels_evidence"] for f in facts.FRAMEWORKS.values())
        ),
        "frameworks with a level list": sum(bool(f["levels"]) for f in facts.FRAMEWORKS.values()),
        "hubs": sum(f["hub"] for f in facts.FRAMEWORKS.values()),
        "levels": sum(len(f["levels"]) for f in facts.FRAMEWORKS.values()),
        "levels in parallel tracks": sum(
            "parallel" in level for f in facts.FRAMEWORKS.values() for level in f["levels"]
        ),
        "qualification types": len(types),
        "documents": len(facts.DOCUMENTS),
        "mappings": len(facts.MAPPINGS),
        "mappings by status": dict(Counter(m["status"] for m in facts.MAPPINGS.values())),
        "mappings by evidence of rows": dict(Counter(m["pairs_evidence"] for m in facts.MAPPINGS.values())),
        "rows": rows["read"] + rows["known"],
        "rows read": rows["read"],
        "rows known only": rows["known"],
        "partial rows": rows["partial"],
        "partial rows that are not rows of the table": rows["partial_only"],
        "levels unmatched": sum(len(m["unmatched"]) for m in facts.MAPPINGS.values()),
        "levels unmatched on the other side": sum(len(m["unmatched_to"]) for m in facts.MAPPINGS.values()),
        "levels unresolved": sum(len(m["unresolved"]) for m in facts.MAPPINGS.values()),
        "pending relations": len(facts.PENDING),
        "credit systems": len(facts.CREDIT_SYSTEMS),
        "credit systems by evidence": dict(Counter(c["evidence"] for c in facts.CREDIT_SYSTEMS.values())),
        "micro-credential policies": len(facts.MICROCREDENTIAL),
        "definitions": len(facts.DEFINITIONS),
        "clauses of definitions": sum(len(d["clauses"]) for d in facts.DEFINITIONS.values()),
        "prior learning policies": len(facts.RPL),
        "credit transfer policies": len(facts.CREDIT_TRANSFER),
        "award rules": len(facts.AWARD_RULES),
        "conversions": len(facts.CONVERSIONS),
        "label placements": len(facts.LABEL_PLACEMENTS),
        "stacking rules": len(facts.RULES),
        "stacking rules by kind": dict(Counter(r.get("kind", "award") for r in facts.RULES.values())),
        "clauses of stacking rules": sum(len(facts.clauses(r)) for r in facts.RULES.values()),
        "sources of stacking rules by evidence": dict(
            Counter(source["evidence"] for r in facts.RULES.values() for source in r["sources"])
        ),
    }
    return json.dumps(found, indent=2, sort_keys=True) + "\n"


def digests():
    """One fingerprint per file of facts, over its content and not its layout."""
    lines = []
    for path in sorted(p for p in facts.DATA.rglob("*.json") if facts.SCHEMAS not in p.parents):
        content = json.dumps(facts.read(path), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        lines.append(
            f"{hashlib.sha256(content.encode()).hexdigest()[:16]}  {path.relative_to(facts.DATA).as_posix()}"
        )
    return "\n".join(lines) + "\n"


TABLES = {
    "mappings.txt": mappings,
    "frameworks.txt": frameworks,
    "credit_systems.txt": credit_systems,
    "policies.txt": policies,
    "pending.txt": pending,
    "rules.txt": rules,
    "counts.json": counts,
    "digests.txt": digests,
}


def main(arguments):
    differ = [
        name
        for name, table in TABLES.items()
        if not (GOLDEN / name).exists() or (GOLDEN / name).read_text("utf-8") != table()
    ]
    for name in differ:
        if "--write" in arguments:
            (GOLDEN / name).write_text(TABLES[name](), "utf-8")
        print(("rewritten: " if "--write" in arguments else "differs: ") + name)
    return 0 if "--write" in arguments or not differ else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Small random rules and records over the whole rule language.

Everything comes from one seeded ``random.Random``, so that an instance is named by its seed. Sizes
are chosen so that every allocation can be tried.
"""

from __future__ import annotations

import random

SCALE = {"order": ["F", "D", "C", "B", "A"], "points": {"F": 0, "D": 1, "C": 2, "B": 3, "A": 4}}
TAGS = ["core", "elective", "digital", "subject:art", "subject:law", "subject:art-history"]
UNITS = ["U1", "U2", "U3", "U4", "U5"]
ORIGINS = ["taught", "rpl", "rpl.exam", "transfer", "micro", "micro.mooc"]
PROVIDERS = ["home", "away", "other"]
LEVELS = ["eqf:4", "eqf:5", "eqf:6", "eqf:7", "ie-nfq:6", "ie-nfq:7", "ie-nfq:8", "local:1", "local:2", "local:3"]
BOUNDS = ["eqf:5", "eqf:6", "ie-nfq:7", "local:2"]
MODES = ["online", "campus"]
OUTCOMES = ["o1", "o2", "o3"]
DAYS = ["2019-06-30", "2021-01-15", "2021-06-30", "2022-06-30", "2023-01-31", "2024-06-30"]
AWARDS = ["old-diploma", "old-degree"]
MEASURES = ["credits", "credits", "credits", "units", "hours", "points"]


class Maker:
    """One instance from one seed.

    Parameters
    ----------
    seed : int
    blanks : float
        Chance that an attribute of an item is not stated.
    clauses : int
        About how many clauses a rule has.
    """

    def __init__(self, seed, blanks=0.08, clauses=4):
        self.random = random.Random(seed)
        self.blanks = blanks
        self.clauses = clauses
        self.split = self.chance(0.12)
        self.measure = self.random.choice(["credits"] * 6 + ["units", "hours"])
        self.place_ids = []
        self.clauses_so_far = []
        self.floor_ids = []

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, things):
        return self.random.choice(things)

    def some(self, things, least=0, most=2):
        return self.random.sample(things, min(len(things), self.random.randint(least, most)))

    # -- records

    def item(self, number):
        stated = {
            "unit": self.pick(UNITS),
            "credits": self.credits(),
            "hours": self.random.randint(1, 6) * 10,
            "points": self.random.randint(1, 4),
            "level": self.pick(LEVELS)
            if self.chance(0.8)
            else self.some(LEVELS[:4], 1, 1) + self.some(LEVELS[4:7], 1, 1),
            "origin": self.pick(ORIGINS) if self.chance(0.85) else self.some(ORIGINS, 1, 2),
            "provider": self.pick(PROVIDERS),
            "field": self.pick(["06", "0613", "0311"]),
            "grade": self.pick([*SCALE["order"], "ungraded"]),
            "tags": self.some(TAGS, 0, 3),
            "date": self.pick(DAYS),
            "mode": self.pick(MODES),
            "quality_assured": self.chance(0.7),
            "assessed": self.chance(0.7),
            "outcomes": self.some(OUTCOMES, 0, 2),
            "used_for": self.some(AWARDS, 0, 1) if self.chance(0.3) else [],
        }
        if self.chance(0.15):
            stated["part_of"] = self.pick(AWARDS)
        item = {"id": f"i{number}"}
        for key, value in stated.items():
            blank = self.blanks * (0.3 if key in ("credits", "hours", "points") else 1)
            if not self.chance(blank):
                item[key] = value
        if self.chance(0.08):
            item["status"] = self.pick(["failed", "exempted", "planned"])
        if self.chance(0.08):
            item["whole"] = self.chance(0.5)
        if self.chance(0.12):
            item["count"] = 2
        return item

    def credits(self):
        kind = self.random.random()
        if self.split:
            return self.random.randint(1, 3)
        if kind < 0.75:
            return self.random.randint(0, 4) * 5
        if kind < 0.85:
            return self.pick(["5/2", "15/2"])
        if kind < 0.93:
            return {"min": 5, "max": self.pick([5, 10])}
        return self.pick(["5 ects", "10 nz-credit"])

    def record(self, items):
        record = {
            "language": 1,
            "as_of": "2025-01-01",
            "credit": "ects",
            "items": [self.item(number) for number in range(items)],
            "requirements": {"r0": self.pick([True, True, True, False, 3, None])},
            "parameters": self.pick([{}, {"kind": "long"}, {"kind": "short"}, {"kind": "long", "size": 20}]),
        }
        if self.chance(0.8):
            record["awards"] = [{"id": each, "kind": "diploma", "credits": 30} for each in self.some(AWARDS, 0, 2)]
        if self.chance(0.7):
            record["dates"] = {"registration": "2020-09-01", "admission": "2020-06-01"}
        if self.chance(0.2):
            record["decisions"] = [{"apply": self.pick(["substitutions/s0", "waivers/w0"]), "by": "board"}]
        return record

    # -- selectors, conditions, numbers

    def selector(self, depth=0):
        kind = self.random.random()
        if kind < 0.08:
            return "everything"
        if depth < 2 and kind < 0.2:
            return self.pick(
                [
                    lambda: {"any": [self.selector(depth + 1), self.selector(depth + 1)]},
                    lambda: {"all": [self.selector(depth + 1), self.selector(depth + 1)]},
                    lambda: {"not": self.selector(depth + 1)},
                ]
            )()
        simple = [
            lambda: {"tag": self.pick(TAGS)},
            lambda: {"tag": self.some(TAGS, 1, 2)},
            lambda: {"tag": "subject:*"},
            lambda: {"level": {"at_least": self.pick(BOUNDS)}},
            lambda: {"level": {"at_most": self.pick(BOUNDS)}},
            lambda: {"level": {"exactly": self.pick(BOUNDS)}},
            lambda: {"origin": self.pick(ORIGINS)},
            lambda: {"origin": "rpl"},
            lambda: {"provider": self.pick(["awarding", "other", "away"])},
            lambda: {"field": self.pick(["06", "0613"])},
            lambda: {"mode": "online"},
            lambda: {"unit": self.some(UNITS, 1, 3)},
            lambda: {"grade": {"at_least": self.pick(["D", "C", "B"]), "scale": "letters"}},
            lambda: {"grade": {"at_least": "C", "scale": "letters", "ungraded": self.pick(["pass", "fail"])}},
            lambda: {"date": {"from": "2021-01-01"}},
            lambda: {"age": {"at_most": self.pick(["3 years", "18 months", "4 years"])}},
            lambda: {"age": {"at_most": "2 years", "to": self.pick(["claim", "registration"])}},
            lambda: {"quality_assured": True},
            lambda: {"assessed": True},
            lambda: {"outcome": self.pick(OUTCOMES)},
            lambda: {"status": self.pick(["passed", "failed"])},
            lambda: {"part_of": self.pick(AWARDS)},
            lambda: {"credits": {self.pick(["at_least", "at_most", "exactly"]): self.pick([5, 10])}},
            lambda: {"hours": {"at_least": 30}},
            lambda: {"used": self.chance(0.5)},
            lambda: {"used_for": self.pick([*AWARDS, "diploma"])},
        ]
        first = self.pick(simple)()
        if self.chance(0.15):
            first = {**first, **self.pick(simple)()}
        return first

    def wide(self):
        """A selector that takes much, so that places fill."""
        return self.pick(["everything", {"tag": self.some(TAGS, 2, 4)}, {"not": self.selector(1)}, self.selector()])

    def condition(self, depth=0):
        kind = self.random.random()
        if depth < 1 and kind < 0.25:
            return self.pick(
                [
                    lambda: {"all": [self.condition(1), self.condition(1)]},
                    lambda: {"any": [self.condition(1), self.condition(1)]},
                    lambda: {"not": self.condition(1)},
                ]
            )()
        return self.pick(
            [
                lambda: {"holds": self.selector(1), "min": self.random.randint(1, 2)},
                lambda: {"holds": self.selector(1), "min": 10, "measure": "credits"},
                lambda: {"parameter": "kind", "is": self.pick(["long", "short"])},
                lambda: {"parameter": "size", "at_least": 10},
                lambda: {"award": self.pick([*AWARDS, "diploma"])},
            ]
        )()

    def number(self, measure, top=None):
        amount = {
            "credits": lambda: self.pick([0, 5, 5, 10, 10, 15, 20, 25, "15/2"]),
            "units": lambda: self.random.randint(0, 3),
            "hours": lambda: self.random.randint(1, 8) * 10,
            "points": lambda: self.random.randint(1, 6),
        }[measure]
        if self.split and measure == "credits":
            return self.random.randint(1, 5)
        kind = self.random.random()
        if kind < 0.9:
            return amount()
        if kind < 0.93:
            return None
        if kind < 0.96 and measure == "credits":
            return {"parameter": "size"}
        return {"table": [{"when": self.condition(), "value": amount()}], "otherwise": amount()}

    def measured(self):
        measure = self.pick(MEASURES)
        return measure, ({} if measure == self.measure else {"measure": measure})

    def bounds(self, measure):
        kind = self.random.random()
        if kind < 0.45:
            return {"min": self.number(measure)}
        if kind < 0.65:
            return {"max": self.number(measure)}
        if kind < 0.75:
            return {"exact": self.number(measure)}
        low, high = self.number(measure), self.number(measure)
        if isinstance(low, int) and isinstance(high, int):
            return {"min": min(low, high), "max": max(low, high)}
        return {}

    def when(self):
        return {"when": self.condition()} if self.chance(0.08) else {}

    def share(self, key, bases):
        clause = {key: self.pick(["1/2", "1/3", "1/4", "2/3", 1]), "base": self.pick(bases)}
        if self.chance(0.3):
            clause["rounding"] = self.pick(["down", "up", "half-up"])
            if self.chance(0.4):
                clause["grain"] = 5
        return clause

    def inside(self):
        return {"in": self.some(self.place_ids, 1, 2)} if self.place_ids and self.chance(0.3) else {}

    # -- clauses

    def places(self):
        places = {}
        for number in range(self.pick([0, 1, 2, 2, 3])):
            measure, named = self.measured()
            place = {"from": self.wide(), **named, **self.bounds(measure), **self.when()}
            if self.chance(0.12):
                place["for_each"] = self.pick(["tag:subject", "provider", "mode"])
            if self.chance(0.15):
                place["all"] = True
                if self.chance(0.7):
                    place["from"] = {"unit": self.some(UNITS, 1, 2)}
            places[f"p{number}"] = place
        if places and self.chance(0.25):
            holder = {}
            if self.chance(0.3):
                holder["from"] = self.wide()
            if self.chance(0.6):
                measure, named = self.measured()
                holder |= {**named, **self.bounds(measure)}
            if self.chance(0.5):
                holder["choose"] = self.pick([1, {"min": 1}, {"min": 1, "max": 1}, {"max": 1}])
            if self.chance(0.2):
                holder["use"] = self.pick(["exclusive", "shared"])
            for place in places.values():
                if self.chance(0.8):
                    place["inside"] = "group"
            if any(place.get("inside") for place in places.values()):
                places["group"] = holder
        self.place_ids = sorted(places)
        return places

    def floor(self):
        measure, named = self.measured()
        floor = {"from": self.selector(), **self.inside(), **self.when()}
        kind = self.random.random()
        if kind < 0.5:
            floor |= {**named, "min": self.number(measure)}
        elif kind < 0.7:
            bases = ["target", "counted", "component", *(f"place:{each}" for each in self.place_ids)]
            floor |= {**named, **self.share("min_share", bases)}
        elif kind < 0.82:
            floor |= {
                "distinct": self.pick(["tag:subject", "provider", "level", "mode"]),
                "min": self.random.randint(1, 3),
            }
        elif kind < 0.9:
            floor |= {**named, "min": self.number(measure), "over": "record"}
        elif kind < 0.95:
            floor |= {"measure": "credits", "of_last": self.pick([5, 10, 15]), "min": 5}
        else:
            floor |= {"from": {"unit": self.some(UNITS, 1, 2)}, "all": True}
        if "all" not in floor and self.chance(0.08):
            floor["for_each"] = self.pick(["tag:subject", "provider"])
        return floor

    def cap(self):
        measure, named = self.measured()
        cap = {"from": self.selector(), **named, **self.inside(), **self.when()}
        if self.chance(0.6):
            cap["max"] = self.number(measure)
        else:
            bases = [
                "target",
                "counted",
                "component",
                "source",
                "smaller",
                *(f"place:{each}" for each in self.place_ids),
            ]
            cap |= self.share("max_share", bases)
        if self.chance(0.1):
            cap["for_each"] = self.pick(["provider", "origin", "tag:subject"])
        if self.chance(0.08) and cap.get("base") not in ("source",) and not str(cap.get("base")).startswith("place:"):
            cap["effect"] = "invalid"
        return cap

    def rule(self):
        rule = {
            "language": 1,
            "id": "random",
            "title": "A random rule",
            "credit": "ects",
            "awarding": "home",
            "sources": [{"id": "none", "title": "Nobody's rule", "evidence": "known"}],
            "scales": {"letters": SCALE, "local": {"order": ["1", "2", "3"]}},
            "parameters": {
                "kind": {"what": "kind", "type": "text"},
                "size": {"what": "size", "type": "number", "default": self.pick([10, None])},
                "target": {"what": "size of the award", "type": "number", "default": self.pick([20, None])},
            },
        }
        if self.measure != "credits":
            rule["measure"] = self.measure
        if self.chance(0.7):
            rule["conversion"] = {"way": self.pick(["year", "hours"])}
        if self.chance(0.7):
            rule["total"] = {**self.bounds(self.measure), **self.when()}
            self.clauses_so_far.append("total")
        places = self.places()
        if places:
            rule["places"] = places
        if self.chance(0.2):
            rule["units"] = [
                {"unit": unit, "tags": self.some(TAGS, 0, 2), "level": "eqf:5"} for unit in self.some(UNITS, 1, 3)
            ]
        for number in range(self.random.randint(0, self.clauses)):
            section, make = self.pick(self.sections())
            rule.setdefault(section, {})[f"{section[0]}{number}"] = make()
            if section in ("floors", "outcomes", "caps"):
                self.clauses_so_far.append(f"{section}/{section[0]}{number}")
        if self.chance(0.1) and len(rule.get("caps", {})) > 1:
            first = sorted(rule["caps"])[:2]
            rule["caps"]["union"] = {"union": first, "max": self.number(self.measure)}
        self.allocation(rule)
        self.reuse(rule)
        if self.chance(0.1):
            rule["admits"] = self.pick([["passed"], ["passed", "failed"], ["passed", "exempted", "failed"]])
        if self.chance(0.1):
            edit = {"replace": self.pick([{"unit": "U1"}, {"tag": "core"}, "everything"]), "by": self.selector()}
            edit |= self.pick([{}, {}, {"gives": "exemption"}, {"gives": "unassigned"}])
            edit |= self.pick([{}, {"decided_by": "board"}, {"when": self.condition()}])
            rule["substitutions"] = {"s0": edit}
        self.comparable(rule)
        return rule

    def sections(self):
        return [
            ("floors", self.floor),
            ("floors", self.floor),
            ("caps", self.cap),
            ("caps", self.cap),
            ("caps", self.cap),
            ("exclusions", lambda: self.exclusion()),
            (
                "eligibility",
                lambda: {"from": self.selector(), "require": self.selector(), **self.inside(), **self.when()},
            ),
            ("windows", lambda: self.window()),
            ("pace", lambda: self.pace()),
            ("prerequisites", lambda: self.prerequisite()),
            ("outcomes", lambda: self.outcome()),
            ("requirements", lambda: self.requirement()),
            ("averages", lambda: self.average()),
        ]

    def comparable(self, rule):
        """Shares of a size in another measure are refused: of what is counted, then."""
        clauses = [*rule.get("floors", {}).values(), *rule.get("caps", {}).values()]
        for clause in [*clauses, *rule.get("allocation", {}).get("overlap", {}).values()]:
            if "min_share" not in clause and "max_share" not in clause:
                continue
            sized = {"target": self.measure, "smaller": "credits", "source": "credits"}
            if sized.get(clause["base"], clause.get("measure", self.measure)) != clause.get("measure", self.measure):
                clause["base"] = "counted"

    def exclusion(self):
        clause = {"sets": [self.selector(1), self.selector(1)], **self.inside(), **self.when()}
        if self.chance(0.2):
            clause["sets"].append(self.selector(1))
        if self.chance(0.1):
            clause["effect"] = "invalid"
        if self.chance(0.2):
            clause["max"] = self.pick([0, 2])
        return clause

    def window(self):
        clause = {"span": self.pick(["1 year", "2 years", "18 months", None]), **self.inside(), **self.when()}
        if self.chance(0.5):
            clause["from"] = self.selector()
        if self.chance(0.5):
            clause["starts"] = self.pick(["earliest", "registration", "admission"])
        return clause

    def pace(self):
        measure, named = self.measured()
        clause = {
            "per": self.pick(["year", "semester", "quarter"]),
            "max": self.number(measure),
            **named,
            **self.when(),
        }
        if self.chance(0.4):
            clause["from"] = self.selector()
        return clause

    def prerequisite(self):
        met = [f"places/{each}" for each in self.place_ids] + self.clauses_so_far
        needs = self.pick(
            [
                lambda: {"holds": self.selector(1)},
                lambda: {"award": self.pick(AWARDS)},
                lambda: {"any": [{"holds": self.selector(1)}, {"award": "diploma"}]},
                lambda: {"all": [{"holds": self.selector(1)}, {"holds": self.selector(1)}]},
                *(
                    [
                        lambda: {"met": self.pick(met)},
                        lambda: {"met": self.pick(met)},
                        lambda: {"any": [{"met": self.pick(met)}, {"met": self.pick(met)}]},
                        lambda: {"any": [{"met": self.pick(met)}, {"holds": self.selector(1)}]},
                    ]
                    if met
                    else []
                ),
            ]
        )()
        clause = {"for": self.selector(1), "needs": needs, **self.when()}
        if self.chance(0.5):
            clause["timing"] = self.pick(["before", "with", "after", "any"])
        if self.chance(0.3):
            clause["via_rpl"] = self.chance(0.5)
        return clause

    def outcome(self):
        clause = {"set": self.pick([["o1"], ["o1", "o2"], ["o1", "o2", "o3"], None]), **self.when()}
        clause |= self.pick([{"all": True}, {"min": 1}, {"min_share": "1/2"}])
        if self.chance(0.3):
            clause["from"] = self.selector()
        if self.chance(0.2):
            clause["per"] = "unit"
        return clause

    def requirement(self):
        clause = {"what": "a placement", **self.when()}
        if self.chance(0.4):
            clause["needs"] = self.condition()
        if self.chance(0.3):
            clause["min"] = self.pick([2, 4])
        return clause

    def average(self):
        clause = {"scale": "letters", "min": self.pick([1, 2, "5/2", 3]), **self.inside(), **self.when()}
        if self.chance(0.4):
            clause["from"] = self.selector()
        if self.chance(0.4):
            clause["repeats"] = self.pick(["best", "all", "last"])
        if self.chance(0.3):
            clause["ungraded"] = self.pick(["skip", "pass", "fail"])
        if self.chance(0.25):
            clause["over"] = "record"
            clause.pop("in", None)
        if self.chance(0.3):
            clause["weight"] = self.pick(["units", "hours"])
        if self.chance(0.15):
            clause["rounding"] = self.pick(["down", "half-up", "up", "half-even"])
        return clause

    def allocation(self, rule):
        allocation = {}
        if self.split:
            allocation["items"] = "splittable"
        elif self.chance(0.3):
            allocation["use"] = "shared"
        if len(self.place_ids) > 1 and not self.split and self.chance(0.35):
            measure, named = self.measured()
            overlap = {"between": self.random.sample(self.place_ids, 2)}
            kind = self.random.random()
            if kind < 0.5:
                overlap |= {**named, "max": self.number(measure)}
            elif kind < 0.8:
                overlap |= {**named, **self.share("max_share", ["target", "smaller", f"place:{self.place_ids[0]}"])}
            if self.chance(0.2):
                overlap["from"] = self.selector()
            allocation["overlap"] = {"o0": {**overlap, **self.when()}}
        if self.chance(0.1):
            allocation["max_places"] = self.pick([1, 2])
        if self.chance(0.05):
            allocation["max_awards"] = self.pick([1, 2])
        if allocation:
            rule["allocation"] = allocation

    def reuse(self, rule):
        kind = self.random.random()
        if kind < 0.3:
            rule["reuse"] = {"used_elsewhere": "free"}
        elif kind < 0.4:
            rule["reuse"] = {"used_elsewhere": "barred"}
        elif kind < 0.5:
            limit = {"award": self.pick([*AWARDS, "diploma"]), "max": self.number(self.measure)}
            rule["reuse"] = {"used_elsewhere": "limited", "limits": {"l0": limit}}


def instance(seed, items=None, blanks=0.08, clauses=4):
    """A rule and a record.

    Parameters
    ----------
    seed : int
    items : int, optional
        Number of items; default 1 to 5.
    blanks : float
        Chance that an attribute of an item is not stated.
    clauses : int
        Most clauses beside places and total.

    Returns
    -------
    (dict, dict)
    """
    maker = Maker(seed, blanks, clauses)
    rule = maker.rule()
    return rule, maker.record(maker.random.randint(1, 5) if items is None else items)


# -- records for a given rule


def words_of(rule):
    """Words that the selectors of a rule ask for, by key."""
    found = {
        "tag": set(),
        "unit": set(),
        "level": set(),
        "origin": set(),
        "provider": set(),
        "mode": set(),
        "field": set(),
    }

    def walk(value, key):
        if isinstance(value, dict):
            for name, below in value.items():
                if name in ("sources", "source", "notes", "informative"):
                    continue
                if key == "level" and name in ("at_least", "at_most", "exactly"):
                    walk(below, "level")
                else:
                    walk(below, name)
        elif isinstance(value, list):
            for each in value:
                walk(each, key)
        elif isinstance(value, str) and key in found:
            found[key].add(value.replace("*", "x"))

    walk(rule, "")
    for each in ("for_each", "distinct"):
        for name in _values(rule, each):
            if name.startswith("tag:"):
                found["tag"].update(f"{name[4:]}:{value}" for value in ("x", "y", "z"))
    return {key: sorted(value) for key, value in found.items()}


def _values(tree, key):
    if isinstance(tree, dict):
        for name, below in tree.items():
            if name == key and isinstance(below, str):
                yield below
            yield from _values(below, key)
    elif isinstance(tree, list):
        for below in tree:
            yield from _values(below, key)


def record_for(rule, seed, items=20, blanks=0.03):
    """A random record in the words of a rule, so that its places fill.

    Parameters
    ----------
    rule : dict
    seed : int
    items : int
    blanks : float
        Chance that an attribute is not stated.
    """
    maker = random.Random(f"{rule['id']} {seed}")
    words = words_of(rule)
    grades = [
        grade for scale in rule.get("scales", {}).values() for grade in scale.get("points") or scale.get("order", ())
    ]
    made = []
    for number in range(items):
        item = {
            "credits": maker.choice([3, 5, 6, 10, 15, 15, 20, 30, "15/2"]),
            "hours": maker.choice([30, 60, 60, 120]),
            "points": maker.randint(1, 4),
            "tags": maker.sample(words["tag"], min(len(words["tag"]), maker.choice([0, 1, 1, 1, 2, 3]))),
            "origin": maker.choice(["taught", "taught", "taught", *words["origin"]]),
            "provider": maker.choice(["awarding", "awarding", "other"]),
            "date": f"{maker.randint(2020, 2024)}-{maker.choice(['01-15', '06-30'])}",
            "grade": maker.choice(grades or ["3", "4"]),
            "mode": maker.choice(words["mode"] or ["campus"]),
            "used_for": [] if maker.random() < 0.9 else ["another-award"],
            "assessed": maker.random() < 0.95,
            "quality_assured": maker.random() < 0.95,
            "outcomes": [],
        }
        if words["level"]:
            item["level"] = maker.choice(words["level"])
        if words["unit"] and maker.random() < 0.7:
            item["unit"] = maker.choice(words["unit"])
        if maker.random() < 0.04:
            item["status"] = maker.choice(["failed", "exempted"])
        made.append({"id": f"i{number:02}", **{key: value for key, value in item.items() if maker.random() >= blanks}})
    record = {"language": 1, "as_of": "2025-01-01", "items": made}
    if rule.get("credit"):
        record["credit"] = rule["credit"]
    record["dates"] = {"registration": "2020-09-01", "admission": "2020-09-01"}
    record["awards"] = []
    record["requirements"] = {name: maker.random() < 0.9 for name in rule.get("requirements", {})}
    record["parameters"] = {"target": maker.choice([60, 120, 180])} if "target" in rule.get("parameters", {}) else {}
    return record


def attempts(seed, blanks=0.25):
    """A rule with averages, and a record in which units are taken several times."""
    maker = Maker(seed, blanks, 0)
    maker.split = maker.chance(0.3)
    rule = maker.rule()
    rule["averages"] = {f"a{number}": maker.average() for number in range(maker.pick([1, 1, 2]))}
    for clause in rule["averages"].values():
        if maker.chance(0.5):
            clause.pop("over", None)
            clause.pop("from", None)
    record = maker.record(maker.random.randint(2, 4))
    for item in record["items"]:
        item["unit"] = maker.pick(["U1", "U1", "U2"])
    return rule, record

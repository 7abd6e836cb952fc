"""A made-up national catalogue of micro-credentials and their neighbours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..display import fraction_text
from ..errors import InvalidValue
from ..table import _need
from ._draw import Draw, whole

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from ..stacking import Catalogue
    from ..world import World

__all__ = ["SyntheticCatalogue", "catalogue"]

#: Fields of education (broad fields of ISCED-F 2013) and their weights.
FIELDS = {
    "01": ("Education", 9),
    "02": ("Arts and humanities", 7),
    "03": ("Social sciences", 6),
    "04": ("Business and law", 20),
    "05": ("Natural sciences", 5),
    "06": ("Information technologies", 22),
    "07": ("Engineering and construction", 12),
    "08": ("Agriculture", 4),
    "09": ("Health and welfare", 10),
    "10": ("Services", 5),
}
#: Names on the certificate: they say little of what stands behind.
LABELS = {
    "Micro-credential": 26,
    "Short course": 24,
    "Digital badge": 14,
    "Training certificate": 10,
    "Professional certificate": 8,
    "Skills programme": 6,
    "Certificate of competence": 4,
    "Part-qualification": 4,
    "Micro-qualification": 2,
    "Academic certificate": 2,
}
#: Hours of learning and their weights: most are short, some are not small by any measure.
HOURS = {
    1: 3, 2: 4, 4: 5, 8: 8, 10: 9, 15: 6, 20: 10, 25: 5, 30: 9, 40: 8, 50: 8, 60: 5, 80: 4, 100: 5, 120: 3,
    150: 3, 200: 2, 300: 1, 400: 1, 600: 1,
}  # fmt: skip
PROVIDERS = {"university": 30, "college": 32, "professional body": 10, "vendor": 18, "employer": 10}
#: Of a hundred providers of a kind: accredited, not accredited; of the rest it is not stated.
ACCREDITED = {
    "university": (88, 2),
    "college": (74, 8),
    "professional body": (34, 30),
    "vendor": (8, 62),
    "employer": (5, 60),
}
FORMS = {"certificate": 62, "badge": 24, "transcript": 8, "other": 6}
RELATIONS = ("additional", "alternate", "complementary", "component")
DOMAINS = ("knowledge", "skills", "values", "competences")
#: Attributes that are true, false or not stated, each with its weights out of 100: true, false.
TRUTHS = {
    "criteria_defined": (62, 10),
    "need_evidence": (34, 18),
    "standalone": (48, 22),
    "portable": (40, 18),
    "focused": (70, 6),
    "smaller_than_award": (72, 4),
}


class SyntheticCatalogue:
    """A made-up catalogue; it answers nothing about any country.

    Attributes
    ----------
    size, seed : int
    framework, credit, currency : str
        Whose levels and credits the rows are written in.
    """

    synthetic = True

    def __init__(
        self, size: int, seed: int, framework: str, credit: str, currency: str, hours: int, codes: list[str]
    ) -> None:
        self.size = size
        self.seed = seed
        self.framework = framework
        self.credit = credit
        self.currency = currency
        self.hours_per_credit = hours
        self._codes = codes
        self._kept: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """Name of the catalogue, with everything that makes it."""
        return f"syn-{self.framework}-{self.size}-seed-{self.seed}"

    @property
    def columns(self) -> dict[str, Any]:
        """Columns as positions in lists of values, or as numbers: what every other form is made of.

        Returns
        -------
        dict of str to (numpy.ndarray, list or None)
            Position -1 is "not stated".
        """
        if self._kept is None:
            self._kept = self._drawn()
        return self._kept

    def _drawn(self) -> dict[str, Any]:
        np = _need("numpy", "a synthetic catalogue")
        draw = Draw(self.seed, np.arange(self.size, dtype=np.uint64))
        rows = np.arange(self.size, dtype=np.int64)

        def stated(column: str, values: Any, per_cent: int) -> Any:
            return np.where(draw.chance(f"{column} stated", per_cent), values, -1)

        def truth(column: str, yes: Any, no: Any) -> Any:
            # 1 is true, 0 is false, -1 is not stated.
            drawn = draw.below(column, 100)
            return np.where(drawn < yes, 1, np.where(drawn < np.asarray(yes) + no, 0, -1))

        kinds = list(PROVIDERS)
        # Few providers have most of the rows: the product of two draws favours small numbers. How many
        # there are does not depend on the size, or a larger catalogue would not begin with the smaller.
        number = (draw.below("provider", 400) * draw.below("provider too", 400)) // 400
        providers = Draw(self.seed, number.astype(np.uint64))
        kind = providers.pick("kind of provider", list(PROVIDERS.values()))
        yes = np.asarray([ACCREDITED[name][0] for name in kinds])[kind]
        no = np.asarray([ACCREDITED[name][1] for name in kinds])[kind]
        drawn = providers.below("accredited", 100)
        accredited = np.where(drawn < yes, 1, np.where(drawn < yes + no, 0, -1))
        form = draw.pick("form", list(FORMS.values()))
        badge = form == list(FORMS).index("badge")
        hours = np.asarray(list(HOURS))[draw.pick("hours", list(HOURS.values()))]
        bearing = truth("credit_bearing", np.where(accredited == 1, 62, 14), np.where(accredited == 1, 20, 58))
        halves = hours * 2 // self.hours_per_credit
        codes = len(self._codes)
        middle = [1 + 4 * min(n, codes - 1 - n) for n in range(codes)]
        assessed = truth("assessed", np.where(badge, 48, 76), np.where(badge, 30, 8))
        relation = draw.below("relation", 1 << len(RELATIONS))
        domains = np.maximum(draw.below("domains", 1 << len(DOMAINS)), 1)
        field = draw.pick("field", [weight for _, weight in FIELDS.values()])
        price = 40 + draw.below("price", 81)
        cost = hours * price * 10
        # A row may need an earlier one of the same provider's hundred; which one is drawn.
        earlier = np.maximum(rows - 1 - draw.below("requires which", 100), 0)
        requires = np.where(draw.chance("requires", 18) & (rows > 0), earlier, -1)
        columns: dict[str, Any] = {
            "label": (draw.pick("label", list(LABELS.values())), list(LABELS)),
            "field": (field, list(FIELDS)),
            "provider": (number, None),
            "provider_kind": (kind, kinds),
            "hours": (stated("hours", hours, 84), None),
            "half_credits": (np.where((bearing == 1) & (halves > 0), halves, -1), None),
            "level": (stated("level", draw.pick("level", middle), 58), self._codes),
            "form": (stated("form", form, 90), list(FORMS)),
            "relation": (stated("relation", relation, 55), None),
            "domains": (stated("domains", domains, 60), None),
            "outcomes": (stated("outcomes", draw.below("outcomes", 6), 72), None),
            "cost": (stated("cost", cost, 82), None),
            "requires": (requires, None),
            "assessed": (assessed, None),
            "credit_bearing": (bearing, None),
            "provider_accredited": (accredited, None),
            "provider_trusted": (np.where(accredited == 1, 1, truth("trusted", 40, 16)), None),
            "quality_assured": (
                truth("quality", np.where(accredited == 1, 78, 26), np.where(accredited == 1, 4, 34)),
                None,
            ),
            "listed": (truth("listed", np.where(bearing == 1, 52, 4), np.where(bearing == 1, 16, 60)), None),
            "owner": (stated("owner", draw.pick("owner", [78, 22]), 40), ["learner", "provider"]),
        }
        for name, (true, false) in TRUTHS.items():
            columns[name] = (truth(name, true, false), None)
        return columns

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """The rows as offers of a catalogue, what is not stated left out."""
        whole("start", start)
        if stop is not None:
            whole("stop", stop)
        columns = {name: (values.tolist(), words) for name, (values, words) in self.columns.items()}
        subjects = list(FIELDS.values())
        for n in range(start, self.size if stop is None else min(stop, self.size)):
            value = {name: values[n] for name, (values, _) in columns.items()}
            kind = columns["provider_kind"][1][value["provider_kind"]]
            offer: dict[str, Any] = {
                "id": f"syn-{n}",
                "title": f"{list(LABELS)[value['label']]}: {subjects[value['field']][0]} {n} (synthetic)",
                "kind": "micro-credential" if value["hours"] < 400 else "course",
                "origin": "micro",
                "field": list(FIELDS)[value["field"]],
                "provider": f"syn-{kind.replace(' ', '-')}-{value['provider']}",
                "tags": [f"field:{list(FIELDS)[value['field']]}"],
            }
            if value["hours"] >= 0:
                offer["hours"] = value["hours"]
            if value["half_credits"] >= 0:
                half = value["half_credits"]
                offer["credits"] = f"{half // 2 if half % 2 == 0 else f'{half}/2'} {self.credit}"
            if value["level"] >= 0:
                offer["level"] = f"{self.framework}:{self._codes[value['level']]}"
            if value["form"] >= 0:
                offer["form"] = list(FORMS)[value["form"]]
            if value["relation"] >= 0:
                offer["relation"] = [name for bit, name in enumerate(RELATIONS) if value["relation"] >> bit & 1]
            if value["domains"] >= 0:
                offer["outcome_domains"] = [name for bit, name in enumerate(DOMAINS) if value["domains"] >> bit & 1]
            if value["outcomes"] >= 0:
                offer["learning_outcomes"] = value["outcomes"] > 0
                offer["outcomes"] = [f"outcome {k + 1} of syn-{n}" for k in range(value["outcomes"])]
            if value["cost"] >= 0:
                offer["cost"] = value["cost"]
            if value["hours"] >= 0:
                offer["months"] = max(1, -(-value["hours"] // 80))
            if value["requires"] >= 0:
                offer["requires"] = {"holds": {"unit": f"syn-{value['requires']}"}}
            if value["owner"] >= 0:
                offer["owner"] = columns["owner"][1][value["owner"]]
            if value["listed"] >= 0:
                offer["listed_on"] = [self.framework] if value["listed"] else []
            for name in (
                "assessed",
                "credit_bearing",
                "provider_accredited",
                "provider_trusted",
                "quality_assured",
                *TRUTHS,
            ):
                if value[name] >= 0:
                    offer[name] = bool(value[name])
            yield offer

    def to_catalogue(self) -> Catalogue:
        """The catalogue for completions and pathways."""
        from ..stacking import Catalogue

        return Catalogue(
            self.rows(),
            id=self.name,
            credit=self.credit,
            currency=self.currency,
            notes="Synthetic: made up by a program.",
        )

    def to_json(self, path: str | os.PathLike[str]) -> None:
        """Write the catalogue as JSON, one offer a line."""
        head = {
            "language": 1,
            "catalogue": self.name,
            "credit": self.credit,
            "currency": self.currency,
            "notes": "Synthetic: made up by a program.",
        }
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "offers": [\n')
            for number, offer in enumerate(self.rows()):
                file.write((",\n" if number else "") + json.dumps(offer, ensure_ascii=False))
            file.write("\n]}\n")

    def to_arrow(self) -> Any:
        """The attributes as a pyarrow table: words dictionary-encoded, truths as nullable booleans.

        Columns are named as the attributes of a credential; lists (``relation``, ``outcome_domains``,
        ``listed_on``) are texts joined with ``;``, as in any table of credentials, ``-`` for "known to
        be none".
        """
        pa = _need("pyarrow", "a catalogue as an Arrow table")
        np = _need("numpy", "a synthetic catalogue")

        def words(positions: Any, values: list[str]) -> Any:
            filled = np.where(positions < 0, 0, positions).astype(np.int32)
            return pa.DictionaryArray.from_arrays(pa.array(filled, mask=positions < 0), pa.array(values, pa.string()))

        def sets(positions: Any, names: tuple[str, ...]) -> Any:
            texts = [
                ";".join(name for bit, name in enumerate(names) if number >> bit & 1) or "-"
                for number in range(1 << len(names))
            ]
            return words(positions, texts)

        data = {name: values for name, (values, _) in self.columns.items()}
        top = int(data["half_credits"].max(initial=0))
        amounts = [f"{n // 2 if n % 2 == 0 else f'{n}/2'} {self.credit}" for n in range(top + 1)]
        levels = [f"{self.framework}:{code}" for code in self._codes]
        table = {
            "id": pa.array(np.char.add("syn-", np.arange(self.size).astype("U"))),
            "hours": pa.array(data["hours"], mask=data["hours"] < 0),
            "credits": words(data["half_credits"], amounts),
            "level": words(data["level"], levels),
            "form": words(data["form"], list(FORMS)),
            "relation": sets(data["relation"], RELATIONS),
            "outcome_domains": sets(data["domains"], DOMAINS),
            "learning_outcomes": pa.array(data["outcomes"] > 0, mask=data["outcomes"] < 0),
            "listed_on": words(data["listed"], ["-", self.framework]),
            "owner": words(data["owner"], ["learner", "provider"]),
        }
        for name in (
            "assessed",
            "credit_bearing",
            "provider_accredited",
            "provider_trusted",
            "quality_assured",
            *TRUTHS,
        ):
            table[name] = pa.array(data[name] == 1, mask=data[name] < 0)
        return pa.table(table)

    def to_pandas(self) -> Any:
        """The attributes as a pandas data frame."""
        return self.to_arrow().to_pandas()

    def __len__(self) -> int:
        return self.size

    def __repr__(self) -> str:
        return f"<SyntheticCatalogue: {self.size:,} made-up credentials, seed {self.seed}>"


def catalogue(
    size: int = 1_000,
    *,
    seed: int = 1,
    framework: str = "nz-nzqcf",
    credit: str = "nz-credit",
    currency: str = "NZD",
    world: World | None = None,
) -> SyntheticCatalogue:
    """Make up a national catalogue of micro-credentials.

    Parameters
    ----------
    size : int
        Number of credentials, up to ten millions; they are drawn when first asked for.
    seed : int
        The same seed gives the same rows; a larger catalogue begins with the smaller one.
    framework, credit, currency : str
        Levels, credits and currency the rows are written in. The figures are made up all the same.
    world : World, optional
        Where framework and credit system are looked up; the bundled facts if not given.

    Returns
    -------
    SyntheticCatalogue

    Raises
    ------
    InvalidValue
        For a size or seed that is none.
    UnknownId
        For a framework or credit system there is none of.

    Examples
    --------
    >>> made = catalogue(1_000, seed=7)
    >>> made
    <SyntheticCatalogue: 1,000 made-up credentials, seed 7>
    >>> next(made.rows())["id"]
    'syn-0'
    >>> list(made.rows(0, 50)) == list(catalogue(50, seed=7).rows())
    True
    """
    from ..world import load

    whole("size", size)
    whole("seed", seed)
    facts = world or load()
    codes = [level.code for level in sorted(facts.framework(framework).levels, key=lambda one: one.rank)]
    if not codes:
        raise InvalidValue(f"no level of {framework} is known: levels cannot be made up")
    hours = facts.credit_system(credit).hours_per_credit
    per_credit = int(fraction_text(hours.min).split("/")[0]) if hours is not None else 10
    return SyntheticCatalogue(size, seed, framework, credit, currency, max(per_credit, 1), codes)

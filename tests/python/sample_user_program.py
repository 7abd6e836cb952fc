"""A program as a user would write it; tests/python/test_stubs.py runs it and checks its types strictly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import qualgraph as qg


def levels(world: qg.World) -> dict[str, list[str]]:
    answer: qg.LevelAnswer = world.map_level("nz-nzqcf:8", to="eqf")
    possible: list[str] = answer.possible
    floor: str | None = answer.floor
    bracket: tuple[str | None, str | None] | None = answer.bracket
    assert answer.status == "no_counterpart" and floor is None and bracket == ("6", "7") and not possible
    for route in answer.routes:
        path: list[str] = route.path
        steps: list[qg.RouteStep] = route.steps
        assert path[0] == steps[0].from_
    conflict: qg.Conflict | None = answer.conflict
    assert conflict is None
    below: qg.Neighbour | None = answer.nearby["below"]
    assert below is not None and below.possible == ("6",)

    several: qg.FrameworkAnswer = world.map_level(["ie-nfq:7", "ie-nfq:8"], to="eqf")
    whole: qg.FrameworkAnswer = world.map_framework("ie-nfq", to="nz-nzqcf", via=["eqf"], slack=0)
    table: qg.Table = whole.table
    assert len(several) == 2 and len(table) == 10

    least: qg.LevelBound | None = world.at_least("eqf:6", on=world.framework("ie-nfq"))
    assert least is not None
    text: str = least
    sources: list[qg.Source] = least.sources
    assert text == "ie-nfq:7" and sources[0].year == 2009

    award: qg.AwardAnswer = world.map_award("ie-nfq:8", to="eqf", awarded="2010-06-30")
    then: list[str] = award.then.possible
    assert then == ["6"]

    provenance: qg.Provenance = whole["8"].provenance("7")
    withdrawals: tuple[frozenset[str], ...] = provenance.withdrawals
    assert withdrawals

    atlas: qg.LossAtlas = world.recognition_loss()
    trip: qg.RoundTrip = atlas["nz-nzqcf", "eqf"]
    lost: list[str] = trip.lost
    fates: list[str] = [level.fate for level in trip.levels]
    assert lost == ["8"] and "drifting" in fates

    report: qg.ConflictReport = world.conflicts()
    reliance: qg.Reliance = world.reliance()
    assert len(report) == 0 and len(reliance) > 0
    return {each.from_: each.possible for each in several}


def facts(world: qg.World) -> list[str]:
    nfq: qg.Framework = world.frameworks["ie-nfq"]
    level: qg.Level = nfq.level("6")
    rank: int = level.rank
    sizes: list[Fraction | None] = [
        kind.credits.min for kind in nfq.qualification_types if kind.credits is not None
    ]
    mapping: qg.Mapping = world.mapping("nz-nzqcf", "eqf")
    pairs: list[tuple[str, str]] = mapping.pairs
    year: int | None = mapping.year
    share: Fraction = mapping.retention.share
    ects: qg.CreditSystem = world.credit_system("ects")
    hours: qg.Range | None = ects.hours_per_credit
    policy: qg.Policy = world.rpl_policies["ke-rpl"]
    assert (
        rank == 6
        and sizes
        and pairs
        and year == 2016
        and share == Fraction(7, 9)
        and policy.jurisdiction == "KE"
    )
    assert hours is not None and 27 in hours
    changed: qg.World = world.with_mapping(
        "ke-knqf", "acqf", [("7", "7")], document="My own table", year=2025
    )
    older: qg.World = changed.without_documents(["nz-nzqcf>eqf@2016"]).view(
        as_of="2019-03-14", evidence="read"
    )
    assert older != world
    return [each.id for each in world.frameworks if each.hub]


def credits(world: qg.World) -> bool | None:
    held: qg.Credits = qg.credits(30, "ects") + qg.credits("5/2", "ects")
    conversion: qg.Conversion = world.convert(held, to="cats")
    by_hours: qg.Range | None = conversion.by_hours
    by_year: Fraction | qg.Range | None = conversion.by_year
    one: Fraction | qg.Range = conversion.value(way="year", rounding="down", grain="1/2")
    agreed: list[qg.Agreement] = conversion.by_agreement
    assert by_hours is not None and by_year == 65 == one and agreed
    many: qg.Table = world.convert(["30 ects", held], to="cats")
    items: qg.ConvertedItems = world.convert_items(["5 cats"] * 3, to="ects", way="year", rounding="down")
    assert len(many) == 2 and items.per_total == 7
    verdict: qg.CreditVerdict = world.check_credits(held, at_least="70 cats")
    assert verdict.verdict is None
    return world.certainly_at_least("30 ects", "60 cats")


def evidence(world: qg.World) -> Fraction:
    table: qg.GradedTable = qg.graded("100 diplomas", "ie-nfq", "eqf", {"6": {"5": 90, None: 10}})
    profile: qg.Profile = world.profile({"skills": "eqf:5", "knowledge": "eqf:6"}, official="eqf:6")
    meet: tuple[str, ...] = profile.meet
    assert meet == ("5",)
    return table.share("6", "5")


def report(world: qg.World) -> str:
    result: qg.Result = world.map_level("ie-nfq:8", to="eqf")
    citation: qg.Citation = result.cite()
    bibtex: str = citation.bibtex
    record: dict[str, object] = result.to_dict()
    assert bibtex and record["world"] == world.hash
    with TemporaryDirectory() as folder:
        world.map_framework("ie-nfq", to="eqf").table.to_csv(Path(folder) / "levels.csv")
    return result.statement()


def misuse(world: qg.World) -> list[str]:
    told: list[str] = []
    try:
        world.map_level("ie-nqf:8", to="eqf")
    except qg.UnknownId as error:
        told.append(str(error))
    try:
        qg.credits(1, "ects") + qg.credits(1, "cats")
    except qg.UnitMismatch as error:
        told.append(str(error))
    try:
        qg.load("no such folder")
    except qg.FactError as error:
        told.extend(fault.expected for fault in error.faults)
    return told


def stacking(world: qg.World) -> str:
    rule: qg.Rule = world.rule("kr-acbs")
    record = qg.Record.from_table([{"id": "a", "credits": "15/2", "tags": "major"}], credit="kr-credit")
    audit: qg.Audit = world.audit(record, rule, variant="bachelor")
    lacking: Fraction | None = audit.shortfall
    met: list[object] = audit.clauses.column("met")
    own: qg.Rule = qg.rules.award("own", "My own").total(min=60).cap("rpl", origin="rpl", max_share="1/2").build()
    assert lacking is not None and not all(met) and own.sentence("total").text == "At least 60 credits count in all."
    return str(audit.why("learner"))


def main() -> None:
    world: qg.World = qg.load()
    assert levels(world) == {"ie-nfq:7": ["6"], "ie-nfq:8": ["6"]}
    assert "eqf" in facts(world)
    assert credits(world) is True
    assert evidence(world) == Fraction(9, 10)
    assert "not recognition" in report(world)
    assert len(misuse(world)) == 3
    assert stacking(world).startswith("Not yet")


if __name__ == "__main__":
    main()

"""Each row of the handbook's page on definitions: what a text demands, and where the texts differ."""

from __future__ import annotations

import pickle

import pytest

import qualgraph as qg
from qualgraph.definitions import ATTRIBUTES

SEED = (
    "nzqa-2018", "nzqa-2022", "au-2021", "cican", "mqa", "ec-2022", "unesco-2022", "oecd-2020", "acqf-2024",
    "handbook-2024",
)  # fmt: skip
#: A record that meets every seed text once "small" is said to be 100 hours.
FULL = {
    "credits": "10 nz-credit",
    "level": "nz-nzqcf:5",
    "assessed": True,
    "criteria_defined": True,
    "quality_assured": True,
    "provider_accredited": True,
    "provider_trusted": True,
    "listed_on": ["nz-nzqcf"],
    "learning_outcomes": True,
    "outcome_domains": ["knowledge", "skills", "values", "competences"],
    "need_evidence": True,
    "credit_bearing": True,
    "relation": ["component"],
    "smaller_than_award": True,
    "standalone": True,
    "owner": "learner",
    "portable": True,
    "focused": True,
    "form": "certificate",
    "issuer_kind": "education",
    "course_count": 1,
}


@pytest.fixture(scope="module")
def world() -> qg.World:
    return qg.load()


@pytest.fixture
def ask(world):
    """Verdicts on the full record with some things said otherwise; None leaves them out."""

    def call(small: str | None = "100 hours", **changes):
        return world.classify({**FULL, **changes}, small=small)

    return call


def test_the_full_record_satisfies_every_seed_text(ask):
    assert {id: ask().verdicts[id] for id in SEED} == dict.fromkeys(SEED, "satisfied")


def test_every_seed_text_and_every_national_text_is_a_definition(world):
    assert set(SEED) <= set(world.definitions.ids)
    policies = set(world.microcredential_policies.ids)
    assert policies <= set(world.definitions.ids)
    for definition in world.definitions:
        assert definition.sources
        assert {source.evidence for source in definition.sources} <= {"read", "known"}
        for clause in (*definition.clauses, *(one for kind in definition.kinds for one in kind.clauses)):
            assert clause.sources
            assert clause.test is not None or clause.kind == "descriptive"


def test_nothing_said_leaves_every_text_unknown(world):
    assert set(world.classify({}).verdicts.values()) == {"unknown"}


def violated(ask, definition, **changes):
    """Clauses that a change breaks; everything else has to stay satisfied."""
    verdict = ask(**changes)[definition]
    broken = [one.id for one in verdict.clauses if one.kind != "descriptive" and one.verdict == "violated"]
    assert (verdict.verdict == "violated") == bool(broken)
    return broken


# ---- section 1, one row a source


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"credits": "4 nz-credit"}, ["size-min"]),
        ({"credits": "41 nz-credit"}, ["size-max"]),
        ({"credits": "81/2 nz-credit"}, ["size-max"]),
        ({"credits": "40 nz-credit"}, []),
        ({"credits": "5 nz-credit"}, []),
        ({"level": "ie-nfq:6"}, ["level"]),
        ({"level": "nz-nzqcf:10"}, []),
        ({"level": "nz-nzqcf:1"}, []),
        ({"listed_on": []}, ["listed"]),
        ({"quality_assured": False}, ["quality-assured"]),
        ({"provider_accredited": False}, ["provider"]),
        ({"learning_outcomes": False}, ["outcomes"]),
        ({"need_evidence": False}, ["need"]),
        ({"standalone": False}, ["standalone"]),
        ({"relation": [], "owner": "provider", "portable": False, "focused": False}, []),
    ],
)
def test_nzqa_small_listed_stand_alone_award(ask, changes, clauses):
    assert violated(ask, "nzqa-2018", **changes) == clauses


def test_nzqa_below_five_credits_only_with_grounds(ask):
    by_letter = {None: "unknown", True: "satisfied", False: "violated"}
    for grounds, expected in by_letter.items():
        verdict = ask(credits="4 nz-credit", exceptional=grounds)["nzqa-2018"]
        assert (verdict.verdict, verdict.with_exceptions) == ("violated", expected)
    # Grounds lift no other bound: none is stated for the upper one.
    assert ask(credits="41 nz-credit", exceptional=True)["nzqa-2018"].with_exceptions == "violated"


def test_nzqa_hours_follow_from_ten_to_the_credit(ask):
    for hours, verdict in ((49, "violated"), (50, "satisfied"), (400, "satisfied"), (401, "violated")):
        assert ask(credits=None, hours=hours).verdicts["nzqa-2018"] == verdict


def test_nzqa_2022_has_no_lower_bound(ask):
    assert ask(credits="1/2 nz-credit").verdicts["nzqa-2022"] == "satisfied"
    assert ask(credits="41 nz-credit").verdicts["nzqa-2022"] == "violated"


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"assessed": False}, ["assessed"]),
        ({"credits": None, "hours": "1/2"}, ["size-min"]),
        ({"credits": None, "hours": 1}, []),
        ({"credits": None, "hours": 1200, "smaller_than_award": None}, ["size-max"]),
        ({"credits": None, "hours": 599, "smaller_than_award": None}, []),
        ({"smaller_than_award": False, "credits": None}, ["size-max"]),
        ({"relation": []}, ["relation"]),
        ({"relation": ["additional"]}, []),
        ({"relation": ["alternate"]}, []),
        ({"relation": ["complementary"]}, []),
        ({"level": None, "listed_on": [], "quality_assured": False, "provider_accredited": False}, []),
    ],
)
def test_australia_assessed_hour_below_an_award(ask, changes, clauses):
    assert violated(ask, "au-2021", **changes) == clauses


def test_australia_between_the_smallest_award_types_only_a_statement_settles(ask):
    open_ = ask(credits=None, hours=700, smaller_than_award=None)["au-2021"]
    assert (open_.verdict, open_.questions) == ("unknown", ("smaller_than_award",))
    assert ask(credits=None, hours=700).verdicts["au-2021"] == "satisfied"


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"assessed": False}, ["assessed"]),
        ({"relation": []}, ["relation"]),
        ({"credits": "1000 nz-credit", "level": None, "quality_assured": False, "smaller_than_award": None}, []),
    ],
)
def test_colleges_and_institutes_canada_assessed_competencies(ask, changes, clauses):
    assert violated(ask, "cican", **changes) == clauses


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"assessed": False}, ["assessed"]),
        ({"course_count": 0}, ["courses"]),
        ({"course_count": 3}, []),
        ({"focused": False}, ["focused"]),
        ({"outcome_domains": []}, []),  # only intended
        ({"credits": "1000 nz-credit", "relation": [], "quality_assured": False, "smaller_than_award": None}, []),
    ],
)
def test_malaysian_qualifications_agency_course_or_set_of_courses(ask, changes, clauses):
    assert violated(ask, "mqa", **changes) == clauses


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"learning_outcomes": False}, ["outcomes"]),
        ({"assessed": False}, ["assessed"]),
        ({"criteria_defined": False}, ["criteria"]),
        ({"owner": "provider"}, ["owner"]),
        ({"portable": False}, ["portable"]),
        ({"quality_assured": False}, ["quality-assured"]),
        ({"credits": "11 nz-credit"}, ["small"]),
        ({"need_evidence": False}, []),  # only designed for
        ({"standalone": False, "relation": []}, []),  # may be combined
        ({"level": None, "listed_on": [], "provider_accredited": False, "focused": False}, []),
    ],
)
def test_european_commission_record_of_a_small_volume(ask, changes, clauses):
    assert violated(ask, "ec-2022", **changes) == clauses


def test_european_commission_gives_no_number_for_small(ask):
    verdict = ask(small=None)["ec-2022"]
    assert verdict.verdict == "unknown"
    assert [one.id for one in verdict.clauses if one.verdict == "unknown"] == ["small"]
    assert verdict.questions == ("small",)
    assert verdict.small_from("hours") == qg.Range(100)
    assert verdict.small_from("ects") == qg.Range("10/3", 5)  # by hours 10/3 to 4, by year 5
    assert ask(small=None, portable=False)["ec-2022"].small_from("hours") is None


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"focused": False}, ["focused"]),
        ({"learning_outcomes": False}, ["outcomes"]),
        ({"assessed": False}, ["assessed"]),
        ({"criteria_defined": False}, ["criteria"]),
        ({"provider_trusted": False}, ["provider"]),
        ({"standalone": False}, ["standalone"]),
        ({"quality_assured": False}, ["quality-assured"]),
        ({"relation": [], "owner": "provider", "credits": "1000 nz-credit", "smaller_than_award": None}, []),
    ],
)
def test_unesco_focused_record_of_a_trusted_provider(ask, changes, clauses):
    assert violated(ask, "unesco-2022", **changes) == clauses


@pytest.mark.parametrize(
    ("record", "umbrella", "kinds"),
    [
        ({"form": "badge"}, "satisfied", ("violated", "violated", "satisfied")),
        ({"form": "certificate"}, "satisfied", ("unknown", "unknown", "violated")),
        ({"form": "certificate", "issuer_kind": "education"}, "satisfied", ("satisfied", "violated", "violated")),
        ({"form": "certificate", "issuer_kind": "vendor"}, "satisfied", ("violated", "satisfied", "violated")),
        ({"form": "certificate", "issuer_kind": "industry"}, "satisfied", ("violated", "satisfied", "violated")),
        (
            {"form": "certificate", "issuer_kind": "professional-body"},
            "satisfied",
            ("violated", "satisfied", "violated"),
        ),
        ({"form": "transcript"}, "violated", ("violated",) * 3),
        ({}, "unknown", ("unknown",) * 3),
    ],
)
def test_oecd_classification_into_three_kinds(world, record, umbrella, kinds):
    verdict = world.classify(record)["oecd-2020"]
    assert verdict.verdict == umbrella
    assert (
        tuple(verdict.kinds[id] for id in ("academic-certificate", "professional-certificate", "digital-badge"))
        == kinds
    )


@pytest.mark.parametrize("credit_bearing", [True, False])
@pytest.mark.parametrize("assessed", [True, False])
def test_oecd_demands_neither_credit_nor_assessment(world, credit_bearing, assessed):
    record = {"form": "certificate", "issuer_kind": "education", "credit_bearing": credit_bearing, "assessed": assessed}
    assert world.classify(record)["oecd-2020"].kinds["academic-certificate"] == "satisfied"


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"assessed": False}, ["assessed"]),
        ({"quality_assured": False}, ["quality-assured"]),
        ({"credits": "11 nz-credit"}, ["short"]),
        ({"focused": False}, ["focused"]),
        ({"outcome_domains": ["skills"]}, []),  # only aimed at
        ({"level": None, "relation": [], "owner": "provider", "provider_accredited": False}, []),
    ],
)
def test_acqf_short_assessed_quality_assured_targeted(ask, changes, clauses):
    assert violated(ask, "acqf-2024", **changes) == clauses


def test_handbook_accepts_what_one_of_the_three_texts_takes_in(ask):
    none = {"form": "transcript", "portable": False, "standalone": False}
    assert ask(**none).verdicts["handbook-2024"] == "violated"
    for one in ({"form": "badge"}, {"portable": True}, {"standalone": True}):
        assert ask(**{**none, **one}).verdicts["handbook-2024"] == "satisfied"


@pytest.mark.parametrize(
    "name",
    ["digital badge", "short course", "skills programme", "part-qualification", "macro-credential", "micro-credential"],
)
def test_handbook_is_blind_to_names(ask, name):
    assert ask(title=name).verdicts == ask().verdicts
    assert not any("title" in (clause.test or "") for one in qg.load().definitions for clause in one.clauses)


# ---- section 2, one test a question of the table of differences

COLUMNS = ("nzqa-2018", "au-2021", "cican", "mqa", "ec-2022", "unesco-2022", "oecd-2020", "acqf-2024")


def differs(ask, **changes):
    """Which of the eight sources a change to the full record breaks."""
    verdicts = ask(**changes).verdicts
    return [id for id in COLUMNS if verdicts[id] == "violated"]


def test_lower_size_bound_five_credits_one_hour_or_none(ask):
    assert differs(ask, credits=None, hours=49) == ["nzqa-2018"]
    assert differs(ask, credits=None, hours="1/2") == ["nzqa-2018", "au-2021"]
    assert {"ec-2022", "acqf-2024"} == {id for id in COLUMNS if ask(small=None).verdicts[id] == "unknown"}


def test_upper_size_bound_forty_credits_an_award_or_none(ask):
    huge = {"credits": None, "smaller_than_award": None, "small": "9999 hours"}
    assert differs(ask, hours=401, **huge) == ["nzqa-2018"]
    assert differs(ask, hours=1200, **huge) == ["nzqa-2018", "au-2021"]


def test_level_bound_only_in_new_zealand(ask):
    assert differs(ask, level=[]) == ["nzqa-2018"]
    for code in range(1, 11):
        assert differs(ask, level=f"nz-nzqcf:{code}") == []


def test_assessment_everywhere_but_in_the_wider_class(ask):
    assert differs(ask, assessed=False) == [id for id in COLUMNS if id != "oecd-2020"]


def test_quality_assurance_in_new_zealand_europe_unesco_and_acqf(ask):
    assert differs(ask, quality_assured=False) == ["nzqa-2018", "ec-2022", "unesco-2022", "acqf-2024"]
    assert differs(ask, listed_on=[]) == ["nzqa-2018"]


def test_must_stand_on_its_own_in_new_zealand_and_for_unesco(ask):
    assert differs(ask, standalone=False) == ["nzqa-2018", "unesco-2022"]


def test_recognition_of_prior_learning_is_named_by_unesco_alone(world):
    named = [id for id in COLUMNS if any("prior learning" in each.text for each in world.definitions[id].clauses)]
    assert named == ["unesco-2022"]


def test_ownership_and_portability_are_european_alone(ask):
    assert differs(ask, owner="provider") == ["ec-2022"]
    assert differs(ask, portable=False) == ["ec-2022"]


def test_values_as_an_outcome_are_named_by_malaysia_and_acqf_and_not_tested(world, ask):
    named = [id for id in COLUMNS if any("values" in (each.test or "") for each in world.definitions[id].clauses)]
    assert named == ["mqa", "acqf-2024"]
    assert {world.definitions[id].clause("domains").kind for id in named} == {"descriptive"}
    assert differs(ask, outcome_domains=["skills"]) == []


def test_badge_is_inside_the_wider_class_of_the_oecd_alone(world):
    assert [id for id in COLUMNS if world.classify({"form": "badge"}).verdicts[id] == "satisfied"] == ["oecd-2020"]


# ---- the traps


def test_trap_a_the_same_assessed_hour_passes_australia_and_fails_new_zealand(world):
    k = world.classify({"hours": 1, "assessed": True, "relation": ["component"]})
    assert (k.verdicts["au-2021"], k.verdicts["nzqa-2018"]) == ("satisfied", "violated")


def test_trap_b_sixty_credits_pass_nothing_in_new_zealand_and_are_short_in_south_africa(ask):
    verdicts = ask(credits="60 nz-credit").verdicts
    assert {verdicts[id] for id in verdicts if id.startswith("nz")} == {"violated"}
    assert verdicts["za-short-learning-programme"] == "satisfied"
    assert ask(credits="120 nz-credit").verdicts["za-short-learning-programme"] == "violated"  # 120 is excluded


def test_trap_c_an_attendance_badge_is_an_alternative_credential_and_nobodys_micro_credential(world):
    k = world.classify({"form": "badge", "assessed": False, "hours": 2})
    assert [id for id in SEED if k.verdicts[id] == "satisfied"] == ["oecd-2020"]
    assert {k.verdicts[id] for id in SEED if id != "oecd-2020"} == {"violated"}


def test_trap_d_acqf_asks_for_quality_assurance_the_handbook_says_often(ask):
    verdicts = ask(quality_assured=False).verdicts
    assert (verdicts["acqf-2024"], verdicts["handbook-2024"]) == ("violated", "satisfied")
    assert qg.load().definitions["handbook-2024"].clause("quality-assured").kind == "descriptive"


def test_ten_hours_additional_smaller_than_an_award_with_quality_assurance_unknown(world):
    record = {"credits": "1 nz-credit", "hours": 10, "assessed": True, "relation": ["additional"]}
    k = world.classify({**record, "smaller_than_award": True})
    assert {id: k.verdicts[id] for id in ("au-2021", "nzqa-2018", "acqf-2024", "ec-2022")} == {
        "au-2021": "satisfied",
        "nzqa-2018": "violated",
        "acqf-2024": "unknown",
        "ec-2022": "unknown",
    }
    assert k.with_exceptions["nzqa-2018"] == "unknown"


# ---- national texts


@pytest.mark.parametrize(
    ("definition", "record", "verdict"),
    [
        ("ca-on-osap-microcredential", {"hours": 5, "weeks": 11}, "satisfied"),
        ("ca-on-osap-microcredential", {"hours": 300, "weeks": 12}, "violated"),
        ("ca-on-osap-microcredential", {"hours": 301, "weeks": 2}, "violated"),
        ("ca-on-osap-microcredential", {"hours": 4, "weeks": 2}, "violated"),
        ("ca-on-osap-microcredential", {"hours": 40}, "unknown"),
        ("ca-on-osap-microcredential", {"hours": 40, "months": 2}, "satisfied"),
        ("ca-on-osap-microcredential", {"hours": 40, "months": "14/5"}, "unknown"),  # 11.2 to 12.4 weeks
        ("ca-on-osap-microcredential", {"hours": 40, "months": 3}, "violated"),
        ("my-samc", {"hours": 39}, "violated"),
        ("om-short-course", {"hours": 100, "assessed": True, "quality_assured": True}, "satisfied"),
        ("om-short-course", {"hours": 99, "assessed": True, "quality_assured": True}, "violated"),
        ("sc-unit-standard", {"hours": 29}, "violated"),
        ("fj-micro-qualification", {"hours": 399}, "satisfied"),
        ("fj-micro-qualification", {"hours": 400}, "violated"),
        ("in-ncvet-microcredential", {"hours": "15/2"}, "satisfied"),
        ("in-ncvet-microcredential", {"hours": 31}, "violated"),
        ("za-short-learning-programme", {"credits": "119 za-credit"}, "satisfied"),
        ("za-short-learning-programme", {"credits": "120 za-credit"}, "violated"),
        ("za-part-qualification", {"part_of": "-"}, "violated"),
        ("za-part-qualification", {"part_of": ""}, "unknown"),
        ("ae-cbmc", {"level": "ae-qfemirates:6"}, "violated"),
        ("ls-professional-development-award", {"level": "ls-lqf:6", "listed_on": ["ls-lqf"]}, "satisfied"),
        ("ls-professional-development-award", {"level": "ls-lqf:5", "listed_on": ["ls-lqf"]}, "violated"),
        ("my-ggp-mc", {"relation": [], "standalone": False}, "violated"),
        (
            "my-ggp-mc",
            {"standalone": True, "assessed": True, "credit_bearing": True, "quality_assured": True},
            "satisfied",
        ),
    ],
)
def test_national_texts(world, definition, record, verdict):
    assert world.classify(record).verdicts[definition] == verdict


def test_texts_without_a_deciding_clause_give_no_verdict_and_say_why(world):
    k = world.classify({})
    assert {"eg-microcredential", "ke-microcredential", "sc-microcredential", "zm-microcredential"} <= set(k.untested)
    assert "not proof that none exists" in k.untested["eg-microcredential"]
    with pytest.raises(qg.UnknownId, match="no clause that decides"):
        k["eg-microcredential"]


# ---- how levels, sizes and evidence are read


@pytest.mark.parametrize(
    ("level", "verdict"),
    [
        ("eqf:6", "satisfied"),
        ("eqf:5", "violated"),
        ("ie-nfq:8", "satisfied"),  # EQF 6
        ("ie-nfq:5", "violated"),  # EQF 4
        ("nz-nzqcf:7", "satisfied"),
        ("nz-nzqcf:8", "unknown"),  # left without a counterpart by agreement
        ("ke-knqf:7", "unknown"),  # no table published
        (["ie-nfq:8", "nz-nzqcf:7"], "satisfied"),
        (["ie-nfq:8", "nz-nzqcf:5"], "unknown"),  # they contradict each other
        (["ie-nfq:8", "eqf:5"], "violated"),  # the framework's own level outweighs a placement
        ([], "violated"),
    ],
)
def test_levels_of_other_frameworks_are_read_through_documents(world, tmp_path, level, verdict):
    test = {"level": {"framework": "eqf", "at_least": "6", "at_most": "7"}}
    source = {"title": "t", "publisher": None, "year": None, "url": None, "evidence": "read"}
    fact = {"id": "own", "term": None, "issuer": "i", "jurisdiction": "XX", "framework": None, "edition": None}
    write(tmp_path, fact | {"year": None, "sources": [source], "clauses": [CLAUSE | {"test": test}]})
    (clause,) = qg.load(tmp_path, base=world).classify({"level": level})["own"].clauses
    assert clause.verdict == verdict
    if isinstance(level, str) and not level.startswith("eqf"):
        answer = world.map_level(level, to="eqf")
        assert (
            ", ".join(answer.possible) in clause.reason if answer.possible else "no established place" in clause.reason
        )


def test_credits_of_another_system_are_an_interval(world):
    # 2 ECTS are 50 to 60 hours, 4 by the full-time year: at least 5 New Zealand credits only by hours.
    clauses = {one.id: one for one in world.classify({"credits": "2 ects"})["nzqa-2018"].clauses}
    assert (clauses["size-min"].verdict, clauses["size-max"].verdict) == ("unknown", "satisfied")
    assert "4–6 nz-credit" in clauses["size-min"].reason.replace("-6", "–6")
    settled = {one.id: one for one in world.classify({"credits": "2 ects", "hours": 50})["nzqa-2018"].clauses}
    assert settled["size-min"].verdict == "satisfied"


def test_hours_and_credits_that_contradict_each_other_say_nothing(world):
    k = world.classify({"hours": 1, "credits": "10 nz-credit", "assessed": True, "relation": ["component"]})
    clause = next(one for one in k["au-2021"].clauses if one.id == "size-min")
    assert (clause.verdict, clause.reason) == ("unknown", "hours and credits contradict each other")


def test_a_clause_that_is_only_known_is_silent_below_the_evidence_floor(world):
    record = {"hours": 20}
    assert world.classify(record).verdicts["in-ncvet-microcredential"] == "satisfied"
    assert world.view(evidence="read").classify(record).verdicts["in-ncvet-microcredential"] == "unknown"
    assert {one.evidence for one in world.definitions["in-ncvet-microcredential"].clauses} == {"known"}


def test_verdict_of_a_clause_names_reason_and_source(world):
    clause = next(one for one in world.classify({"hours": 10})["nzqa-2018"].clauses if one.id == "size-min")
    assert (clause.verdict, clause.kind) == ("violated", "exceptional")
    assert clause.reason == "1 nz-credit is not at least 5 nz-credit"
    assert any("Handbook" in source.title for source in clause.sources)


# ---- questions, edits, sweeps, order


def test_questions_are_the_fewest_blanks_that_settle_a_text(world):
    assert world.classify({})["cican"].questions == ("assessed", "relation")
    assert world.classify({"assessed": False})["cican"].questions == ()
    assert world.classify({})["au-2021"].questions == ("hours", "assessed", "relation", "smaller_than_award")
    assert world.classify({"hours": 20})["au-2021"].questions == ("assessed", "relation")


def test_edit_states_what_is_blank_and_changes_what_is_wrong(world):
    changes = world.classify({**FULL, "hours": 20, "credits": None, "owner": "provider"}, small="10 hours")[
        "ec-2022"
    ].edit
    assert [str(one) for one in changes] == [
        "change hours from 20 hours to 10 hours",
        "change owner from provider to learner",
    ]
    assert world.classify(FULL)["nzqa-2018"].edit == ()
    (change,) = world.classify({**FULL, "credits": "4 nz-credit"})["nzqa-2018"].edit
    assert (change.name, change.from_, change.to) == ("credits", "4 nz-credit", "5 nz-credit")


def test_edit_names_what_small_would_have_to_mean(world):
    (change,) = world.classify(FULL)["acqf-2024"].edit
    assert (change.name, change.text) == ("small", 'say what "small" means: at least the size of the credential')


def test_whatever_the_answer_decides_more_than_the_verdict(tmp_path):
    source = {"title": "t", "publisher": None, "year": None, "url": None, "evidence": "read"}
    tests = [{"attribute": "assessed", "is": True}, {"attribute": "assessed", "is": False}]
    clause = {"id": "c", "kind": "constitutive", "text": "t", "evidence": "read", "test": {"any": tests}}
    fact = {"id": "own", "term": None, "issuer": "i", "jurisdiction": "XX", "framework": None, "edition": None}
    write(tmp_path, fact | {"year": None, "clauses": [clause], "sources": [source]})
    k = qg.load(tmp_path).classify({})
    assert (k.verdicts["own"], k.whatever_the_answer["own"]) == ("unknown", "satisfied")
    # It is satisfied either way, yet the verdict itself waits for the answer.
    assert k["own"].questions == ("assessed",)


def test_count_of_texts_as_small_grows_has_exact_breakpoints(world):
    k = world.classify({"credits": "7/2 nz-credit", "assessed": True, "quality_assured": True, "focused": True})
    rows = list(k.sweep("nz-credit"))
    assert [row["from_"] for row in rows] == [1, qg.credits("7/2 nz-credit").amount]
    for row in rows:
        at = world.classify(k.record, small=f"{row['from_']} nz-credit")
        assert row["satisfied"] == list(at.verdicts.values()).count("satisfied")
        assert row["unknown"] == list(at.verdicts.values()).count("unknown")
    ects = k.sweep("ects", 1, 60)
    assert [str(row["from_"]) for row in ects] == ["1", "7/6", "7/4"]


def test_australia_implies_colleges_and_institutes_by_a_reading(world):
    order = world.definition_order()
    edge = order["au-2021", "cican"]
    assert edge.holds
    assert "read as assessed competencies" in edge.readings[0]
    assert not order.implies("cican", "au-2021")
    assert order.incomparable("acqf-2024", "mqa")
    assert order.implies("ec-2022", "handbook-2024")
    assert order.implies("unesco-2022", "handbook-2024")
    assert ("acqf-2024", "acqf-microcredential") in order.equivalent


def test_every_pair_that_is_no_implication_has_a_witness_that_tells_it_apart(world):
    order = world.definition_order()
    for row in order.table:
        if row["holds"]:
            assert row["witness"] is None
            continue
        pair = order[row["from_"], row["to"]]
        witness = pair.witness
        small = None
        if pair.small is not None:
            # Anything below or above the size of the witness.
            hours = witness.get("hours")
            small = f"{hours} hours" if pair.small else "1/1000 hours"
        k = world.classify(witness, small=small)
        assert (k.verdicts[pair.from_], k.verdicts[pair.to]) == ("satisfied", "violated"), str(pair)


def test_order_is_reflexive_and_transitive(world):
    order = world.definition_order()
    ids = order.definitions
    up = {a: {b for b in ids if order.implies(a, b)} for a in ids}
    for a in ids:
        assert a in up[a]
        for b in up[a]:
            assert up[b] <= up[a]
    # The edges and the equivalent groups give every implication back.
    reached = {a: {a} for a in ids}
    pairs = [*order.edges, *((a, b) for group in order.equivalent for a in group for b in group)]
    for _ in ids:
        for a, b in pairs:
            for from_ in ids:
                if a in reached[from_]:
                    reached[from_] |= {b}
    assert reached == up


# ---- what is refused


@pytest.mark.parametrize(
    ("record", "error", "message"),
    [
        ({"asessed": True}, qg.UnknownId, 'Did you mean "assessed"'),
        ({"assessed": "maybe"}, qg.FactError, "true, false, or null"),
        ({"hours": 2.5}, qg.UnitMismatch, "float"),
        ({"hours": -1}, qg.FactError, "not negative"),
        ({"credits": 5}, qg.FactError, "with their system"),
        ({"credits": "5 nz-credits"}, qg.UnknownId, "nz-credit"),
        ({"level": "nz-nzqcf:11"}, qg.UnknownId, "nz-nzqcf"),
        ({"level": "nowhere:1"}, qg.UnknownId, "nowhere"),
        ({"relation": ["part"]}, qg.FactError, "component"),
        ({"form": "paper"}, qg.FactError, "badge"),
        ({"date": "yesterday"}, qg.FactError, "2026-03-01"),
        ([1], qg.UnitMismatch, "dict of attributes"),
        ({"hours": object()}, qg.UnitMismatch, "nothing that can be stated"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(world, record, error, message):
    with pytest.raises(error, match=message):
        world.classify(record)


def test_small_names_its_unit(world):
    for small, error in (
        (30, qg.UnitMismatch),
        ("30", qg.UnitMismatch),
        ("30 nz", qg.UnknownId),
        ("x hours", qg.InvalidValue),
    ):
        with pytest.raises(error):
            world.classify({}, small=small)


def test_credits_without_a_system_take_the_one_named(world):
    k = world.classify({"credits": "5"}, credit="nz-credit")
    assert k.record == {"credits": "5 nz-credit"}


def write(folder, fact):
    import json

    (folder / "definitions").mkdir(exist_ok=True)
    (folder / "definitions" / f"{fact['id']}.json").write_text(json.dumps(fact), encoding="utf-8")


CLAUSE = {"id": "c", "kind": "constitutive", "text": "t", "evidence": "read"}


@pytest.mark.parametrize(
    ("test", "pointer", "message"),
    [
        (None, "/clauses/0/test", "only a descriptive clause"),
        ({"attribute": "asessed", "is": True}, "/clauses/0/test/attribute", "assessed"),
        ({"attribute": "form", "is": True}, "/clauses/0/test/attribute", "tested like this"),
        ({"attribute": "relation", "any_of": ["part"]}, "/clauses/0/test/any_of/0", "relation"),
        ({"attribute": "title", "stated": True}, "/clauses/0/test/attribute", "a name proves nothing"),
        ({"size": {"at_least": "5 nz-credits"}}, "/clauses/0/test/size/at_least", "nz-credit"),
        ({"size": {"at_least": "5"}}, "/clauses/0/test/size/at_least", "a size such as"),
        ({"size": {}}, "/clauses/0/test/size", "one bound"),
        ({"size": {"at_most": {"parameter": "tiny"}}}, "/clauses/0/test/size/at_most/parameter", "declares"),
        ({"size": {"at_least": {"parameter": "small"}}}, "/clauses/0/test/size/at_least", "greatest size"),
        ({"level": {"on": "nz-nzqc"}}, "/clauses/0/test/level/on", "nz-nzqcf"),
        ({"level": {"framework": "nz-nzqcf", "at_least": "11"}}, "/clauses/0/test/level/at_least", "a level of"),
        ({"meets": "cicann"}, "/clauses/0/test/meets", "cican"),
        ({"meets": "own"}, "/clauses/0/test/meets", "does not rest on this one"),
        ({"meets": "eg-microcredential"}, "/clauses/0/test/meets", "a clause that is tested"),
        ({"all": []}, "/clauses/0/test/all", "not empty"),
        ({"al": []}, "/clauses/0/test", "a test:"),
    ],
)
def test_a_definition_that_cannot_be_read_is_refused_at_its_place(world, tmp_path, test, pointer, message):
    source = {"title": "t", "publisher": None, "year": None, "url": None, "evidence": "read"}
    fact = {"id": "own", "term": None, "issuer": "i", "jurisdiction": "XX", "framework": None, "edition": None}
    fact |= {"year": None, "sources": [source], "parameters": {"small": {"what": "w", "default": None}}}
    fact["clauses"] = [CLAUSE if test is None else CLAUSE | {"test": test}]
    write(tmp_path, fact)
    with pytest.raises(qg.FactError, match=message) as caught:
        qg.load(tmp_path, base=world)
    assert any(fault.pointer == pointer for fault in caught.value.faults), caught.value.faults
    assert {fault.file for fault in caught.value.faults} == {"definitions/own.json"}


def test_new_definitions_are_data_not_code(world, tmp_path):
    source = {"title": "Our act", "publisher": None, "year": 2026, "url": None, "evidence": "read"}
    fact = {"id": "xx-own", "term": "micro-credential", "issuer": "Ministry", "jurisdiction": "XX", "framework": None}
    tests = [{"meets": "cican"}, {"size": {"at_most": "6 ects"}}]
    clauses = [CLAUSE | {"id": f"c{n}", "test": test} for n, test in enumerate(tests)]
    write(tmp_path, fact | {"edition": None, "year": 2026, "sources": [source], "clauses": clauses})
    own = qg.load(tmp_path, base=world)
    record = {"assessed": True, "relation": ["component"], "credits": "6 ects"}
    assert own.classify(record).verdicts["xx-own"] == "satisfied"
    assert own.definition_order().implies("xx-own", "cican")
    assert own.hash != world.hash
    assert pickle.loads(pickle.dumps(own)).classify(record).verdicts["xx-own"] == "satisfied"


# ---- values like any other


def test_every_attribute_is_described():
    assert len(ATTRIBUTES) == 28
    for name, one in ATTRIBUTES.items():
        assert one.name == name
        assert one.what
        assert str(one).startswith(name)


def test_answers_pickle_and_compare(world):
    k = world.classify({"hours": 10}, small="20 hours")
    assert pickle.loads(pickle.dumps(k)) == k
    assert pickle.loads(pickle.dumps(world.definitions["au-2021"])) == world.definitions["au-2021"]
    assert k != world.classify({"hours": 11}, small="20 hours")


def test_a_row_of_a_catalogue_is_a_credential_too(world):
    row = {"id": "a1", "hours": 10, "assessed": True}
    assert world.classify(row).verdicts == world.classify({"hours": 10, "assessed": True}).verdicts
    with pytest.raises(qg.FactError, match="1 fault in the credential; nothing was read") as told:
        world.classify({"assessed": "Yes"})
    assert "facts" not in str(told.value)

"""What the page presenting the African handbook names, and the African rules its themes lead to: a test each.

Definitions stand in test_definitions.py, names of credentials in test_credential_names.py, prior
learning and transfer in test_recognition.py, descriptions in test_descriptor.py.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

import qualgraph as qg
from qualgraph import rules


@pytest.fixture(scope="module")
def world():
    return qg.load()


def meets(world, rule, *items):
    return world.audit(qg.Record([{"used_for": [], **item} for item in items], as_of="2026-01-01"), rule).verdict


# ---------------------------------------------------------------- frameworks, surveys, actors


def test_acqf_is_a_hub_of_ten_levels_without_qualifications_and_without_a_published_table(world):
    acqf = world.framework("acqf")
    assert acqf.hub
    assert len(acqf.levels) == 10
    assert acqf.qualification_types == []
    for framework in ("ke-knqf", "za-nqf", "sc-snqf"):
        assert (
            world.map_level(f"{framework}:{world.framework(framework).levels[0].code}", to="acqf").status == "no_route"
        )


def test_nzqcf_is_a_list_of_ten_levels(world):
    assert [level.code for level in world.framework("nz-nzqcf").levels] == [str(n) for n in range(1, 11)]


def test_aqf_has_sizes_of_awards_to_be_smaller_than(world):
    kinds = world.framework("au-aqf").qualification_types
    assert len(kinds) >= 14


def test_first_continental_survey_is_context_and_no_rule(world):
    (survey,) = [record["surveys"] for record in world.records("context") if "surveys" in record]
    found = survey["acqf_mc_survey_2024"]
    assert found["countries"] == 28
    assert found["use_to_some_extent_share"] == "61/100"
    assert (found["definition_question"]["in_development"], found["definition_question"]["answers"]) == (18, 36)
    assert not any("survey" in id for id in world.rules.ids)


def test_handbook_is_known_by_the_page_that_presents_it(world):
    (handbook,) = [record["handbook"] for record in world.records("context") if "handbook" in record]
    assert handbook["date"] == "2024-12-23"
    assert "not the document itself" in handbook["seen"]


def test_policies_on_prior_learning_are_facts_with_dates_and_jurisdictions(world):
    jurisdictions = {policy.jurisdiction for policy in world.rpl_policies}
    assert {"ZA", "KE", "MU", "SC", "NA", "GH", "CV", "SO", "EAC"} <= jurisdictions


def test_credit_accumulation_frameworks_are_units_of_credit_with_hours(world):
    for id in ("za-credit", "ke-kcats", "cats", "tz-credit"):
        assert world.credit_system(id).sources


def test_names_of_awards_at_several_levels_are_warned_of(world):
    assert world.records("label_placement")
    assert world.find("Certificate").to_dict()


# ---------------------------------------------------------------- African rules


@pytest.mark.parametrize("system", ["za-credit", "ke-kcats", "sc-credit", "na-credit", "zw-credit"])
def test_one_credit_is_ten_hours(world, system):
    found = world.credit_system(system)
    assert found.hours_per_credit == qg.Range(10, 10)
    assert found.evidence == "read"


def test_south_african_workplace_part_may_take_other_hours_and_no_figure_is_invented(world):
    (exception,) = world.credit_system("za-credit").to_dict()["exceptions"]
    assert "workplace" in exception["component"]
    assert exception["hours_per_credit"] is None


@pytest.mark.parametrize("system", ["za-credit", "ke-kcats", "na-credit"])
def test_one_year_is_120_credits(world, system):
    assert world.credit_system(system).credits_per_year == 120


@pytest.mark.parametrize("amount", [1, 12, 120, 480])
def test_south_african_credit_in_ects_is_half_by_year_and_a_third_to_two_fifths_by_hours(world, amount):
    answer = world.convert(f"{amount} za-credit", to="ects")
    assert answer.by_year == Fraction(amount, 2)
    assert answer.by_hours == qg.Range(Fraction(amount, 3), Fraction(2 * amount, 5))


def test_nigerian_unit_is_a_lecture_hour_a_week_and_120_of_them_four_years(world):
    unit = world.credit_system("ng-credit-unit")
    assert unit.contact_only
    assert unit.credits_per_year == 30


def namibia(kind):
    (found,) = [one for one in qg.load().framework("na-nqf").to_dict()["qualification_types"] if one["name"] == kind]
    return found


def by_kind(kind):
    return {rule["kind"]: rule for rule in namibia(kind)["rules"]}


def test_namibian_professional_bachelor_minimum_at_a_level_and_maximum_from_a_low_level(world):
    asked = by_kind("Professional Bachelor Degree")
    size, top, low = (
        asked["min_credits_at_or_above_level"]["credits"],
        asked["min_credits_at_level"]["credits"],
        asked["max_credits_at_level"]["credits"],
    )
    assert (size, top, low) == (480, 120, 40)
    rule = (
        rules.award("na", "Professional Bachelor Degree", credit="na-credit", level="na-nqf:8")
        .total(min=size)
        .floor("at-8", level="na-nqf:8", min=top)
        .cap("at-4", level="na-nqf:4", max=low)
        .build()
    )

    def verdict(at_4, at_6, at_8):
        sizes = {"na-nqf:4": at_4, "na-nqf:6": at_6, "na-nqf:8": at_8}
        return meets(world, rule, *({"id": level, "credits": n, "level": level} for level, n in sizes.items()))

    assert verdict(40, 320, 120) == "satisfied"
    assert verdict(41, 319, 120) == "unsatisfied"
    assert verdict(40, 321, 119) == "unsatisfied"


@pytest.mark.parametrize(
    ("kind", "share"), [("Bachelor Honours Degree", "1/4"), ("Masters Degree", "1/4"), ("Doctoral Degree", "2/3")]
)
def test_namibian_share_of_research(world, kind, share):
    assert by_kind(kind)["min_share_of_kind"]["share"] == share


def test_namibian_certificate_has_forty_credits_at_its_level(world):
    assert by_kind("Certificate")["min_credits_at_or_above_level"]["credits"] == 40


def test_namibia_gives_no_lower_award_for_early_exit_unless_it_is_fully_met(world):
    text = world.microcredential_policies["na-unit-standard"]["stacking_limits"]
    assert "unless another registered qualification is fully met" in text
    lower = rules.award("lower", "Certificate", credit="na-credit").total(min=40).build()
    part = {"id": "part", "credits": 39}
    assert meets(world, lower, part) == "unsatisfied"
    assert meets(world, lower, part, {"id": "more", "credits": 1}) == "satisfied"


@pytest.mark.parametrize(
    ("framework", "kind"), [("na-nqf", "Bachelor Honours Degree"), ("bw-ncqf", "Bachelor's Degree Honours")]
)
def test_honours_minimum_is_on_top_of_the_degree(world, framework, kind):
    fact = world.framework(framework).to_dict()
    (found,) = [one for one in fact["qualification_types"] if one["name"] == kind]
    assert found["credits"]["min"] == 120
    # Namibia's text says so (a field of the fact); of Botswana's it is inferred (a remark).
    assert found.get("incremental_to") == "Bachelor Degree" or "increment on top of a degree" in fact["notes"]


def test_kenyan_specific_profile_award_is_compared_strand_by_strand(world):
    assert "strand" in world.microcredential_policies["ke-award-classes"].notes
    profile = world.profile({"knowledge": "ke-knqf:4", "skills": "ke-knqf:6", "competence": "ke-knqf:5"})
    assert profile.meet == ("4",)
    assert profile.lower_median == ("5",)
    assert profile.spread == 2


def test_algerian_credits_of_a_unit_are_won_by_the_weighted_average(world):
    assert "weighted average" in world.credit_system("dz-lmd").notes
    rule = qg.Rule(
        {
            "language": 1,
            "id": "unit",
            "title": "Teaching unit",
            "credit": "dz-lmd",
            "total": {"min": 6},
            "admits": ["passed", "failed"],
            "averages": {"unit": {"scale": "twenty", "min": 10}},
            "scales": {"twenty": {"numeric": True}},
        }
    )

    def verdict(first, second):
        parts = ((4, first), (2, second))
        return meets(
            world,
            rule,
            *(
                {
                    "id": f"p{n}",
                    "credits": credits,
                    "grade": str(grade),
                    "status": "passed" if grade >= 10 else "failed",
                }
                for n, (credits, grade) in enumerate(parts)
            ),
        )

    assert verdict(11, 8) == "satisfied"  # (4 * 11 + 2 * 8) / 6 is 10: the failed part is made up for
    assert verdict(11, 7) == "unsatisfied"


def test_a_south_african_unit_of_work_of_120_credits_is_no_short_programme(world):
    bound = world.microcredential_policies["za-short-learning-programme"]["credits"]
    assert bound["max_exclusive"] in (True, 120)


def test_a_seychelles_unit_standard_has_at_least_thirty_hours(world):
    assert world.microcredential_policies["sc-unit-standard"]["hours"]["min"] == 30
    assert world.certainly_at_least("3 sc-credit", "3 sc-credit") is True

"""Names used for the same thing: one test for each row of the table of names."""

from __future__ import annotations

import pytest

import qualgraph as qg


@pytest.fixture(scope="module")
def world():
    return qg.load()


ROWS = {
    "digital badge": ("digital-badge", {"form": "badge"}, {"assessed", "credit_bearing"}),
    "short course": ("short-course", {}, {"assessed", "credit_bearing"}),
    "training certificate": ("training-certificate", {"form": "certificate"}, {"assessed"}),
    "certificate of competence": ("certificate-of-competence", {"form": "certificate"}, {"relation"}),
    "professional certificate": ("professional-certificate", {"form": "certificate"}, {"provider_accredited"}),
    "skills programme": ("skills-programme", {"relation": "component"}, {"credits"}),
    "part-qualification": ("part-qualification", {"relation": "component", "smaller_than_award": True}, set()),
    "partial qualification": ("part-qualification", {"relation": "component", "smaller_than_award": True}, set()),
    "micro-qualification": ("micro-qualification", {}, {"assessed", "quality_assured"}),
    "alternative credential": ("alternative-credential", {}, {"assessed", "credit_bearing"}),
    "macro-credential": ("macro-credential", {"smaller_than_award": False}, set()),
    "larger credential": ("macro-credential", {"smaller_than_award": False}, set()),
    "formal qualification": ("macro-credential", {"smaller_than_award": False}, set()),
    "academic certificate": ("academic-certificate", {"form": "certificate"}, {"credit_bearing", "assessed"}),
    "micro-credential": ("micro-credential", {}, {"assessed", "quality_assured", "credits", "level"}),
}


@pytest.mark.parametrize("name", list(ROWS))
def test_name(world, name):
    id, suggests, silent = ROWS[name]
    check = world.check_name(f"{name.title()} in welding")
    assert check.names == [id]
    assert {row["attribute"]: row["suggested"] for row in check.table} == suggests
    row = world.credential_names[id]
    assert set(row["says_nothing_of"]) == silent
    assert row["evidence"] == "read"
    assert check.sources
    assert all(policy in world.microcredential_policies for policy in check.policies)


def test_rwanda_certificate_of_competence_does_not_lead_on_by_itself(world):
    check = world.check_name({"title": "Certificate of competence"})
    assert "does not lead on by itself" in str(check)
    assert check.policies == ["rw-microcredential"]


def test_sources_disagree_on_mixing_units_of_several_qualifications_in_a_skills_programme(world):
    assert "sources disagree" in str(world.check_name("Skills programme: welding"))


def test_a_part_qualification_larger_than_its_parent_is_warned_of(world):
    check = world.check_name({"title": "Part-qualification: plumber", "relation": [], "smaller_than_award": False})
    assert len(check.warnings) == 2


def test_a_label_that_agrees_or_is_not_contradicted_gives_no_contradiction(world):
    check = world.check_name({"title": "Digital badge", "form": "badge", "assessed": True, "credit_bearing": False})
    assert check.warnings == []
    assert world.check_name({"title": "Digital badge"}).table.column("agrees") == [None]


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("Microcredentials of the college", ["micro-credential"]),
        ("Micro Credential", ["micro-credential"]),
        ("SHORT COURSES", ["short-course"]),
        ("Badger keeping", []),
        ("Short course with a digital badge", ["digital-badge", "short-course"]),
        ("Diploma in Welding", []),
        ("", []),
    ],
)
def test_names_are_found_as_words(world, label, names):
    assert sorted(world.check_name(label).names) == sorted(names)


def test_several_names_at_once_are_warned_of(world):
    assert any("several things" in warning for warning in world.check_name("Short course, digital badge").warnings)


def test_what_is_no_credential_is_refused(world):
    with pytest.raises(qg.UnitMismatch):
        world.check_name(3)

"""Pictures draw what the facts say, never a text over another, and need no network."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

import qualgraph as qg
from qualgraph import plot
from qualgraph.plot._places import REGIONS
from qualgraph.plot._text import fit, width, wrap

COMPARISONS = {
    "pacific": (["nz-nzqcf", "ie-nfq", "gb-sct-scqf"], "eqf"),
    "africa": (["ke-knqf", "za-nqf", "ie-nfq"], "acqf"),
    "mixed": (["ke-knqf", "za-nqf", "no-nkr", "gb-eng-rqf"], "eqf"),
    "one": (["nz-nzqcf"], "eqf"),
    "direct": (["gb-sct-scqf", "ie-nfq"], "gb-eng-rqf"),
    "nothing": (["ke-knqf", "ug-uvqf"], None),
    "cycles": (["gb-sct-scqf", "de-dqr", "nl-nlqf"], "qf-ehea"),
    "editions": (["za-nqf", "za-nqf-8"], "sadc-rqf"),
    "itself": (["ie-nfq"], "ie-nfq"),
}
ROUTES = {
    "scotland": ("gb-sct-scqf:7", "gb-eng-rqf"),
    "ireland": ("ie-nfq:8", "nz-nzqcf"),
    "puzzle": ("nz-nzqcf:8", "eqf"),
    "none": ("ke-knqf:7", "acqf"),
    "split": ("nl-nlqf:4+", "gb-sct-scqf"),
    "overlap": ("za-nqf:7", "nz-nzqcf"),
    "peers": ("my-mqf:6", "ie-nfq"),
    "not endorsed": ("nz-nzqcf:7", "ae-qfemirates"),
    "itself": ("ie-nfq:8", "ie-nfq"),
}


@pytest.fixture(scope="module")
def charts(world):
    made = {
        f"ladder {name}": plot.ladder(world.compare(ids, reference=on))
        for name, (ids, on) in COMPARISONS.items()
    }
    made |= {
        f"route {name}": plot.route(world.map_level(level, to=to)) for name, (level, to) in ROUTES.items()
    }
    made["network"] = plot.network(world)
    made["atlas"] = plot.atlas(world.recognition_loss())
    return made


NAMES = [
    *(f"ladder {name}" for name in COMPARISONS),
    *(f"route {name}" for name in ROUTES),
    "network",
    "atlas",
]


# ---- what is drawn


def test_ladder_draws_each_pair_of_the_documents(world):
    data = plot.ladder_data(world.compare(["nz-nzqcf", "ie-nfq"], reference="eqf"))
    drawn = {(link["level"], link["opposite"]) for link in data["links"] if link["framework"] == "nz-nzqcf"}
    assert drawn == {
        ("1", "2"),
        ("2", "3"),
        ("3", "4"),
        ("4", "4"),
        ("5", "5"),
        ("6", "5"),
        ("7", "6"),
        ("9", "7"),
        ("10", "8"),
    }
    levels = {level["code"]: level for level in data["frameworks"][0]["levels"]}
    assert levels["8"]["status"] == "no_counterpart"
    assert levels["8"]["bounds"] == ["6", "7"]
    assert [document["mapping"] for document in data["documents"]] == ["nz-nzqcf>eqf@2016", "ie-nfq>eqf@2009"]
    assert [document["mapping"] for document in data["direct"]] == ["nz-nzqcf>ie-nfq@2020"]


def test_ladder_tells_silence_from_a_stated_gap(world):
    data = plot.ladder_data(world.compare(["za-nqf", "gb-sct-scqf"], reference="eqf"))
    statuses = {
        one["id"]: {level["code"]: level["status"] for level in one["levels"]} for one in data["frameworks"]
    }
    assert statuses["za-nqf"]["5"] == "not_established"
    assert statuses["gb-sct-scqf"]["1"] == "no_counterpart"


def test_ladder_marks_rows_that_are_only_known_and_rows_without_guarantee(world):
    data = plot.ladder_data(world.compare(["za-nqf", "no-nkr"], reference="eqf"))
    links = {(link["framework"], link["level"]): link for link in data["links"]}
    assert not links["za-nqf", "7"]["complete"]
    assert links["za-nqf", "7"]["evidence"] == "read"
    assert links["no-nkr", "7"]["evidence"] == "known"


@pytest.mark.parametrize("reference", ["acqf", None])
def test_ladder_draws_no_line_between_frameworks_that_no_document_ties(world, reference):
    data = plot.ladder_data(world.compare(["ke-knqf", "ug-uvqf"], reference=reference))
    assert data["links"] == []
    assert {level["status"] for one in data["frameworks"] for level in one["levels"]} == {"not_established"}
    words = _texts(plot.ladder(data))
    assert any("not established" in text for text in words)


def test_atlas_counts_round_trips_and_leaves_out_what_is_not_established(world):
    data = plot.atlas_data(world.recognition_loss())
    cells = {(cell["from"], cell["to"]): cell for cell in data["cells"]}
    assert cells["nz-nzqcf", "eqf"]["levels"]["lost"] == ["8"]
    trip = world.round_trip("ie-nfq", "nz-nzqcf")
    assert cells["ie-nfq", "nz-nzqcf"]["levels"] == {
        "recoverable": list(trip.recoverable),
        "drifting": list(trip.drifting),
        "lost": list(trip.lost),
        "not_established": list(trip.not_established),
    }
    assert ("ke-knqf", "eqf") not in cells
    assert all(sum(len(codes) for codes in cell["levels"].values()) > 0 for cell in data["cells"])
    regions = [card["region"] for card in data["frameworks"]]
    assert [name for position, name in enumerate(regions) if name not in regions[:position]] == [
        name for name in REGIONS if name in regions
    ]


def test_network_shows_every_framework_once(world):
    data = plot.network_data(world)
    tied = [card["id"] for card in data["frameworks"]]
    loose = [card["id"] for card in data["unmapped"]]
    assert sorted(tied + loose) == sorted(framework.id for framework in world.frameworks)
    assert {m for edge in data["edges"] for m in edge["mappings"]} == {
        mapping.id for mapping in world.mappings
    }
    edges = {(edge["from"], edge["to"]): edge for edge in data["edges"]}
    assert edges["eqf", "ie-nfq"]["strength"] == "adopted"
    assert not edges["ae-qfemirates", "nz-nzqcf"]["in_use"]
    drawn = " ".join(_texts(plot.network(world)))
    # A no-break space ties a name to its id in the list of frameworks without mapping.
    missing = [
        card["id"]
        for card in data["frameworks"] + data["unmapped"]
        if card["id"] not in drawn.replace("\u00a0", " ").lower()
    ]
    assert missing == []


def test_network_draws_as_in_use_only_what_answers_as_asked(world):
    def in_use(data):
        return {(edge["from"], edge["to"]) for edge in data["edges"] if edge["in_use"]}

    now = in_use(plot.network_data(world))
    # A note that levels are compatible with cycles places no award.
    assert ("eqf", "qf-ehea") not in now
    assert ("eqf", "nz-nzqcf") in now
    then = in_use(plot.network_data(qg.load(as_of="2012-01-01")))
    assert ("eqf", "ie-nfq") in then
    assert ("eqf", "nz-nzqcf") not in then
    read = in_use(plot.network_data(qg.load(evidence="read")))
    assert read < now
    assert ("eqf", "no-nkr") in now - read


def test_frameworks_of_one_country_are_told_apart(world):
    title = plot.ladder(world.compare(["za-nqf", "za-nqf-8"], reference="sadc-rqf")).title
    assert title == "South Africa (za-nqf) and South Africa (za-nqf-8) side by side, through the SADC-RQF"
    alone = plot.ladder(world.compare(["ie-nfq"], reference="ie-nfq"))
    assert alone.title == "The levels of Ireland"
    assert "not established" not in " ".join(_texts(alone))


def test_route_strikes_out_what_another_document_excludes(world):
    data = plot.route_data(world.map_level("gb-sct-scqf:7", to="gb-eng-rqf"))
    assert data["possible"] == ["4"]
    assert {tuple(one["possible"]) for one in data["routes"] if one["status"] == "alive"} == {
        ("4",),
        ("4", "5"),
    }
    direct = next(one for one in data["routes"] if len(one["steps"]) == 1)
    assert direct["steps"][0]["year"] == 2023
    assert direct["steps"][0]["evidence"] == "known"
    assert direct["narrows"]


def test_route_of_a_dead_end_names_the_document_that_says_so(world):
    data = plot.route_data(world.map_level("nz-nzqcf:8", to="eqf"))
    assert data["status"] == "no_counterpart"
    assert data["bounds"] == ["6", "7"]
    words = " ".join(_texts(plot.route(data)))
    assert "Joint Technical Report" in words
    assert "no counterpart" in words


def test_routes_beyond_the_first_few_are_told_in_words(world):
    answer = world.map_level("my-mqf:6", to="ie-nfq")
    assert len(answer.routes) > 2
    words = " ".join(_texts(plot.route(answer, most=2)))
    assert "Route 3, not drawn" in words
    assert f"Route {len(answer.routes)}, not drawn" in words
    with pytest.raises(ValueError, match="at least one route"):
        plot.route(answer, most=0)


def test_ladder_names_one_chain_where_only_other_countries_frameworks_answer(world):
    data = plot.ladder_data(world.compare(["my-mqf"], reference="eqf"))
    assert all(link["peer"] and not link["complete"] for link in data["links"])
    assert [document["mapping"] for document in data["documents"]] == [
        "nz-nzqcf>my-mqf@2016",
        "nz-nzqcf>eqf@2016",
    ]


# ---- how it is drawn


def _layers(chart):
    return [(layer["mark"], layer["data"]["values"]) for layer in chart.to_dict()["layer"]]


def _texts(chart):
    return [row["text"] for mark, rows in _layers(chart) if mark["type"] == "text" for row in rows]


def _boxes(chart):
    """Rectangle that each text takes."""
    for mark, rows in _layers(chart):
        if mark["type"] != "text":
            continue
        size = mark["fontSize"]
        for row in rows:
            long = width(row["text"], size, bold=mark.get("fontWeight") == "bold")
            start = {"left": 0.0, "center": -long / 2, "right": -long}[mark["align"]]
            # Capitals and figures, without the room above and below a line.
            low, high = -size * 0.38, size * 0.38
            x, y = row["x"], row["y"]
            if mark.get("angle") == 270:
                yield row["text"], (x + low, y - start - long, x + high, y - start)
            else:
                yield row["text"], (x + start, y + low, x + start + long, y + high)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_runs_over_another_or_over_the_edge(charts, name):
    chart = charts[name]
    spec = chart.to_dict()
    boxes = list(_boxes(chart))
    over = [
        (one, other)
        for position, (one, a) in enumerate(boxes)
        for other, b in boxes[:position]
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5
    ]
    assert over == []
    beyond = [
        text
        for text, (x1, y1, x2, y2) in boxes
        if x1 < -2 or y1 < -2 or x2 > spec["width"] + 2 or y2 > spec["height"] + 2
    ]
    assert beyond == []


@pytest.mark.parametrize("name", NAMES)
def test_small_print_says_what_the_picture_is_and_from_which_facts(charts, world, name):
    words = " ".join(_texts(charts[name]))
    assert "not recognition" in words
    assert world.hash[:12] in words
    assert not re.search(r"\bequivalen|\brecognised\b", words)
    assert min(mark["fontSize"] for mark, _ in _layers(charts[name]) if mark["type"] == "text") >= 10


@pytest.mark.parametrize("name", ["ladder mixed", "route scotland", "network"])
def test_the_same_facts_give_the_same_picture(charts, name):
    fresh = {
        "ladder mixed": lambda w: plot.ladder(w.compare(COMPARISONS["mixed"][0], reference="eqf")),
        "route scotland": lambda w: plot.route(w.map_level("gb-sct-scqf:7", to="gb-eng-rqf")),
        "network": plot.network,
    }[name](qg.load())
    assert fresh.to_json() == charts[name].to_json()
    assert fresh.to_svg() == charts[name].to_svg()


def test_a_day_and_an_evidence_floor_stand_in_the_small_print():
    words = " ".join(_texts(plot.network(qg.load(as_of="2019-03-14", evidence="read"))))
    assert "2019-03-14" in words
    assert "only what was read in a text" in words


# ---- shown and saved


@pytest.mark.parametrize("name", NAMES)
def test_altair_accepts_every_specification(charts, name):
    import altair

    spec = charts[name].to_dict()
    for layer in spec["layer"]:
        # The schema takes rows as they come, and seconds for thousands of them.
        layer["data"]["values"] = layer["data"]["values"][:3]
    assert len(altair.LayerChart.from_dict(spec, validate=True).layer) == len(spec["layer"])


def test_a_chart_becomes_an_altair_chart_with_all_its_rows(charts):
    for name in ("route scotland", "network"):
        chart = charts[name].altair.to_dict(validate=False)
        assert [layer["data"]["values"] for layer in chart["layer"]] == [
            rows for _, rows in _layers(charts[name])
        ]


def _asked_for(page):
    """What a browser would fetch to show a page."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend((tag, value) for name, value in attrs if name in ("src", "href"))

    Reader().feed(page)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_saved_pictures_need_no_network(charts, name, tmp_path):
    chart = charts[name]
    svg = chart.save(tmp_path / "picture.svg").read_text(encoding="utf-8")
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert root.find("{http://www.w3.org/2000/svg}title").text == chart.title
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))
    png = chart.save(tmp_path / "picture.png", scale=1).read_bytes()
    assert png.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", png[16:24])
    spec = chart.to_dict()
    assert (wide, high) >= (spec["width"], spec["height"])
    page = chart.save(tmp_path / "picture.html").read_text(encoding="utf-8")
    assert f"<title>{chart.title}</title>" in page
    assert _asked_for(page) == []


def test_a_notebook_shows_svg_with_words_for_those_who_do_not_see_it(charts):
    bundle = charts["route puzzle"]._repr_mimebundle_()
    assert bundle["text/plain"] == repr(charts["route puzzle"])
    assert "<desc>" in bundle["image/svg+xml"]
    assert "no counterpart" in charts["route puzzle"].description.lower()


def test_other_endings_are_refused(charts, tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.html, \.json"):
        charts["network"].save(tmp_path / "picture.pdf")
    with pytest.raises(ValueError, match="above 0"):
        charts["route puzzle"].to_png(scale=0)


def test_something_else_than_an_answer_is_refused():
    with pytest.raises(TypeError, match="needs an answer"):
        plot.route("ie-nfq:8")


def test_a_missing_package_is_named_with_the_command_that_installs_it(charts, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    monkeypatch.setitem(sys.modules, "altair", None)
    chart = charts["route puzzle"]
    with pytest.raises(ImportError, match=r'vl-convert-python: pip install "qualgraph\[plot\]"'):
        chart.to_svg()
    with pytest.raises(ImportError, match=r'altair: pip install "qualgraph\[plot\]"'):
        _ = chart.altair
    # A notebook without the package shows the line of text, and why.
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "qualgraph[plot]" in bundle["text/plain"]


def test_drawing_needs_nothing_but_the_package_itself():
    code = (
        "import sys, qualgraph as qg\n"
        "from qualgraph import plot\n"
        "plot.network(qg.load()).to_json()\n"
        "print({'altair', 'vl_convert', 'pandas', 'numpy'} & set(sys.modules) or 'none')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "none\n"


# ---- texts


def test_widths_are_those_of_helvetica():
    assert width("W", 10) == pytest.approx(9.44)
    assert width("Türkiye", 10) == pytest.approx(width("Turkiye", 10))


def test_texts_are_broken_at_spaces_and_shortened_only_when_they_must():
    assert wrap("one two three", 40, 10) == ["one two", "three"]
    assert wrap("one\u00a0two three", 40, 10) == ["one\u00a0two", "three"]
    assert wrap("one two three four", 40, 10, lines=2) == ["one two", "three f…"]
    assert fit("Level", 100, 10) == "Level"
    assert all(width(line, 10) <= 40 for line in wrap("Supercalifragilistic", 40, 10))


def test_svg_holds_every_text_to_the_width_it_was_placed_by(world):
    svg = plot.ladder(world.compare(["nz-nzqcf", "ie-nfq"], reference="eqf")).to_svg()
    texts = re.findall(r"<text([^>]*)>([^<]+)</text>", svg)
    measured = [text for attributes, text in texts if "textLength" in attributes]
    assert "Doctoral Degree, Micro-credential" in measured
    assert {text for attributes, text in texts if "textLength" not in attributes} <= {"?", "●", "○"}

"""Tables: into pandas, Arrow, CSV and Excel, and back unchanged."""

from __future__ import annotations

import gc
from fractions import Fraction

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualgraph as qg


@pytest.fixture
def table() -> qg.Table:
    columns = {
        "level": ["1", "2", None],
        "rank": [1, None, 3],
        "hub": [True, None, False],
        "to": [["2", "3"], [], None],
        "share": [Fraction(1, 2), Fraction(3), None],
        "hours": [qg.Range(25, 30), None, qg.Range(5)],
    }
    return qg.Table(columns, key="level", title="A title", caption="A caption")


def test_rows_by_key_and_in_order(table):
    assert len(table) == 3
    assert table["2"]["rank"] is None
    assert [row["rank"] for row in table] == [1, None, 3]
    assert table.column("to") == [["2", "3"], [], None]
    assert table.column_names == ["level", "rank", "hub", "to", "share", "hours"]
    with pytest.raises(qg.UnknownId, match='no row with level "7"'):
        table["7"]
    with pytest.raises(qg.UnknownId, match='no column "lvl"; the columns are level, rank'):
        table.column("lvl")


def test_rows_by_position_without_a_key():
    plain = qg.Table({"a": [1, 2]})
    assert (plain[0], plain[-1]) == ({"a": 1}, {"a": 2})
    with pytest.raises(qg.UnknownId, match="no row 2; the table has 2 rows"):
        plain[2]
    with pytest.raises(qg.UnknownId, match="no names; ask by position"):
        plain["x"]


def test_a_table_cannot_be_changed_through_its_columns():
    cells = [1, 2]
    made = qg.Table({"a": cells})
    cells.append(3)
    made.column("a").append(3)
    assert len(made) == len(made.column("a")) == 2


def test_shapes_that_are_no_table():
    with pytest.raises(qg.InvalidValue, match="one length"):
        qg.Table({"a": [1], "b": []})
    with pytest.raises(qg.InvalidValue, match='key column "x" is not among'):
        qg.Table({"a": [1]}, key="x")


def test_pandas_keeps_numbers_whole_and_fractions_exact(table):
    frame = table.to_pandas()
    assert frame["rank"].tolist() == [1, pd.NA, 3]
    assert str(frame["rank"].dtype) == "Int64"
    assert str(frame["hub"].dtype) == "boolean"
    assert frame["share"][0] == Fraction(1, 2)
    assert frame["hours"][0] == qg.Range(25, 30)
    assert frame["to"][0] == ["2", "3"]


def test_arrow_types_and_nulls(table):
    arrow = table.to_arrow()
    assert arrow.schema.types == [pa.string(), pa.int64(), pa.bool_(), pa.string(), pa.string(), pa.string()]
    assert arrow.to_pydict() == {
        "level": ["1", "2", None],
        "rank": [1, None, 3],
        "hub": [True, None, False],
        "to": ["2, 3", "", None],
        "share": ["1/2", "3", None],
        "hours": ["25–30", None, "5"],
    }
    assert pa.RecordBatchReader.from_stream(table).read_all() == arrow


def test_arrow_outlives_its_table(table):
    arrow = table.to_arrow()
    unread = table.__arrow_c_stream__()
    del table, unread
    gc.collect()
    assert arrow.column("level").to_pylist() == ["1", "2", None]


@given(
    st.lists(
        st.tuples(
            st.none() | st.text(),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.booleans(),
        ),
        max_size=40,
    )
)
def test_arrow_gives_back_what_went_in(rows):
    texts, numbers, flags = ([row[i] for row in rows] for i in range(3))
    texts = [None if t is None else t.encode("utf-8", "replace").decode() for t in texts]
    got = qg.Table({"text": texts, "number": numbers, "flag": flags}).to_arrow().to_pydict()
    assert got == {
        "text": texts,
        # A column of nothing but gaps has no type of its own and travels as text.
        "number": numbers,
        "flag": flags,
    }


def test_numbers_too_large_for_arrow_travel_as_text():
    assert qg.Table({"n": [2**70]}).to_arrow().column("n").to_pylist() == [str(2**70)]


def test_empty_tables():
    assert qg.Table({"a": []}).to_arrow().num_rows == 0
    assert qg.Table({}).to_arrow().num_columns == 0
    assert len(qg.Table({"a": []}).to_pandas()) == 0
    assert str(qg.Table({})) == ""


def test_csv(table, tmp_path):
    text = table.to_csv()
    assert text.splitlines()[:2] == ["level,rank,hub,to,share,hours", '1,1,yes,"2, 3",1/2,25–30']
    path = tmp_path / "t.csv"
    assert table.to_csv(path) is None
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text(encoding="utf-8-sig") == text


def test_excel_holds_title_numbers_and_no_formula(table, tmp_path):
    path = tmp_path / "t.xlsx"
    hostile = qg.Table({"level": ["=1+1"], "rank": [3]}, title="A title", caption="A caption")
    hostile.to_excel(path)
    sheet = openpyxl.load_workbook(path).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [
        ["A title", None],
        [None, None],
        ["level", "rank"],
        ["=1+1", 3],
        [None, None],
        ["A caption", None],
    ]
    assert sheet.cell(4, 1).data_type == "s"
    table.to_excel(tmp_path / "all.xlsx")


def test_excel_replaces_what_a_workbook_cannot_hold(tmp_path):
    path = tmp_path / "t.xlsx"
    texts = ["bell \x07", "zero \x00", "half \ud800", "tab\tand\nline", "\ufffe", "国家 😀", "x" * 40_000]
    qg.Table({"control \x1b": texts}, title="\x01", caption="\x02").to_excel(path)
    cells = [row[0].value for row in openpyxl.load_workbook(path).active.iter_rows()]
    assert cells[0] == cells[-1] == "\ufffd"
    assert cells[2] == "control \ufffd"
    assert cells[3:9] == ["bell \ufffd", "zero \ufffd", "half \ufffd", "tab\tand\nline", "\ufffd", "国家 😀"]
    assert cells[9] == "x" * 32_764 + "..."


def test_text_is_aligned_also_with_wide_letters():
    shown = str(qg.Table({"name": ["国家", "ab"], "n": [1, 22]}, title="T", caption="C"))
    assert shown.splitlines() == ["T", "name  n", "国家  1", "ab    22", "C"]


def test_long_tables_say_what_they_leave_out():
    long = qg.Table({"a": [str(n) for n in range(500)], "b": ["x" * 100] * 500})
    assert "... and 440 more rows" in str(long)
    assert "300 more rows are not shown" in long._repr_html_()
    assert "x" * 46 not in str(long)
    assert repr(long) == "<Table 500 rows x 2 columns>"


def test_html_is_escaped():
    shown = qg.Table({"<a>": ["<script>"]}, title="<b>", caption="&")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;a&gt;" in shown


def test_equality(table):
    assert table == qg.Table({name: table.column(name) for name in table.column_names}, key="level")
    assert table != qg.Table({"a": [1]})
    with pytest.raises(TypeError):
        hash(table)


def test_missing_package_is_named(table, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        qg.Error, match=r"to_excel\(\) needs the package openpyxl; install it with: pip install openpyxl"
    ):
        table.to_excel("nowhere.xlsx")

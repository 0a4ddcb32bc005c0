"""Pay is private: everybody sees distributions, a manager the people below, a person their own statement."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from engine.errors import VerificationFailed
from engine.pay.discreet import groups
from engine.pay.names import file_names
from engine.verification import verify
from tests.pay.company import Company, cents, flat, plans

SEATS = (
    "id,manager,person,plan\n"
    + "".join(f"S{k},{'XY'[k % 2]},Person {k},AE\n" for k in range(8))
    + "X,Z,Xena,Lead\nY,Z,Yuri,Lead\nZ,,Zoe,\n"
)
DEALS = "id,rep,date,amount\n" + "".join(
    f"D{k},S{k % 8},2026-01-{1 + k:02d},{1000 * (k + 1)}.3{k % 10}\n" for k in range(24)
)


def company(folder):
    made = Company(folder, DEALS, reps=SEATS)
    return made.says(
        comp=plans(AE=flat(), Lead=flat("1%")),
        comp_b=plans(AE=flat("12%"), Lead=flat("2%")),
        crediting={"rollups": {"double_credit": "false"}},
    )


def test_who_is_paid_what_stands_in_no_public_file(tmp_path):
    paid = company(tmp_path).pay()
    sums = {f"{amount / 100:.2f}" for amount in paid.ledger.groupby("person")["paid"].sum().tolist()}
    sums |= {f"{float(amount):,.2f}" for amount in sums}
    public = [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".csv", ".html"}]
    for path in public:
        text = path.read_text(encoding="utf-8")
        if "private" not in path.parts:
            assert not re.search(r"Person \d", text)
            assert "Xena" not in text
            assert not set(re.split(r"[<>,\"\n]", text.replace(",", ""))) & sums, path
    frames = {table.name: table.frame for table in paid.tables}
    assert set(frames["payouts"]["plan"]) == set(frames["accruals"]["plan"]) == {"all"}
    assert set(frames["plan_b"]["plan"]) == {"all"}


def test_what_a_plan_says_of_a_person_stands_in_no_public_file(tmp_path):
    goal = {
        "name": "hygiene", "weight": 1, "pays": "pro_rata", "most": 1, "expected": "75%",
        "achieved": {"Person 3": "61.8034%"},
    }  # fmt: skip
    card = {"kind": "scorecard", "weight": "20%", "per": "quarter", "closed": "left", "goals": [goal]}
    company(tmp_path).says(comp=plans(AE=[flat(), card], Lead=flat("1%"))).pay()
    telling = [
        path.relative_to(tmp_path / "out").as_posix()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and re.search(rb"61\.8034|618034", path.read_bytes())
    ]
    assert "private/pay.yaml" in telling
    assert [path for path in telling if not path.startswith("private/")] == []


def test_what_is_private_is_the_owners_alone_and_is_listed_there(tmp_path):
    company(tmp_path).pay()
    out = tmp_path / "out"
    for path in (out / "private", *(out / "private").rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert (out / "report.html").stat().st_mode & 0o777 != 0o600
    assert out.stat().st_mode & 0o777 == 0o755
    listed = json.loads((out / "manifest.json").read_text())["files"]
    assert [name for name in listed if name.startswith("private/")] == ["private/manifest.json"]
    assert (
        "private/statements/Person 3.csv" in json.loads((out / "private/manifest.json").read_text())["files"]
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("statements/Person 3.csv", "V_DIGEST"),
        ("manifest.json", "V_DIGEST"),
        ("statements/new.csv", "V_EXTRA"),
    ],
)
def test_a_change_of_what_is_private_is_found(tmp_path, name, code):
    company(tmp_path).pay()
    with (tmp_path / "out/private" / name).open("a") as stream:
        stream.write(" ")
    with pytest.raises(VerificationFailed) as found:
        verify(tmp_path / "out")
    assert (code, f"private/{name}") in [(fault.code, fault.file) for fault in found.value.faults]


def test_small_groups_stay_behind_the_total():
    assert groups({"AE": 4}) == ()
    assert groups({"AE": 9, "Lead": 2}) == ("all",)
    assert groups({"AE": 9, "Lead": 2, "SE": 3}) == ("all", "AE")
    assert groups({"AE": 9, "Lead": 0}) == ("all", "AE")


def test_a_manager_sees_the_people_below_and_nobody_else(tmp_path):
    company(tmp_path).pay()
    folder = tmp_path / "out/private/managers"
    found = {path.stem: set(pd.read_csv(path)["person"]) for path in folder.glob("*.csv")}
    even, odd = ({f"Person {k}" for k in range(start, 8, 2)} for start in (0, 1))
    assert found == {"Xena": even, "Yuri": odd, "Zoe": even | odd | {"Xena", "Yuri"}}
    names = even | odd | {"Yuri", "Zoe"}
    page = (folder / "Xena.html").read_text(encoding="utf-8")
    assert {name for name in names if name in page} == even
    # Person 0 sold D0, D8 and D16: 10 % of 1,000.30, 9,000.38 and 17,000.36 together.
    assert "<td>Person 0</td><td>AE</td><td>2,700.10</td><td>2,700.10</td>" in page
    assert set(re.findall(r"D\d+", page)) == {f"D{k}" for k in range(0, 24, 2)}


def test_a_manager_sees_only_the_periods_in_which_they_held_the_seat(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-05,100\nD2,A,2026-06-05,200\n")
    made.tables["reps"] = "id,manager\nA,M\nB,M\nM,\n"
    made.tables["spells"] = (
        "person,rep,start,end,plan\nAnn,A,,,AE\nOld,M,2020-01-01,2026-04-01,AE\nNew,M,2026-04-01,,AE\n"
    )
    made.text["data"]["spells"] = "spells.csv"
    made.pay()
    folder = tmp_path / "out/private/managers"
    assert pd.read_csv(folder / "Old.csv")["period"].tolist() == ["2026-01"]
    assert pd.read_csv(folder / "New.csv")["period"].tolist() == ["2026-06"]
    pages = {
        name: set(re.findall(r"D\d", (folder / f"{name}.html").read_text("utf-8"))) for name in ("Old", "New")
    }
    assert pages == {"Old": {"D1"}, "New": {"D2"}}


def test_a_difference_is_told_to_whom_the_person_reports_when_it_is_paid(tmp_path):
    made = Company(tmp_path, "id,rep,date,amount\nD1,A,2026-01-05,100\nD2,B,2026-01-05,100\n")
    made.tables["reps"] = "id,manager\nA,M\nB,N\nM,\nN,\n"
    made.tables["spells"] = (
        "person,rep,start,end,plan\nAnn,A,2025-01-01,2026-02-01,AE\nAnn,B,2026-02-01,,AE\n"
        "Bob,B,2025-01-01,2026-02-01,AE\nMia,M,,,AE\nNed,N,,,AE\n"
    )
    made.text["data"]["spells"] = "spells.csv"
    made.says(comp={**plans(AE=flat()), "carry": "person"})
    made.pay("as_of=2026-03-01", out="first")
    made.tables["deals"] += "D3,A,2026-01-06,500\n"
    made.pay("as_of=2026-04-01", out="second", previous="first")
    seen = {
        name: pd.read_csv(tmp_path / f"second/private/managers/{name}.csv")[["person", "period", "paid"]]
        for name in ("Mia", "Ned")
    }
    assert seen["Mia"].values.tolist() == [["Ann", "2026-01", 10]]
    assert seen["Ned"].values.tolist() == [["Ann", "2026-03", 50], ["Bob", "2026-01", 10]]


def test_managers_are_credited_with_each_deal_once(tmp_path):
    seats = "id,manager,person,plan\nA,M,Ann,AE\nB,M,Bob,AE\nM,,Mia,AE\n"
    shares = "D1,A,60%,credit\nD1,B,40%,credit\nD1,B,30%,overlay\nD2,M,50%,credit\nD2,A,50%,credit\n"
    deals = "id,rep,date,amount\nD1,A,2026-01-05,1000\nD2,M,2026-01-06,100\n"
    made = Company(tmp_path, deals, reps=seats, splits=f"deal,rep,share,kind\n{shares}")
    for double, credit in (("false", [1000, 50]), ("true", [1300, 50])):
        lines = made.says(crediting={"rollups": {"double_credit": double}}).pay().lines
        team = lines[(lines["person"] == "Mia") & (lines["role"] == "team")]
        assert team["credit"].tolist() == [cents(amount) for amount in credit]


def test_a_statement_is_text_and_not_markup(tmp_path):
    seats = 'id,person,plan\nA,"<script>alert(1)</script>",AE\nB,../../x,AE\nC,=1+1,AE\n'
    deals = "id,rep,date,amount\n<b>D1</b>,A,2026-01-05,100\nD2,B,2026-01-05,100\n=cmd,C,2026-01-05,100\n"
    Company(tmp_path, deals, reps=seats).pay()
    folder = tmp_path / "out/private/statements"
    stems = file_names(["<script>alert(1)</script>", "../../x", "=1+1"])
    assert {path.stem for path in folder.iterdir()} == set(stems.values())
    text = (folder / f"{stems['<script>alert(1)</script>']}.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;D1" in text
    assert "'=cmd" in (folder / f"{stems['=1+1']}.csv").read_text(encoding="utf-8")


def test_names_of_files_differ_also_without_case():
    names = file_names(["Ann", "ann", "CON", "a/b", ".x"])
    assert len({name.lower() for name in names.values()}) == 5
    assert not {"CON", ".x"} & set(names.values())
    assert all("/" not in name for name in names.values())


def test_a_folder_that_was_tampered_with_is_told(tmp_path):
    company(tmp_path).pay()
    assert verify(tmp_path / "out")
    path = tmp_path / "out/private/ledger.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("00.", "01.", 1), encoding="utf-8")
    with pytest.raises(VerificationFailed, match=r"ledger\.csv"):
        verify(tmp_path / "out")


def test_plan_b_stands_beside(tmp_path):
    paid = company(tmp_path).pay()
    frame = next(table.frame for table in paid.tables if table.name == "plan_b_people").set_index(
        ["person", "period"]
    )
    ours = paid.ledger.groupby("person")["paid"].sum()
    assert frame.loc[("Person 0", "year"), "a"] == ours["Person 0"]
    assert frame.loc[("Person 0", "year"), "b"] == cents("3240.12")


def test_letters_of_any_script_stay_what_they_are():
    people = ["Zoë Öztürk", "O'Brien, Anna", "李 雷"]
    assert file_names(people) == {name: name for name in people}
    composed, apart = "Zo\u00eb", "Zoe\u0308"
    names = file_names([composed, apart])
    assert names[composed] == composed
    assert names[apart].isascii()

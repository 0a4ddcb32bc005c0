"""Paying says what the plan checker says: in the summary, in a public table and in the report."""

from __future__ import annotations

from tests.pay.company import Company, flat, plans

PEOPLE = "id,person,plan,target_incentive\n" + "".join(f"S{k},Person {k},AE,12000\n" for k in range(6))
DEALS = "id,rep,date,amount\n" + "".join(
    f"D{k},S{k % 6},2026-0{1 + k % 9}-11,{500 + 13 * k}\n" for k in range(40)
)
QUOTAS = "rep,period,measure,quota\n" + "".join(
    f"S{k},2026-{month:02d},{measure},{quota}\n"
    for k in range(6)
    for month in range(1, 13)
    for measure, quota in (("", 1000 + 100 * k), ("wins", 3))
)
RIGHT = flat(
    tiers_on="attainment",
    rates="individual",
    quota="to_date",
    weight="60%",
    tiers=[{"start": 0, "rate": "100%"}],
)
WINS = {
    "kind": "bonus", "measure": "wins", "accumulate": "year_to_date", "quota": "to_date", "closed": "left",
    "weight": "40%", "accelerator": 1, "nodes": [{"attainment": 0, "pay": 0}, {"attainment": "100%", "pay": "100%"}],
}  # fmt: skip


def company(folder, parts, **blocks):
    measures = {"bookings": {"column": "amount"}, "wins": {"column": "id"}}
    made = Company(folder, DEALS, reps=PEOPLE, quotas=QUOTAS)
    return made.says(crediting={"measures": measures}, comp=plans(AE=parts), **blocks)


def checks(paid):
    return next(table for table in paid.tables if table.name == "plan_checks").frame


def test_each_measure_is_held_against_its_own_quota(tmp_path):
    paid = company(tmp_path, [RIGHT, WINS]).pay()
    target = checks(paid).set_index("check").loc["target"]
    assert bool(target["passed"])
    assert "pay at 100% is the target incentive: 12,000 USD for 12,000 USD" in target["message"]
    assert checks(paid)["passed"].all()
    assert "0 to look at" in paid.summary


def test_what_is_off_stands_in_the_summary_and_in_the_report(tmp_path):
    paid = company(tmp_path, [RIGHT], comp_b=plans(AE=[{**RIGHT, "weight": "30%"}])).pay()
    told = checks(paid)
    off = told[~told["passed"]]["message"].tolist()
    assert ["60.0%" in off[0], "Plan B, AE: pay at 100% is 30.0%" in off[1], len(off)] == [True, True, 2]
    summary = " ".join(paid.summary.split())
    report = (paid.folder / "report.html").read_text(encoding="utf-8").replace("\u00a0%", "%")
    assert "2 to look at" in summary
    assert "Plan B, AE: pay at 100% is 30.0%" in summary
    assert report.count("look at this: ") == 2
    for text in off:
        assert text in summary
        assert f"look at this: {text.split(': ', 1)[1]}" in report
    assert (paid.folder / "tables/plan_checks.csv").exists()


def test_a_plan_without_quotas_tells_its_cost_by_the_credit_of_its_people(tmp_path):
    made = Company(tmp_path, DEALS, reps=PEOPLE).says(comp=plans(AE=flat()))
    said = checks(made.pay()).set_index("check")["message"]
    sold = sum(500 + 13 * k for k in range(40))
    levels = ", ".join(f"{0.1 * share * sold:,.0f} USD at {share:.0%}" for share in (0.8, 1, 1.2))
    assert f"all 6 people, in seat throughout, is {levels} of the credit of its people" in said["cost"]
    assert "132% of the credit of its people, pay is" in said["upside"]


def test_findings_name_nobody(tmp_path):
    paid = company(tmp_path, [RIGHT, WINS]).pay()
    assert not checks(paid)["message"].str.contains("Person").any()

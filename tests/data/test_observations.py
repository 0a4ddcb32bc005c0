"""What a planner is told of data that is kept as it is."""

from tests.data.company import company, found

WIDE = "id,name,segment,potential,owner,latitude,longitude\n" + "".join(
    f"A{number},Account {number},SMB,{1000 + number * 10},R1,40,-100\n" for number in range(1, 40)
)


def test_an_amount_far_from_all_others_is_an_outlier(tmp_path):
    odd = WIDE + "A90,Giant,ENT,9000000,R1,40,-100\n"
    inputs = company(tmp_path, {"accounts": odd}, {"opportunities": None})
    assert found(inputs, "outlier: potential").examples == ("A90: 9,000,000.00 USD",)
    calm = company(tmp_path, {"accounts": WIDE + "A90,Large,ENT,1700,R1,40,-100\n"}, {"opportunities": None})
    assert not [finding for finding in calm.findings if "outlier" in finding.what]


def test_equal_amounts_have_no_outliers(tmp_path):
    same = "id,segment,potential\n" + "".join(f"A{number},SMB,5\n" for number in range(1, 30)) + "A99,ENT,7\n"
    inputs = company(tmp_path, {"accounts": same}, {"opportunities": None})
    assert not [finding for finding in inputs.findings if "outlier" in finding.what]


def test_names_that_differ_by_case_and_legal_form_look_alike(tmp_path):
    alike = "id,name,segment\nA1,Acme Inc.,SMB\nA2,ACME,ENT\nA3,Acme Steel,SMB\n"
    finding = found(company(tmp_path, {"accounts": alike}), "look alike")
    assert finding.rows == 2
    assert finding.examples == ("A1 'Acme Inc.', A2 'ACME'",)


def test_gaps_in_the_accounts_are_counted(tmp_path):
    inputs = company(tmp_path)
    assert found(inputs, "no owner").examples == ("A3",)
    assert found(inputs, "potential is 0").rows == 1
    assert found(inputs, "no coordinates").examples == ("row 4: blank",)
    assert all(finding.action == "kept" for finding in inputs.findings)


def test_open_stages_are_listed_with_their_deals(tmp_path):
    inputs = company(tmp_path)
    assert [f.what for f in inputs.findings if "is open" in f.what] == [
        "stage 'Propose' is open",
        "stage 'Qualify' is open",
    ]

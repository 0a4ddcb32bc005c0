"""check, schema, new, and the words of a command called wrongly."""

from __future__ import annotations

import json

import jsonschema
import yaml


def test_check_reports_on_the_data_and_writes_nothing(apportion, tmp_path):
    done = apportion("check", "scenarios/quickstart.yaml")
    assert done.returncode == 0, done.stderr
    assert "accounts" in done.stdout
    assert done.stdout.splitlines()[-1] == "No faults."


def test_check_of_a_pay_file_says_what_its_plans_will_do(apportion, tmp_path):
    done = apportion("check", "scenarios/pay.yaml")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "pay: 2026-01 to 2026-12, 12 periods, USD"
    assert {"Plans:", "Plans to be held beside:", "No faults."} <= set(lines)
    assert any("pay at 100% is 107.6% of the target incentive" in line for line in lines)


def test_check_takes_a_pay_file_with_rules_on_single_deals(apportion, root, tmp_path):
    text = (root / "scenarios" / "pay.yaml").read_text(encoding="utf-8")
    by_deal = text.replace("accumulate: period\n", "accumulate: transaction\n", 1)
    (tmp_path / "pay.yaml").write_text(
        by_deal.replace("data/pay/", f"{root}/scenarios/data/pay/"), encoding="utf-8"
    )
    done = apportion("check", tmp_path / "pay.yaml", "--allow-root", root)
    assert done.returncode == 0, done.stderr


def test_a_scenario_and_a_pay_file_are_told_apart(apportion):
    for command, file, says in (
        ("pay", "quickstart.yaml", "this is no pay file"),
        ("run", "pay.yaml", "this is a pay file"),
    ):
        done = apportion(command, f"scenarios/{file}")
        assert done.returncode == 2
        assert "1 fault; nothing was written." in done.stderr
        assert says in done.stderr


def test_check_holds_the_rules_to_the_tables(apportion, root, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        f"extends: {root / 'scenarios' / 'quickstart.yaml'}\n"
        "territories:\n  constraints:\n"
        "    - {kind: lock, accounts: [NOPE]}\n"
        "    - {kind: band, measure: nothing, within: 10%}\n"
    )
    done = apportion("check", tmp_path / "bad.yaml", "--allow-root", root)
    assert done.returncode == 2
    assert "territories.constraints[0].accounts" in done.stderr
    assert "territories.constraints[1].measure" in done.stderr


def test_the_schema_accepts_the_shipped_scenarios(apportion, root):
    schemas = {
        pay: json.loads(apportion("schema", *(["--pay"] if pay else [])).stdout) for pay in (True, False)
    }
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted((root / "scenarios").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema="), path.name
        content = json.loads(json.dumps(yaml.safe_load(text), default=str))
        jsonschema.validate(content, schemas[path.stem == "pay"])


def test_the_schema_refuses_an_unknown_key(apportion):
    schema = json.loads(apportion("schema").stdout)
    faults = list(jsonschema.Draft202012Validator(schema).iter_errors({"extends": "./a.yaml", "quotaz": {}}))
    assert faults


def test_new_writes_a_starter_that_runs_as_it_is(apportion, tmp_path):
    assert apportion("new", tmp_path / "plan").returncode == 0
    scenario = next((tmp_path / "plan").glob("*.yaml"))
    done = apportion("run", scenario, "--out", tmp_path / "run", "--set", "pipeline.replications=20")
    assert done.returncode == 0, done.stderr


def test_new_does_not_write_over_anything(apportion, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert apportion("new", tmp_path).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_missing_scenario_and_an_unknown_stage_are_usage(apportion):
    assert apportion("run", "nowhere.yaml").returncode == 2
    assert apportion("run", "scenarios/quickstart.yaml", "--until", "lunch").returncode == 2
    assert apportion("rum").returncode == 2
    told = apportion("run", "scenarios/quickstart.yaml", "--until", "lunch", "--errors", "json").stderr
    assert json.loads(told)["code"] == "E_USAGE"


def test_an_amount_finer_than_its_currency_is_found_by_check(apportion):
    sets = ("--set", "quotas.goal=6500000.005", "--set", "quotas.step=0.001")
    done = apportion("check", "scenarios/quickstart.yaml", *sets)
    assert done.returncode == 2
    assert "quotas.goal" in done.stderr
    assert "quotas.step" in done.stderr
    assert "2 decimals" in done.stderr


def test_an_unclosed_bracket_in_a_set_is_told_in_words(apportion):
    done = apportion("check", "scenarios/quickstart.yaml", "--set", "quotas.goal=[1")
    assert done.returncode == 2
    assert "not valid YAML" in done.stderr
    assert "Traceback" not in done.stderr


def test_explain_prints_the_page_of_pay_files(apportion):
    assert "crediting.release: required" in apportion("explain", "pay").stdout
    done = apportion("explain", "pay", "commission")
    assert done.returncode == 2
    assert "apportion explain comp KIND" in done.stderr


def test_explain_prints_the_page_of_comp_and_of_a_component(apportion):
    assert "proration: required" in apportion("explain", "comp").stdout
    done = apportion("explain", "comp", "commission")
    assert done.returncode == 0
    assert "Example: " in done.stdout
    wrong = apportion("explain", "comp", "comission")
    assert wrong.returncode == 2
    assert "Did you mean 'commission'?" in wrong.stderr

"""`rules`, `openapi`, `--help`: what the command says of itself."""

import json
from importlib.metadata import version

import pytest

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.cli import main
from mock_mindvideo.domain.script import MAGIC_HOSTS, WORDS, names

from ..catalog.folders import SLUG, write

KINDS = ("documented", "inferred", "invented", "extension")
COMMANDS = sorted(main.commands)


def test_rules_lists_every_behaviour_word_and_magic_host(run):
    result = run("rules")

    assert result.exit_code == 0
    for each in builtin_catalog().behaviours:
        assert f"{each['id']}  {each['kind']:<10}  {each['statement']}\n" in result.stdout
        assert f"source: {each['source']}\n" in result.stdout
    for word in WORDS:
        assert f"\n  {word:<20} {WORDS[word].form}\n" in result.stdout
    for host, script in MAGIC_HOSTS.items():
        assert f"\n  {host + '.mock.invalid':<40} {script}\n" in result.stdout


def test_rules_as_json_say_which_requests_a_word_acts_on(run):
    listed = json.loads(run("rules", "--json").stdout)

    assert listed == {
        "behaviours": [dict(each) for each in builtin_catalog().behaviours],
        "words": {name: word.form for name, word in WORDS.items()},
        "words_act_on": {name: list(names(word.on)) for name, word in WORDS.items()},
        "magic_hosts": {f"{host}.mock.invalid": text for host, text in MAGIC_HOSTS.items()},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_rules_of_one_kind_are_those_and_no_others(run, kind):
    listed = json.loads(run("rules", "--json", "--kind", kind).stdout)["behaviours"]

    assert {each["kind"] for each in listed} == {kind}
    assert len(listed) == sum(each["kind"] == kind for each in builtin_catalog().behaviours)


def test_the_kinds_together_are_all_rules(run):
    listed = [json.loads(run("rules", "--json", "--kind", kind).stdout) for kind in KINDS]

    assert sum(len(each["behaviours"]) for each in listed) == len(builtin_catalog().behaviours)


def test_an_unknown_kind_is_misuse(run):
    result = run("rules", "--kind", "rumoured")

    assert result.exit_code == 2
    listed = "'documented', 'observed', 'inferred', 'invented', 'extension'"
    assert f"'rumoured' is not one of {listed}." in result.stderr


def test_openapi_holds_the_three_emulated_operations_only(run):
    document = json.loads(run("openapi").stdout)

    assert document["openapi"].startswith("3.1.")
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/api/v1/tasks": ["post"],
        "/api/v1/tasks/{task_id}": ["get"],
        "/api/v1/tasks/{task_id}/events": ["get"],
    }


def test_openapi_names_the_real_server_or_the_one_that_is_given(run):
    default = json.loads(run("openapi").stdout)
    local = json.loads(run("openapi", "--server", "http://127.0.0.1:8080").stdout)

    assert [each["url"] for each in default["servers"]] == ["https://api.mindvideo.ai"]
    assert [each["url"] for each in local["servers"]] == ["http://127.0.0.1:8080"]


def test_openapi_knows_a_model_of_ones_own_folder(run, tmp_path):
    assert SLUG in run("openapi", "--schemas", write(tmp_path)).stdout
    assert SLUG not in run("openapi").stdout


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_command_alone_shows_its_help(run, arguments):
    result = run(*arguments)

    assert "A local stand-in for the MindVideo task API" in result.output
    assert "Start with: mock-mindvideo serve" in result.output
    assert [name for name in COMMANDS if f"\n  {name} " not in result.output] == []


def test_the_version_is_that_of_the_distribution(run):
    assert run("--version").stdout == f"mock-mindvideo, version {version('mock-mindvideo')}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_says_what_each_option_is_for(run, command):
    result = run(command, "--help")

    assert result.exit_code == 0
    assert main.commands[command].help.split("\n")[0].split(".")[0] in " ".join(
        result.stdout.split()
    )
    for option in main.commands[command].params:
        if option.param_type_name == "option":
            assert option.help
            assert all(name in result.stdout for name in option.opts)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_exit_code_2(run, command):
    result = run(command, "--nonsense")

    assert result.exit_code == 2
    assert "No such option" in result.stderr


def test_an_unknown_command_is_exit_code_2(run):
    result = run("server")

    assert result.exit_code == 2
    assert "No such command 'server'" in result.stderr

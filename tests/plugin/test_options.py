"""Every option, by marker, by fixture and by ini; the nearest one wins."""

import pytest

from tests.plugin.conftest import Run

POLLED = """
    submit()
    {mindvideo}.assert_requested("POST /api/v1/tasks", times=1)
"""

#: What holds where an option is set: the option, its value, its ini line, and the test's body.
EFFECTS = {
    "progress": ("'manual'", "manual", "assert [poll(submit().json()['task_id'])] == ['queued']\n"
                 "    assert mindvideo.progress == 'manual'"),
    "script": ("'status=503'", "status=503", "assert submit().status_code == 503"),
    "credit": ("'0.5'", "0.5", "assert submit().status_code == 402"),
    "in_flight": ("1", "1", "mindvideo.progress = 'manual'\n"
                  "    first, second = [submit().json()['task_id'] for _ in range(2)]\n"
                  "    mindvideo.advance(2)\n"
                  "    assert [poll(first), poll(second)] == ['processing', 'queued']"),
    "quota": ("['2/60', 'tasks=9']", "2/60 tasks=9",
              "assert [submit().status_code for _ in range(3)] == [200, 200, 429]"),
    "strict": ("True", "true", "assert mindvideo.options.strict\n    submit()"),
    "api_key": ("'sk-mine'", "sk-mine",
                "assert httpx.get(URL + '/x', headers={'Authorization': 'Bearer sk-mine'})"
                ".status_code == 404"),
    "virtual_time": ("True", "true",
                     "began = mindvideo.now\n    asyncio.run(asyncio.sleep(3600))\n"
                     "    assert (mindvideo.now - began).total_seconds() == 3600"),
    "patch_sleep": ("True", "true",
                    "began = mindvideo.now\n    time.sleep(3600)\n"
                    "    assert (mindvideo.now - began).total_seconds() == 3600"),
    "seed": ("7", "7", "assert mindvideo.seed == 7"),
    "speed": ("9", "9", "assert mindvideo._speed == 9"),
    "profile": ("'strict'", "strict", "assert submit(duration=15).status_code == 422"),
    "hosts": ("['eu.mindvideo.ai']", "eu.mindvideo.ai",
              "assert httpx.get('https://eu.mindvideo.ai/api/v1/tasks/x', headers=KEY)"
              ".status_code == 404\n    assert mindvideo.base_url == 'https://eu.mindvideo.ai'"),
    "schemas": ("['more']", "more",
                "assert 'my-model' in mindvideo.app.service.catalog.models"),
    "contested": ("['links=72h', 'first-frame=not-enough']", "links=72h first-frame=not-enough",
                  "assert mindvideo.app.service.catalog.dialect.lifetimes.links == 259200"),
    "models": ("['kling-v3', 'viduq3']", "kling-v3 viduq3",
               "assert [*mindvideo.app.service.catalog.models] == ['kling-v3', 'viduq3']"),
}  # fmt: skip


@pytest.fixture
def folder(pytester: pytest.Pytester) -> None:
    """A model of the user's own."""
    model = pytester.mkdir("more") / "models" / "my-model"
    model.mkdir(parents=True)
    (model / "model.json").write_text(
        '{"slug": "my-model", "title": "Mine", "output": "images", "example": {"prompt": "x"}}'
    )
    (model / "input.schema.json").write_text(
        '{"type": "object", "properties": {"prompt": {"type": "string"}}}'
    )
    (model / "pricing.json").write_text(
        '{"currency": "USD", "quantity": null, "minimum": 1, "charge_on": ["succeeded"],'
        ' "rates": [{"when": {}, "price": "1", "fidelity": "invented"}]}'
    )


@pytest.mark.usefixtures("folder")
def test_every_option_is_taken_from_the_marker(run: Run) -> None:
    tests = [
        f"@pytest.mark.mindvideo({option}={value})\ndef test_{option}(mindvideo):\n    {body}\n"
        for option, (value, _, body) in EFFECTS.items()
    ]

    run("\n".join(tests)).assert_outcomes(passed=len(EFFECTS))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("option", EFFECTS)
def test_an_option_is_taken_from_the_ini_file(run: Run, option: str) -> None:
    _, line, body = EFFECTS[option]

    run(f"def test(mindvideo):\n    {body}\n", ini=f"mindvideo_{option} = {line}").assert_outcomes(
        passed=1
    )


@pytest.mark.usefixtures("folder")
def test_every_option_is_taken_from_the_settings_fixture(run: Run) -> None:
    classes = [
        f"""
class Test_{option}:
    @pytest.fixture
    def mindvideo_settings(self):
        return {{"{option}": {value}}}

    def test(self, mindvideo):
        {body.replace(chr(10), chr(10) + "    ")}
"""
        for option, (value, _, body) in EFFECTS.items()
    ]

    run("\n".join(classes)).assert_outcomes(passed=len(EFFECTS))


def test_the_nearest_of_them_wins(run: Run) -> None:
    suite = """
@pytest.fixture
def mindvideo_settings():
    return {"seed": 2, "credit": 2}

def test_fixture(mindvideo):
    assert (mindvideo.seed, mindvideo.credit, mindvideo.progress) == (2, 2, "manual")

@pytest.mark.mindvideo(seed=3)
class TestClass:
    def test_class(self, mindvideo):
        assert (mindvideo.seed, mindvideo.credit) == (3, 2)

    @pytest.mark.mindvideo(seed=4)
    def test_function(self, mindvideo):
        assert (mindvideo.seed, mindvideo.credit) == (4, 2)
"""

    run(suite, ini="mindvideo_seed = 1\nmindvideo_progress = manual").assert_outcomes(passed=3)


def test_the_seed_of_the_command_line_goes_before_the_ini_file(run: Run) -> None:
    suite = "def test(mindvideo):\n    assert mindvideo.seed == 9\n"

    run(suite, "--mindvideo-seed", "9", ini="mindvideo_seed = 1").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("progres='x'", "unknown option 'progres' (did you mean 'progress'?) in"
                        " @pytest.mark.mindvideo"),
        ("zzz=1", "unknown option 'zzz'; known are progress, script, credit, in_flight,"
                  " quota, strict, api_key, virtual_time, patch_sleep, seed, speed, profile,"
                  " hosts, schemas, contested, models in"
                  " @pytest.mark.mindvideo"),
        ("progress='fast'", "progress='fast' in @pytest.mark.mindvideo does not fit: polls,"
                            " manual or time"),
        ("script='delay'", "script='delay' in @pytest.mark.mindvideo does not fit: the word"
                           " 'delay' needs a value: seconds, like 2 or 0.5, below 10000; or a"
                           " distribution, like lognormal(30,0.5)"),
        ("credit=-1", "credit=-1 in @pytest.mark.mindvideo does not fit: an amount in US dollars,"
                      " 0 or more"),
        ("quota='10'", "quota='10' in @pytest.mark.mindvideo does not fit: quota '10' does"
                       " not fit: write requests/seconds like 10/1, or tasks=20 for tasks that have"
                       " not ended, or none alone"),
        ("in_flight=-1", "in_flight=-1 in @pytest.mark.mindvideo does not fit: in-flight must be"
                         " from 1 to 100000, or 0 for no limit"),
        ("strict='yes'", "strict='yes' in @pytest.mark.mindvideo does not fit: True or False"),
        ("seed='x'", "seed='x' in @pytest.mark.mindvideo does not fit: a whole number"),
        ("hosts=1", "hosts=1 in @pytest.mark.mindvideo does not fit: a string or a list of them"),
        ("'manual'", "@pytest.mark.mindvideo takes keyword arguments only, such as"
                     " progress='manual'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_what_would(run: Run, arguments: str, words: str) -> None:
    result = run(f"@pytest.mark.mindvideo({arguments})\ndef test(mindvideo):\n    pass\n")

    result.assert_outcomes(errors=1)
    assert f"mindvideo: {words}" in result.outlines


def test_a_settings_fixture_that_returns_no_dict_is_told_so(run: Run) -> None:
    suite = """
@pytest.fixture
def mindvideo_settings():
    return "manual"

def test(mindvideo):
    pass
"""
    result = run(suite)

    assert (
        "mindvideo: the fixture mindvideo_settings must return a dict of options, not str"
        in result.outlines
    )


def test_an_ini_value_that_does_not_fit_is_told_so(run: Run) -> None:
    result = run("def test(mindvideo):\n    pass\n", ini="mindvideo_progress = fast")

    assert (
        "mindvideo: progress='fast' in the ini file does not fit: polls, manual or time"
        in result.outlines
    )


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("models='kling'", "no model 'kling' to offer (did you mean 'kling-v3'?)"),
        ("contested='links=5h'", "'5h' is no side"),
        ("schemas='nowhere'", "nowhere/models#: no such folder"),
    ],
)
def test_files_and_names_that_no_world_can_have_are_told_in_a_line(
    run: Run, option: str, words: str
) -> None:
    result = run(f"@pytest.mark.mindvideo({option})\ndef test(mindvideo):\n    pass\n")

    result.assert_outcomes(errors=1)
    assert any(line.startswith("mindvideo: ") and words in line for line in result.outlines)
    assert "Traceback" not in result.stdout.str()
    assert "catalog/" not in result.stdout.str()


def test_the_marker_is_registered(run: Run) -> None:
    result = run("", "--markers")

    result.stdout.fnmatch_lines(["@pytest.mark.mindvideo(progress='polls', script=...*"])


@pytest.mark.parametrize(
    "option", ["profile='strict'", "schemas=['.']", "models='all'", "contested='links=72h'"]
)
def test_what_belongs_to_a_whole_server_is_refused_for_a_world_on_it(run: Run, option: str) -> None:
    result = run(f"@pytest.mark.mindvideo({option})\ndef test(mindvideo_live):\n    pass\n")
    result.assert_outcomes(errors=1)
    name = option.partition("=")[0]
    result.stdout.fnmatch_lines([f"mindvideo: {name} belongs to the server, not to a world on it*"])

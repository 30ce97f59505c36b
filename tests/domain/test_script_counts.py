"""Which requests a script fires for: `times`, `skip` and `probability`, against a plain model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mock_mindvideo.domain.script import (
    MAGIC_DOMAIN,
    MAGIC_HOSTS,
    Kind,
    Script,
    ScriptError,
    kind_of,
    magic,
    parse,
    written,
)
from mock_mindvideo.domain.world import ORIGINS

from .making import make_world

METHODS = ("GET", "POST")
PATHS = ("/api/v1/tasks", "/api/v1/tasks/task_1")


@given(
    times=st.none() | st.integers(0, 5),
    skip=st.integers(0, 5),
    probability=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    draws=st.lists(st.floats(0, 1, exclude_max=True), max_size=20),
)
def test_a_script_fires_after_skip_by_chance_and_as_often_as_times(times, skip, probability, draws):
    script = Script("outcome=failed", times=times, skip=skip, probability=probability)
    expected, left = [], float("inf") if times is None else times
    for number, drawn in enumerate(draws):
        expected.append(number >= skip and left > 0 and drawn < probability)
        left -= expected[-1]

    fired = []
    for drawn in draws:
        script, fires = script.asked(lambda _, drawn=drawn: drawn)
        fired.append(fires)

    assert fired == expected
    assert (script.seen, script.used) == (len(draws), sum(expected))
    assert script.spent is (times is not None and sum(expected) >= times)


@given(st.sampled_from([None, *METHODS]), st.sampled_from([None, *PATHS]))
def test_a_script_is_for_the_method_and_path_it_names_or_for_all(method, path):
    words = {"delay": "1", "method": method, "path": path}
    try:
        script = parse(written({name: said for name, said in words.items() if said}))
    except ScriptError:
        assert (method, path) in {("GET", PATHS[0]), ("POST", PATHS[1])}
        return
    met = {("POST", PATHS[0]), ("GET", PATHS[1])}

    assert {(m, p) for m, p in met if script.is_for(kind_of(m, p).value, p)} == {
        (m, p) for m, p in met if method in (None, m) and path in (None, p)
    }


class Scripts(RuleBasedStateMachine):
    """A world with scripts, beside a list of what each of them should still do."""

    def __init__(self):
        super().__init__()
        self.world = make_world()
        self.model = []
        self.added = 0

    @rule(
        origin=st.sampled_from(ORIGINS),
        times=st.none() | st.integers(0, 3),
        skip=st.integers(0, 3),
        method=st.sampled_from([None, *METHODS]),
    )
    def add(self, origin, times, skip, method):
        acts_on = {"GET": Kind.SHOW, "POST": Kind.SUBMIT, None: Kind.ANY}[method]
        script = Script("x", times=times, skip=skip, method=method, acts_on=acts_on.value)
        self.world = self.world.scripting(script, origin)
        self.added += 1
        left = float("inf") if times is None else times
        self.model.append(
            {"id": f"script_{self.added}", "origin": origin, "left": left, "skip": skip}
            | {"method": method}
        )
        self.model.sort(key=lambda each: ORIGINS.index(each["origin"]))

    @rule(method=st.sampled_from(METHODS))
    def ask(self, method):
        self.world, fired = self.world.ask_scripts(method, PATHS[method == "GET"])
        assert (fired and fired.id) == self.first(method)

    def first(self, method):
        """The first script that is due; those before it have let one more request pass."""
        for each in self.model:
            if each["method"] in (None, method) and each["left"] > 0:
                if each["skip"] == 0:
                    each["left"] -= 1
                    return each["id"]
                each["skip"] -= 1
        return None

    @rule(most=st.integers(1, 6))
    def make_room(self, most):
        spent = [each for each in self.model if each["left"] <= 0]
        if len(self.model) < most:
            assert self.world.with_room(most) is self.world
        elif spent:
            self.world = self.world.with_room(most)
            self.model.remove(spent[0])
        else:
            with pytest.raises(ScriptError) as refused:
                self.world.with_room(most)
            assert str(refused.value) == (
                f"the world holds {most} scripts already; delete some first"
            )

    @precondition(lambda self: self.model)
    @rule()
    def agree(self):
        assert [script.id for script in self.world.scripts] == [each["id"] for each in self.model]


TestScripts = Scripts.TestCase


@given(st.integers(), st.integers(1, 30))
def test_with_a_seed_chances_repeat_exactly(seed, requests):
    def outcomes():
        world = make_world(seed=seed).scripting(parse("outcome=failed; probability=0.5"), "file")
        for _ in range(requests):
            world, fired = world.ask_scripts("POST", PATHS[0])
            yield fired is not None

    assert list(outcomes()) == list(outcomes())


def test_a_chance_of_one_in_five_fires_about_every_fifth_time():
    world = make_world().scripting(parse("outcome=failed; probability=0.2"), "file")
    fired = 0
    for _ in range(2000):
        world, script = world.ask_scripts("POST", PATHS[0])
        fired += script is not None

    assert 300 < fired < 500


@pytest.mark.parametrize("host", MAGIC_HOSTS)
@pytest.mark.parametrize("form", ["https://{}/x.jpg", "http://{}", "https://{}:8080/a?b#c"])
def test_a_magic_host_stands_for_its_script(host, form):
    assert magic(form.format(f"{host}.{MAGIC_DOMAIN}")) == MAGIC_HOSTS[host]


@pytest.mark.parametrize("host", MAGIC_HOSTS)
def test_the_script_of_a_magic_host_can_be_read(host):
    assert parse(MAGIC_HOSTS[host]).plan


@pytest.mark.parametrize(
    "url",
    [
        "https://mock.invalid/x.jpg",
        "https://nobody.mock.invalid/x.jpg",
        "https://stuck.mock.invalid.example.com/x.jpg",
        "https://stuckmock.invalid/x.jpg",
        "https://example.com/https://stuck.mock.invalid/",
        "https://stuck.mock.invalid@example.com/x.jpg",
        "https://example.com\\@stuck.mock.invalid/",
        "stuck.mock.invalid",
        "data:image/png;base64,stuck.mock.invalid",
        "",
        None,
        5,
    ],
)
def test_any_other_reference_stands_for_nothing(url):
    assert magic(url) is None

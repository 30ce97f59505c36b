"""Settings: each has a flag and a variable, a flag wins, and what does not fit is told."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_mindvideo.cli import main
from mock_mindvideo.serving import process
from mock_mindvideo.settings import PREFIX, Settings, SettingsError, default

#: `bounds` is for programs that embed the mock.
NAMES = [each.name for each in fields(Settings) if each.name != "bounds"]

#: For each setting: how a variable and a flag write it, and the values that they mean.
WRITTEN = {
    "host": ("0.0.0.0", "0.0.0.0", "::1", "::1"),  # noqa: S104 - only read
    "port": ("9000", 9000, "9001", 9001),
    "store": ("memory:", "memory:", "sqlite:///b.db", "sqlite:///b.db"),
    "db": ("a.db", Path("a.db"), "b.db", Path("b.db")),
    "durability": ("process", "process", "power", "power"),
    "seed": ("-1", -1, "7", 7),
    "speed": ("0.5", 0.5, "60", 60.0),
    "progress": ("polls", "polls", "manual", "manual"),
    "schemas": (".", (Path(),), "..", (Path(".."),)),
    "models": ("kling-v3,viduq3", ("kling-v3", "viduq3"), "all", ("all",)),
    "contested": (
        *("links=72h,video-input=free", ("links=72h", "video-input=free")),
        *("first-frame=enough", ("first-frame=enough",)),
    ),
    "script": ("a.toml", Path("a.toml"), "b.toml", Path("b.toml")),
    "profile": ("default", "default", "strict", "strict"),
    "admin_token": ("one", "one", "two", "two"),
    "magic": ("true", True, None, False),
    "workers": ("1", 1, "2", 2),
    "public_url": ("http://a.test", "http://a.test", "https://b.test", "https://b.test"),
    "log_level": ("debug", "debug", "error", "error"),
    "log_format": ("text", "text", "json", "json"),
    "load": ("a.json", Path("a.json"), "b.json", Path("b.json")),
    "link_expiry": ("0", 0.0, "60.5", 60.5),
    "head_timeout": ("1", 1.0, "2.5", 2.5),
    "body_timeout": ("1", 1.0, "2.5", 2.5),
    "idle_timeout": ("1", 1.0, "2.5", 2.5),
    "write_timeout": ("1", 1.0, "2.5", 2.5),
    "drain_timeout": ("0", 0.0, "2.5", 2.5),
    "streams": ("1", 1, "10000", 10_000),
    "world_ttl": ("0", 0.0, "3600", 3600.0),
    "allow_origin": ("https://a.test", ("https://a.test",), "null", ("null",)),
    "webhook_host": ("a.test", ("a.test",), "b.test", ("b.test",)),
    "namespace": ("a-=x,b-=y", ("a-=x", "b-=y"), "c-=z", ("c-=z",)),
    "in_flight": ("2", 2, "0", 0),
    "quota": ("10/1,tasks=5", ("10/1", "tasks=5"), "300/60", ("300/60",)),
    "queued": ("2", "2", "uniform(1,2)", "uniform(1,2)"),
    "processing": ("2", "2", "uniform(1,2)", "uniform(1,2)"),
    "latency": ("0.1", "0.1", "uniform(1,2)", "uniform(1,2)"),
    "failures": ("0", 0.0, "0.5", 0.5),
    "journal_sample": ("1", 1, "100", 100),
    "media_bitrate": ("0", 0.0, "8", 8.0),
}


@pytest.fixture
def served(run, monkeypatch):
    """The settings that `serve` would run with, from variables and flags."""
    seen = []
    monkeypatch.setattr(process, "serve", lambda settings, announce: seen.append(settings))

    def settings_of(*flags, **environ):
        result = run("serve", *flags, **environ)
        assert result.exit_code == 0, result.output
        return seen[-1]

    return settings_of


def flags(name):
    value = WRITTEN[name][2]
    if name == "magic":
        return ["--no-magic"]
    more = ["--db", "x.db"] if name == "workers" else []
    return [f"--{name.replace('_', '-')}", value, *more]


def test_every_setting_is_written_down_here():
    assert list(WRITTEN) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_flag_with_a_help_text(name):
    (option,) = [each for each in main.commands["serve"].params if each.name == name]

    assert option.help
    assert option.opts == [f"--{name.replace('_', '-')}"]
    assert option.secondary_opts == (["--no-magic"] if name == "magic" else [])


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_read_from_its_variable(served, name):
    text, value, *_ = WRITTEN[name]

    assert getattr(served(**{PREFIX + name.upper(): text}), name) == value


@pytest.mark.parametrize("name", NAMES)
def test_a_flag_overrides_its_variable(served, name):
    text, _, _, value = WRITTEN[name]

    assert getattr(served(*flags(name), **{PREFIX + name.upper(): text}), name) == value


def test_without_flags_and_variables_the_defaults_hold(served):
    assert served() == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_the_default_for_help_texts_is_that_of_the_setting(name):
    assert default(name) == getattr(Settings(), name)


@pytest.mark.parametrize("name", ["host", "port", "profile", "log_level", "workers"])
def test_the_help_names_the_default_of_a_setting_that_has_one(run, name):
    shown = str(default(name)).removesuffix(".0")

    assert f"[default: {shown}]" in " ".join(run("serve", "--help").stdout.split())


def test_several_schema_folders_are_kept_in_order(served):
    assert served("--schemas", ".", "--schemas", "..").schemas == (Path(), Path(".."))
    assert served(MOCK_MINDVIDEO_SCHEMAS=".:..").schemas == (Path(), Path(".."))


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("YES", True), ("on", True), ("0", False), ("False", False), ("off", False)],
)
def test_a_switch_is_written_in_any_usual_word(served, text, value):
    assert served(MOCK_MINDVIDEO_MAGIC=text).magic is value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("PORT", "eighty"),
        ("SEED", "1.5"),
        ("SPEED", "fast"),
        ("MAGIC", "maybe"),
        ("WORKERS", "0"),
        ("HEAD_TIMEOUT", "0"),
    ],
)
def test_a_variable_that_cannot_be_read_is_named(run, variable, text):
    result = run("serve", **{f"MOCK_MINDVIDEO_{variable}": text})

    assert result.exit_code == 2
    assert f"(env var: 'MOCK_MINDVIDEO_{variable}')" in result.stderr


@pytest.mark.parametrize(
    ("given_settings", "message"),
    [
        ({"progress": "slow"}, "progress must be time, polls or manual"),
        ({"profile": "lax"}, "profile must be default, strict or load"),
        ({"log_level": "loud"}, "log-level must be debug, info, warning, error or critical"),
        ({"speed": 0.0}, "speed must be over 0 and at most 1000000"),
        ({"speed": float("nan")}, "speed must be over 0 and at most 1000000"),
        ({"port": 65536}, "port must be from 0 to 65535"),
        ({"workers": 0}, "workers must be from 1 to 64"),
        ({"workers": 2}, "several workers need a --db or a --store to share"),
        ({"link_expiry": -1.0}, "link-expiry must be from 0 to 1000000000 seconds"),
        ({"admin_token": " "}, "admin-token must not be empty"),
        *(
            ({"public_url": url}, "public-url must have a host, and no space, query or fragment")
            for url in ("http://", "http://a.test/b?c", "http://a b", "http://a:99999", "http:///a")
        ),
        (
            {"public_url": "example.com"},
            "public-url must be auto, or begin with http:// or https://",
        ),
    ],
)
def test_a_value_out_of_range_is_told_what_fits(given_settings, message):
    with pytest.raises(SettingsError) as refused:
        Settings(**given_settings)

    assert str(refused.value) == message


@given(st.sampled_from(["link_expiry", "speed"]), st.sampled_from(["inf", "1e300", "nan"]))
def test_a_number_that_no_clock_can_hold_is_refused(name, text):
    with pytest.raises(SettingsError):
        Settings(**{name: float(text)})


def test_several_origins_stand_in_one_variable(served):
    both = ("https://a.test", "https://b.test")
    assert served(MOCK_MINDVIDEO_ALLOW_ORIGIN=", ".join(both)).allow_origin == both


def test_the_admin_token_is_not_shown():
    assert "hunter2" not in repr(Settings(admin_token="hunter2"))

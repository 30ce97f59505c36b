"""The client machine: a right client passes, and each kind of wrong one is caught in time."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from mock_mindvideo.strategies import ClientMachine
from tests.effort import examples
from tests.strategies import clients

BUDGET = 200  # examples within which a planted bug must be found
QUICK = settings(
    max_examples=BUDGET,
    database=None,
    deadline=None,
    stateful_step_count=15,
    report_multiple_bugs=False,
    phases=[Phase.generate],
)
SHRUNK = settings(QUICK, phases=[Phase.generate, Phase.shrink])

WRONG = [
    (clients.ForgetsItsKey, "business requests, but"),
    (clients.MakesUpKeys, "a repeated submit got another task|was no conflict|arrived as"),
    (clients.HidesConflicts, "was no conflict"),
    (clients.DoublesAnEvent, "events .*, not"),
    (clients.LosesAnEvent, "events"),
    (clients.RemembersTooMuch, "became|changed|a cancelled task is|task is told as"),
    (clients.DropsWhatIsFalsy, "did not arrive"),
    (clients.CutsItsKey, "the idempotency key .* arrived as"),
    (clients.StripsItsKey, "the idempotency key .* arrived as"),
    (clients.PollsOnceTooOften, "the task had ended, and was asked for 2 times"),
    (clients.WaitsTooLong, "the task had ended, and was asked for 2 times"),
    (clients.CallsCancelledFailed, "a cancelled task is told as failed"),
]


def machine(client):
    """The machine on one of the clients, each example in a world of its own."""

    class Machine(ClientMachine):
        def connect(self):
            found = client()
            return found, found.backstage

    return Machine


def search(client):
    """Look for what is wrong; by chance, one look in a thousand does not see it, and three do."""
    for _ in range(3):
        run_state_machine_as_test(machine(client), settings=QUICK)


@pytest.mark.parametrize(
    "client", [clients.GoodClient, clients.LeavesTheRetryToOthers, clients.WaitsWell]
)
def test_a_right_client_passes(client):
    run_state_machine_as_test(machine(client), settings=settings(QUICK, max_examples=examples(40)))


@pytest.mark.parametrize(
    ("client", "complaint"), WRONG, ids=lambda each: getattr(each, "__name__", "says")
)
def test_a_wrong_client_is_caught(client, complaint):
    with pytest.raises(AssertionError, match=complaint):
        search(client)


def test_a_failure_tells_the_calls_that_led_to_it():
    # The same draws each time, since shrinking goes by chance and ends after a while.
    same = settings(SHRUNK, derandomize=True)
    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(machine(clients.ForgetsItsKey), settings=same)
    script = "\n".join(caught.value.__notes__)
    assert (
        "backstage.drop()\n    task_1 = client.submit({'prompt': '0', 'video_urls': ['']}" in script
    )


@pytest.mark.parametrize(
    ("client", "story"),
    [
        (clients.ForgetsItsKey, ["backstage.drop()", "task_1 = client.submit("]),
        (clients.DropsWhatIsFalsy, ["task_1 = client.submit("]),
        (clients.CallsCancelledFailed,
         ["task_1 = client.submit(", "backstage.cancel(task_1)", "client.get(task_1)"]),
        (clients.PollsOnceTooOften,
         ["task_1 = client.submit(", "backstage.advance(", "client.get(task_1)"]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)  # fmt: skip
@pytest.mark.slow
def test_a_story_holds_no_call_that_does_not_matter(client, story):
    # Shrinking goes by chance and ends after a while: of ten stories, about one is too long.
    assert any(same_calls(shrunk_story(client), story) for _ in range(8))


def same_calls(calls, story):
    return len(calls) == len(story) and all(map(str.startswith, calls, story))


def shrunk_story(client):
    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(machine(client), settings=SHRUNK)
    return [line.strip() for line in caught.value.__notes__[0].splitlines()[1:]]


def test_a_refused_submit_tells_what_the_api_objected_to():
    with pytest.raises(Exception, match="422") as caught:
        run_state_machine_as_test(machine(clients.SendsAWrongSize), settings=QUICK)
    assert any(note.startswith("    /input/size: ") for note in caught.value.__notes__)


def test_a_machine_without_a_connection_says_what_is_missing():
    with pytest.raises(NotImplementedError):
        run_state_machine_as_test(ClientMachine, settings=QUICK)

"""The example flow, through a client that openapi-python-client generated."""

import sys

from generated.api.tasks import create_task, get_task, get_task_events
from generated.client import AuthenticatedClient
from generated.models import CreateTaskForWan27R2V, Error, Task, TaskStatus, Wan27R2VInput

client = AuthenticatedClient(base_url=sys.argv[1], token="mv_test_generated_python")
given = {
    "prompt": "图1 walks",
    "duration": 5,
    "image_with_roles": [{"url": "https://example.com/a.jpg", "role": "reference_image"}],
}
body = CreateTaskForWan27R2V(model="wan2-7-r2v", input_=Wan27R2VInput.from_dict(given))

task = create_task.sync(client=client, body=body, idempotency_key="order-1")
assert isinstance(task, Task)
assert task.cost_estimate == 0.6165
again = create_task.sync(client=client, body=body, idempotency_key="order-1")
assert isinstance(again, Task)
assert again.task_id == task.task_id

seen = [get_task.sync(task.task_id, client=client) for _ in range(3)]
assert [each.status for each in seen][-1] == TaskStatus.SUCCEEDED, seen
assert seen[-1].output.videos[0].url.endswith("/1.mp4")
assert seen[-1].cost_actual == task.cost_estimate

events = get_task_events.sync(task.task_id, client=client)
assert "event: task.succeeded" in str(events), events

wrong = body.to_dict()
wrong["input"]["duration"] = 99
refused = create_task.sync(client=client, body=CreateTaskForWan27R2V.from_dict(wrong))
assert isinstance(refused, Error)
assert refused.error.details[0].pointer == "/input/duration"
missing = get_task.sync("task_none", client=client)
assert isinstance(missing, Error)
assert missing.error.code == "task_not_found"
print("done")

"""Orders come in, and their progress goes out as it comes in."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from requests import HTTPError, RequestException

from videos import api


@csrf_exempt
def order(request: HttpRequest, number: str) -> HttpResponse:
    try:
        wanted = json.loads(request.body)
        return JsonResponse({"task": api.submit(wanted["prompt"], wanted["video"], number)})
    except HTTPError as refusal:
        reason = refusal.response.json()["error"]["code"]
        return JsonResponse({"refused": reason}, status=422)
    except RequestException:
        return JsonResponse({"refused": "try again"}, status=503)


def progress(request: HttpRequest, task_id: str) -> StreamingHttpResponse:
    lines = (f"{event['task']['status']}\n" for event in api.events(task_id))
    return StreamingHttpResponse(lines, content_type="text/plain")


def video(request: HttpRequest, task_id: str) -> HttpResponse:
    task = api.task(task_id)
    if task["status"] != "succeeded":
        return HttpResponse(task["status"], status=409)
    return HttpResponse(api.download(task["output"]["videos"][0]["url"]), content_type="video/mp4")


urlpatterns = [
    path("orders/<str:number>", order),
    path("tasks/<str:task_id>/progress", progress),
    path("tasks/<str:task_id>/video", video),
]

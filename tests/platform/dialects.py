"""Folders with a dialect of their own, and applications that speak it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mock_mindvideo.platform.data import shipped_dialects

Patch = Mapping[str, Any]

#: What differs, by what it is for; each one alone, so that nothing hides behind another.
PATCHES: Mapping[str, Patch] = {
    "statuses": {"answers": {"submit": 202, "replay": 201, "look": 203}},
    "an unmarked replay": {"answers": {"replayed": None}},
    "a marked replay": {"answers": {"replayed": "yes"}, "headers": {"replayed": "X-Again"}},
    "media types": {
        "answers": {"media_type": "application/vnd.tasks+json"},
        "errors": {"media_type": "application/problem+json"},
    },
    "problem details": {
        "errors": {
            "envelope": {
                "request_id": None,
                "error": None,
                "type": "https://errors.example/{code}",
                "title": "{message}",
                "status": "{status}",
                "instance": "{request_id}",
                "invalid": "{details}",
            }
        }
    },
    "numbered codes": {
        "errors": {
            "envelope": {"error": {"code": None, "errno": "{code}", "where": "{param}"}},
            "refusals": {
                "invalid_api_key": {"status": 200, "code": 1002},
                "invalid_input": {"status": 400, "code": 1300},
                "task_not_found": {"status": 410, "code": 1404},
            },
        }
    },
    "no nulls in errors": {"errors": {"nulls": False, "envelope": {"param": "{param}"}}},
    "headers of limits": {
        "errors": {
            "headers": {
                "Retry-After": None,
                "X-RateLimit-Reset-After": "{retry_after}",
                "X-RateLimit-Limit": "{limit};w={window}",
                "X-RateLimit-Remaining": "{remaining}",
            }
        }
    },
    "ids": {"ids": {"task": "", "request": "r-", "event": "e_", "form": "uuid"}},
    "a request's name": {"headers": {"request_id": "X-Trace"}},
    "words for states": {
        "tasks": {
            "states": {"queued": "PENDING", "cancelled": "CANCELED"},
            "codes": {"content_policy": "Blocked"},
            "error": {"message": None, "reason": "{message}"},
        }
    },
    "more members": {
        "tasks": {
            "body": {
                "object": "video",
                "model": "{model}",
                "progress": "{progress}",
                "created_at": "{created_at}",
                "ended": "{ended}",
                "url": "{url}",
                "cost_actual": None,
                "billing": {"currency": "USD", "actual": "{cost}"},
            }
        }
    },
    "nulls in tasks": {"tasks": {"nulls": True}},
    "tasks in a wrapper": {
        "tasks": {
            "body": {
                "task_id": None,
                "status": None,
                "output": None,
                "error": None,
                "data": {"id": "{task_id}", "state": "{status}", "result": "{output}"},
                "code": 0,
            }
        }
    },
    "a bare list of events": {"events": {"list": "{events}", "default": "list"}},
    "other events": {
        "events": {
            "type": "{status}",
            "event": {"sequence": None, "created_at": None, "at": "{created}", "n": "{sequence}"},
            "sse": {"id": "{event_id}", "event": None, "retry": None, "end": "[DONE]"},
        }
    },
    "lines of JSON": {"events": {"stream": "ndjson", "heartbeat": 0.2}},
    "single states": {
        "tasks": {
            "bodies": {
                "submitted": {
                    "request_id": "{request_id}",
                    "task_id": "{task_id}",
                    "status": "{status}",
                    "cost_estimate": "{estimate}",
                    "queue": {"position": 3},
                },
                "processing": {"status": "{status}", "output": "{null}"},
                "failed": {"task_id": "{task_id}", "status": "{status}", "failure": "{error}"},
            },
            "schemas": {"/bodies/submitted/queue/position": {"type": "integer"}},
        }
    },
    "refusals as a page": {
        "errors": {
            "media_type": "text/html; charset=utf-8",
            "envelope": "<h1>{message}</h1>",
            "without": ["WWW-Authenticate", "Allow"],
        }
    },
    "refusals without a body": {"errors": {"media_type": "", "envelope": ""}},
    "ids of digits": {"ids": {"task": "t:{id};v=1", "request": "r.", "form": "digits"}},
    "requests without a name": {
        "headers": {"request_id": None},
        "tasks": {"request_ids": "each"},
        "answers": {"replays": "first", "waiting": 202},
    },
    "a stream alone": {
        "events": {
            "lists": False,
            "resumes": False,
            "stream_type": "text/plain; charset=utf-8",
            "type": "{status_upper}",
            "event": {"from": "{previous}", "at": "{created_ms}", "n": "{index}"},
        }
    },
    "no stream": {"events": {"stream": "none"}},
    "extensions": {
        "extensions": {name: {"on": True} for name in ("cancel", "list", "balance", "models")}
        | {"webhooks": {"on": True, "url": "http://127.0.0.1:1/", "retries": []}}
    },
    "extensions elsewhere": {
        "answers": {"media_type": "application/vnd.tasks+json"},
        "errors": {"refusals": {"task_not_cancellable": {"status": 422, "code": "too_late"}}},
        "extensions": {
            "cancel": {
                "on": True,
                "method": "DELETE",
                "path": "/api/v1/tasks/{task_id}",
                "states": ["queued"],
                "status": 204,
            },
            "list": {
                "on": True,
                "parameters": {"page": None, "size": "limit", "after": "after"},
                "size": 2,
                "body": {
                    "tasks": None,
                    "page": None,
                    "page_size": None,
                    "total": None,
                    "data": "{tasks}",
                    "first_id": "{first}",
                    "last_id": "{last}",
                },
            },
            "balance": {
                "on": True,
                "path": "/api/v1/me/credits",
                "body": {"balance": None, "held": None, "left": "{balance}", "spent": "{charged}"},
            },
            "models": {
                "on": True,
                "model": {"title": None, "price": "{cost}"},
                "body": "{models}",
            },
        },
    },
    "short lives": {"lifetimes": {"links": 60, "tasks": 120, "keys": 60}},
}

NAMES = (*PATCHES, *shipped_dialects())


def folder_for(name: str, tmp_path: Path) -> Path:
    """The folder of schemas with the dialect of that name."""
    return with_patch(PATCHES[name], tmp_path) if name in PATCHES else Path(name)


def with_patch(patch: object, folder: Path) -> Path:
    """A folder of schemas whose platform is otherwise by `patch`."""
    file = folder / "platform" / "http.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(patch))
    return folder

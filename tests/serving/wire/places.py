"""Every place beside the API that a plain GET leads to, as the control plane's document has it."""

from mock_mindvideo.catalog import builtin_catalog
from mock_mindvideo.web.control.document import control_document

#: What is there for browsers and for orchestrators; the document does not list files.
PAGES = ("/_mock", "/_mock/ui/", "/_mock/ui/app.js", "/_mock/ui/words/en.json")

#: Places that anybody may look at, from wherever. The last three lead nowhere.
OPEN = ("/_mock/live", "/_mock/ready", "/media/default/none/1.mp4", "/media", "/nowhere")

#: It goes on for ever.
ENDLESS = "/_mock/changes"


def guarded() -> tuple[str, ...]:
    """Those that are for this machine alone."""
    paths = control_document(builtin_catalog(), "http://127.0.0.1")["paths"]
    listed = {path for path, operations in paths.items() if "get" in operations}
    found = {path for path in listed if "{" not in path} - {*OPEN, ENDLESS}
    return (*sorted(found), *PAGES)


GUARDED = guarded()
EVERYWHERE = (*GUARDED, *OPEN)

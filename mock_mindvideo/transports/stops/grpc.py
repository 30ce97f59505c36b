"""gRPC, which connects in C: each call on a channel is looked at by an interceptor of its own."""

from typing import Any

from mock_mindvideo.transports.addresses import split
from mock_mindvideo.transports.answering import dialling, guards
from mock_mindvideo.transports.seams.patches import Patches

CHANNELS = ("insecure_channel", "secure_channel")
KINDS = ("unary_unary", "unary_stream", "stream_unary", "stream_stream")


def patch(grpc: Any, patches: Patches) -> None:
    """Ask before each call on channels that are made from now on."""
    for name in CHANNELS:
        patches.put(grpc, name, lambda original: _making(original, grpc))
        patches.put(grpc.aio, name, lambda original: _making_async(original, grpc.aio))


def _making(original: Any, grpc: Any) -> Any:
    def make(target: str, *rest: Any, **options: Any) -> Any:
        channel = original(target, *rest, **options)
        if not guards(*_address(target)):
            return channel
        return grpc.intercept_channel(channel, _interceptor(grpc, "", target)())

    return make


def _making_async(original: Any, aio: Any) -> Any:
    def make(target: str, *rest: Any, interceptors: Any = None, **options: Any) -> Any:
        if not guards(*_address(target)):
            return original(target, *rest, interceptors=interceptors, **options)
        asking = [_interceptor(aio, kind, target)() for kind in KINDS]  # each is of one kind only
        return original(target, *rest, interceptors=[*asking, *(interceptors or ())], **options)

    return make


def _interceptor(library: Any, kind: str, target: str) -> Any:
    kinds = [kind] if kind else KINDS
    bases = tuple(getattr(library, f"{_camel(each)}ClientInterceptor") for each in kinds)
    asking = _asking if kind == "" else _asking_async
    members = {f"intercept_{each}": asking(target) for each in kinds}
    return type("MindVideoGuard", bases, members)


def _camel(kind: str) -> str:
    return "".join(part.capitalize() for part in kind.split("_"))


def _asking(target: str) -> Any:
    def intercept(_: Any, continuation: Any, details: Any, request: Any) -> Any:
        dialling(*_address(target))
        return continuation(details, request)

    return intercept


def _asking_async(target: str) -> Any:
    async def intercept(_: Any, continuation: Any, details: Any, request: Any) -> Any:
        dialling(*_address(target))
        return await continuation(details, request)

    return intercept


def _address(target: str) -> tuple[str, int | None]:
    """The host and port of a target like `dns:///api.example:443`."""
    return split(target.rpartition("/")[2].removeprefix("dns:"))

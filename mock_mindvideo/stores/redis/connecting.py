"""Connections to one server, to the master that sentinels name, and to a cluster.

Nothing is sent twice by itself: a submit without an idempotency key would then make two tasks.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel

from mock_mindvideo.domain.place import CLUSTER, OF_SENTINEL, SENTINEL, TLS, RedisAddress

#: Seconds to wait for a connection and for an answer.
TIMEOUT = 2.0

#: Classes that redis-py has no types for.
_NODE: Any = ClusterNode
_SENTINEL: Any = Sentinel


class Connected(NamedTuple):
    """A client of redis-py, and what lets go of all its connections."""

    client: Any
    close: Callable[[], None]


def connect(address: RedisAddress) -> Connected:
    """A client; nothing is connected yet, but for sentinels' and a cluster's. Raises RedisError."""
    options = _options(address)
    first = address.hosts[0]
    if address.kind == CLUSTER:
        nodes = [_NODE(host.name, host.port or 0) for host in address.hosts]
        cluster = RedisCluster(startup_nodes=nodes, **options)
        return Connected(cluster, cluster.close)
    options["db"] = address.db
    if address.kind == SENTINEL:
        hosts = [(host.name, host.port or 0) for host in address.hosts]
        sentinels = _SENTINEL(hosts, sentinel_kwargs=_of_sentinels(address), **options)
        master = sentinels.master_for(address.service or "")
        return Connected(master, partial(_close_all, [master, *sentinels.sentinels]))
    client = redis.Redis(first.name, first.port or 0, **options)
    return Connected(client, client.close)


def _close_all(clients: Sequence[Any]) -> None:
    """A master's client does not close those that asked the sentinels for it."""
    for each in clients:
        each.close()


def _options(address: RedisAddress) -> dict[str, Any]:
    """How a server is spoken to."""
    return _connection(address) | {
        "username": address.username,
        "password": address.password,
        "client_name": "mock-mindvideo",
    }


def _of_sentinels(address: RedisAddress) -> dict[str, Any]:
    """How sentinels are spoken to, which know nothing of the server's own passwords."""
    given = dict(address.options)
    username, password = (given.get(name) for name in OF_SENTINEL)
    return _connection(address) | {"username": username, "password": password}


def _connection(address: RedisAddress) -> dict[str, Any]:
    options: dict[str, Any] = {
        "socket_timeout": TIMEOUT,
        "socket_connect_timeout": TIMEOUT,
        "protocol": 2,
        "retry": Retry(NoBackoff(), 0),
    }
    if address.tls:
        options |= {"ssl": True} | {k: v for k, v in address.options if k in TLS}
    if "ssl_check_hostname" in options:
        options["ssl_check_hostname"] = options["ssl_check_hostname"].lower() != "false"
    return options

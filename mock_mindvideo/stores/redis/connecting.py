"""Connections to one server, to the master that sentinels name, and to a cluster.

Nothing is sent twice by itself: a submit without an idempotency key would then make two tasks.
"""

from typing import Any

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


def connect(address: RedisAddress) -> Any:
    """A client; nothing is connected yet, but for sentinels' and a cluster's. Raises RedisError."""
    options = _options(address)
    first = address.hosts[0]
    if address.kind == CLUSTER:
        nodes = [_NODE(host.name, host.port or 0) for host in address.hosts]
        return RedisCluster(startup_nodes=nodes, **options)
    options["db"] = address.db
    if address.kind == SENTINEL:
        hosts = [(host.name, host.port or 0) for host in address.hosts]
        sentinels = _SENTINEL(hosts, sentinel_kwargs=_of_sentinels(address), **options)
        return sentinels.master_for(address.service or "")
    return redis.Redis(first.name, first.port or 0, **options)


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

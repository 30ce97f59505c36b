"""Connections to one server, to the master that sentinels name, and to a cluster.

Nothing is sent twice by itself: a submit without an idempotency key would then make two tasks.
"""

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.retry import Retry
from redis.sentinel import Sentinel

from mock_mindvideo.domain.place import CLUSTER, SENTINEL, RedisAddress

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
        sentinels = _SENTINEL(hosts, sentinel_kwargs=_timeouts(), **options)
        return sentinels.master_for(address.service or "")
    return redis.Redis(first.name, first.port or 0, **options)


def _timeouts() -> dict[str, Any]:
    return {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}


def _options(address: RedisAddress) -> dict[str, Any]:
    options = _timeouts() | {
        "username": address.username,
        "password": address.password,
        "protocol": 2,
        "client_name": "mock-mindvideo",
        "retry": Retry(NoBackoff(), 0),
    }
    if address.tls:
        options |= {"ssl": True} | dict(address.options)
        if "ssl_check_hostname" in options:
            options["ssl_check_hostname"] = options["ssl_check_hostname"].lower() != "false"
    return options

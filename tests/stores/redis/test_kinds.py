"""The same store over a cluster, over sentinels, and over TLS, each of them real."""

import gc
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mock_mindvideo.domain.errors import Unavailable
from mock_mindvideo.settings import Settings
from mock_mindvideo.stores import Store, StoreError, open_store
from tests.ports import free_port
from tests.redis_server import PATIENCE, RedisServer

from ..making import LIFECYCLE, PAYLOAD, create, key, note, put_file, size_of_file, start

pytestmark = pytest.mark.slow


def until(true: Callable[[], bool]) -> None:
    """Wait for what other programs agree on."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = open_store(Settings(store=url), LIFECYCLE)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RedisServer]]:
    """Three masters."""
    with ExitStack() as stack:
        options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "15000")
        servers = [
            stack.enter_context(RedisServer(tmp_path_factory.mktemp("node"), *options))
            for _ in range(3)
        ]
        nodes = [f"127.0.0.1:{each.port}" for each in servers]
        command = ["redis-cli", "--cluster", "create", *nodes, "--cluster-yes"]
        subprocess.run(command, check=True, capture_output=True)
        for each in servers:
            with each.client() as client:
                until(partial(_is_whole, client))
        yield servers


def _is_whole(client: Any) -> bool:
    return bool(client.execute_command("CLUSTER INFO")["cluster_state"] == "ok")


@contextmanager
def nothing_left_open() -> Iterator[None]:
    """Sockets are closed by whoever has opened them, not by the garbage collector at some time."""
    gc.collect()
    gc.disable()
    before = sockets()
    try:
        yield
        assert sockets() <= before
    finally:
        gc.enable()


def sockets() -> set[str]:
    """Those of this process."""
    found = set()
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder's own
            found.add(str(each.readlink()))
    return {each for each in found if each.startswith("socket:")}


def live(url: str) -> None:
    """Do everything once that a store is asked for, and find it through another."""
    with nothing_left_open():
        _live(url)


def _live(url: str) -> None:
    with opened(url) as store, opened(url) as other:
        for world in ("default", "one", "two", "three"):
            made = create(store, start(world), "k")
            assert other.create(start(world), "k", PAYLOAD, lambda ground: 1 / 0) == (made, True)
            assert list(other.tasks(world)) == [made]
            other.add_key(key(1, world))
            assert store.key(key(1).digest) == key(1, world)
            put_file(store, world, "a")
            assert size_of_file(other, world, "a") == 10
            store.record(world, note(1))
            assert [each.at for each in store.journal(world, 5)] == [1]
        heard: list[str | None] = []
        other.subscribe(heard.append)
        store.move(start("one"), made.id, lambda task, _: task._replace(outcome="failed"))
        until(lambda: other.poll() or "one" in heard)
        assert {each.name for each in other.worlds()} == {"default", "one", "two", "three"}
        assert (other.counts()["tasks"], other.counts()["uploads"]) == (4, 4)
        for world in ("default", "one", "two", "three"):
            other.reset(world)
        assert (store.worlds(), store.counts()["uploads"]) == ((), 0)


def test_a_cluster_is_a_store_with_each_world_on_one_shard(cluster: list[RedisServer]) -> None:
    hosts = ",".join(f"127.0.0.1:{each.port}" for each in cluster)
    live(f"redis+cluster://{hosts}")
    with opened(f"redis+cluster://{hosts}") as store:
        for number in range(30):
            create(store, start(f"w{number}"))
        sizes = []
        for each in cluster:
            with each.client() as client:
                sizes.append(client.dbsize())
    assert min(sizes) > 0


@contextmanager
def sentinels_of(master: RedisServer, folder: Path) -> Iterator[list[RedisServer]]:
    """Two sentinels that watch a master under the name `main`."""
    with ExitStack() as stack:
        found = []
        for number in range(2):
            home = folder / f"sentinel{number}"
            home.mkdir()
            found.append(stack.enter_context(RedisServer(home, sentinel_of=master)))
        yield found


def test_sentinels_lead_to_the_master_and_to_the_next_one_after_a_failover(
    tmp_path: Path,
) -> None:
    homes = [tmp_path / name for name in ("master", "replica")]
    for each in homes:
        each.mkdir()
    with RedisServer(homes[0]) as master:
        replicated = ("--replicaof", f"127.0.0.1 {master.port}", "--repl-diskless-sync-delay", "0")
        with RedisServer(homes[1], *replicated) as replica, sentinels_of(master, tmp_path) as both:
            hosts = ",".join(f"127.0.0.1:{each.port}" for each in both)
            url = f"redis+sentinel://{hosts}/main/0"
            with replica.client() as client:
                until(lambda: client.info("replication")["master_link_status"] == "up")
            with both[0].client() as client:
                until(lambda: len(client.execute_command("SENTINEL", "SENTINELS", "main")) == 1)
                until(lambda: len(client.execute_command("SENTINEL", "REPLICAS", "main")) == 1)
            live(url)
            with opened(url) as store:
                made = create(store, start(), "k")
                with master.client() as client:
                    assert client.execute_command("WAIT", 1, 60_000) == 1
                master.kill()

                def answered() -> bool:
                    try:
                        return store.create(start(), "k", PAYLOAD, lambda ground: 1 / 0)[1]
                    except Unavailable:
                        return False

                until(answered)
                assert store.task("default", made.id) == made
                assert create(store, start()).number == 2


def test_sentinels_may_want_a_password_of_their_own(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("master", "sentinel")]
    for each in homes:
        each.mkdir()
    with (
        RedisServer(homes[0], password="one") as master,
        RedisServer(homes[1], sentinel_of=master, password="two") as sentinel,
        sentinel.client() as client,
    ):
        client.execute_command("SENTINEL", "SET", "main", "auth-pass", "one")
        until(lambda: b"s_down" not in dict(_pairs(client))[b"flags"])
        url = f"redis+sentinel://:one@127.0.0.1:{sentinel.port}/main"
        with pytest.raises(StoreError) as refused, opened(url):
            pass
        assert "no sentinel names a master of 'main' that it can reach" in str(refused.value)
        live(f"{url}?sentinel_password=two")


def _pairs(client: Any) -> Iterator[tuple[bytes, bytes]]:
    """What a sentinel says of its master."""
    told = client.connection_pool
    connection = told.get_connection()
    connection.send_command("SENTINEL", "MASTER", "main")
    answer = connection.read_response()
    told.release(connection)
    return zip(answer[::2], answer[1::2], strict=True)


def test_tls_is_a_store_too_and_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    certificate(tmp_path)
    files = (tmp_path / "cert.pem", tmp_path / "key.pem")
    port = free_port()
    options = ("--tls-port", str(port), "--tls-cert-file", files[0], "--tls-key-file", files[1])
    more = ("--tls-ca-cert-file", files[0], "--tls-auth-clients", "no")
    with RedisServer(tmp_path, *map(str, options + more)):
        live(f"rediss://localhost:{port}/0?ssl_ca_certs={files[0]}")
        with pytest.raises(Exception, match="certificate"), opened(f"rediss://localhost:{port}/0"):
            pass


def certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )

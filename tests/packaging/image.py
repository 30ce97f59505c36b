"""A Dockerfile, carried out without Docker: in roots made by debootstrap, as far as ours goes.

`FROM` copies the fresh root, `RUN` is a shell in it, `COPY` takes what `.dockerignore` leaves.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Instruction(NamedTuple):
    """One of a Dockerfile's, `\\` at line ends read over."""

    name: str
    rest: str


@dataclass
class Image:
    """A root, and what is said about running it."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    user: str = "0"
    command: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    folder: str = "/"


def instructions(text: str) -> Iterator[Instruction]:
    """Those of a Dockerfile, in order."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for each in re.split(r"(?<!\\)\n", "\n".join(lines)):
        name, _, rest = each.replace("\\\n", " ").strip().partition(" ")
        yield Instruction(name.upper(), rest.strip())


def build(context: Path, fresh: Path, work: Path) -> Image:
    """The image of the last stage; `fresh` is the root that every stage begins with."""
    stages: dict[str, Image] = {}
    image = Image(fresh)
    for name, rest in instructions((context / "Dockerfile").read_text(encoding="utf-8")):
        if name == "FROM":
            image = Image(work / f"stage{len(stages)}")
            subprocess.run(["cp", "--archive", "--reflink=auto", fresh, image.root], check=True)
            stages[rest.partition(" AS ")[2] or "last"] = image
        elif name == "RUN":
            inside(image, ["/bin/sh", "-c", rest])
        elif name == "COPY":
            _copy(context, image, stages, rest)
        else:
            _say(image, name, rest)
    return image


def inside(image: Image, command: list[str], **options: str) -> None:
    """Run a command in the root, as root, with the image's variables."""
    env = ["env", "-i", f"PATH={os.defpath}:/usr/sbin:/sbin", *_pairs(image.env | options)]
    subprocess.run(["chroot", image.root, *env, *command], check=True, capture_output=True)


def running(image: Image, command: list[str], **options: str) -> list[str]:
    """The command line that runs an image: its user, its root read-only, its volumes writable."""
    uid = image.user.partition(":")[0]
    mounts = [f"mount --bind {image.root} {image.root}", f"mount -o remount,ro,bind {image.root}"]
    written = [*image.volumes, "/tmp"]  # noqa: S108 - the image's own
    mounts += [f"mount -t tmpfs -o uid={uid} tmpfs {image.root}{each}" for each in written]
    env = ["env", "-i", "-C", image.folder, *_pairs(image.env | options)]
    user = f"--userspec={image.user}"
    chroot = shlex.join(["chroot", user, str(image.root), *env, *command])
    return ["unshare", "--mount", "sh", "-ec", "\n".join([*mounts, f"exec {chroot}"])]


def ignored(context: Path) -> list[str]:
    """What `.dockerignore` leaves of the context, where it names that and ignores the rest."""
    lines = (context / ".dockerignore").read_text(encoding="utf-8").split("\n")
    said = [line for line in lines if line and not line.startswith("#")]
    assert said[0] == "*"
    return [line[1:] for line in said if line.startswith("!")]


def _copy(context: Path, image: Image, stages: dict[str, Image], rest: str) -> None:
    origin = re.match(r"--from=(\w+) ", rest)
    source, target = rest.split(" ")[-2:]
    to = image.root / target.lstrip("/")
    if origin:
        shutil.copytree(stages[origin[1]].root / source.lstrip("/"), to, symlinks=True)
        return
    assert source == "."
    for name in ignored(context):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (context / name).is_dir() else shutil.copy
        copy(context / name, to / name)


def _say(image: Image, name: str, rest: str) -> None:
    match name:
        case "ENV":
            image.env |= dict(each.split("=", 1) for each in shlex.split(rest))
        case "USER":
            image.user = rest
        case "WORKDIR":
            image.folder = rest
        case "VOLUME":
            image.volumes.append(rest)
        case "EXPOSE":
            image.ports.append(int(rest))
        case "ENTRYPOINT":
            image.entrypoint = json.loads(rest)
        case "CMD":
            image.command = json.loads(rest)
        case "HEALTHCHECK":
            image.health = json.loads(rest[rest.index("CMD ") + 4 :])
        case _:
            raise ValueError(f"no such instruction here: {name} {rest}")


def _pairs(env: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in env.items()]

"""`python -m tests.faults.fuzz TARGET [--seconds N]`: fuzz one target with atheris (libFuzzer).

Ends with 0 where nothing was found in that time. Whatever the target raises, an input that takes
longer than two seconds, and one that needs over a gigabyte end it with another code; the input is
then printed, and kept in the working directory.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

#: Seconds that one input may take: a parser that backtracks takes more.
TOO_LONG = 2

#: Megabytes that the process may take.
TOO_LARGE = 1024

with atheris.instrument_imports(include=["mock_mindvideo"]):
    from tests.faults.fuzz.targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="0 draws one")
    options = parser.parse_args()
    target = TARGETS[options.target]
    with tempfile.TemporaryDirectory() as corpus:
        for number, example in enumerate(target.examples):
            (Path(corpus) / str(number)).write_bytes(example)
        flags = {
            "max_total_time": options.seconds,
            "max_len": target.longest,
            "timeout": TOO_LONG,
            "rss_limit_mb": TOO_LARGE,
            "seed": options.seed,
            "print_final_stats": 1,
        }
        words = [sys.argv[0], *(f"-{name}={value}" for name, value in flags.items()), corpus]
        atheris.Setup(words, target.run)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

"""`python -m mock_mindvideo` is the command `mock-mindvideo`."""

import sys

from mock_mindvideo.platform.reading import PlatformError


def run() -> None:
    """Run the command; what every part of it rests on is told in words, too, if it is broken."""
    try:
        from mock_mindvideo.cli import main  # noqa: PLC0415 - reads the platform's file
    except PlatformError as problem:
        sys.stderr.write(f"Error: {problem}\n")
        sys.exit(2)
    main(prog_name="mock-mindvideo")


if __name__ == "__main__":
    run()

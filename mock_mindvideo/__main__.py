"""`python -m mock_mindvideo` is the command `mock-mindvideo`."""

from mock_mindvideo.cli import main

if __name__ == "__main__":
    main(prog_name="mock-mindvideo")

"""A suite that uses no fixture of ours."""


def test():
    pass

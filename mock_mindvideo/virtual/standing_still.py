"""What ends a test in which time stands still."""


class StandingStill(BaseException):
    """Nothing will ever happen again in the test's virtual time; the message says who waits.

    Not an Exception, so that a loop which survives every error does not survive this one.
    """

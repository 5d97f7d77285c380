"""The two kinds of failure the whole program knows."""


class KnownError(Exception):
    """The input or the environment is at fault.

    The message is one sentence that names what is wrong, where, and what to do about it. It is
    shown to the user as it stands, never with a traceback.

    Parameters
    ----------
    message : str
        The sentence.
    """


class CancelledError(KnownError):
    """The user asked a run to stop."""


class BugError(Exception):
    """We are at fault: a state the program never expected.

    Shown as a report with the log, not as advice to the user.
    """

"""What quizzes tell the rooms above."""

from blinker import Signal

handed_in = Signal(
    """An attempt that counts was closed, by its person or at its deadline.

    Sender: the `Attempt`, with `score`, `passed` and `closed_by` set. Sent once an attempt, never for a preview, in the
    transaction that closes it: what a receiver writes stands or falls with the closing.
    """
)

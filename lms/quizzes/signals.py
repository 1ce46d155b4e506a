"""What quizzes tell the rooms above."""

from blinker import Signal

handed_in = Signal(
    """An attempt that counts was closed, by its person or at its deadline.

    Sender: the `Attempt`, with `score`, `passed` and `closed_by` set. Sent once an attempt, never for a preview, in the
    transaction that closes it: what a receiver writes stands or falls with the closing.
    """
)

marked = Signal(
    """The points of a closed attempt became known, or changed: an essay was judged, a key corrected, an appeal granted.

    Sender: the `Attempt`, with `score` and `passed` as they now stand. Never sent for a preview; may be sent again.
    """
)

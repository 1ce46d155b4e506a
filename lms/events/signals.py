"""What events tell to the features above them, in the same transaction."""

from blinker import Signal

seats_changed = Signal(
    "Quotas, points or the number of seats of an event changed. Sent with the Event. Registration counts anew who "
    "sits in which quota and offers seats that became free to whoever waits."
)

event_changed = Signal(
    "An event's words, days or reply deadline were edited. Sent with the Event. Registration moves its reminders; what "
    "a calendar must hear of has raised the event's `calendar_sequence`."
)

event_published = Signal(
    "A draft was made public. Sent with the Event. Registration writes to the units' focal points, who can "
    "begin, attendance to those who answer for its points."
)

event_cancelled = Signal(
    "An event was cancelled. Sent with the Event, `actor` is the Account. Registration writes to those invited, "
    "attendance to those who answer for its points."
)

hours_changing = Signal(
    "A half-day is about to begin or end at another time. Sent with the HalfDay before anything is written, "
    "`starts_at` and `ends_at` are the new times, `actor` the Account, `reason` why. Attendance keeps the outcomes "
    "that change, and refuses where there are any and no reason is given."
)

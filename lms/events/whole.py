"""An event with everything its own pages print, in statements built once: building one costs more than running it."""

from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from lms.core.db import session
from lms.events.models import Event, EventDocument, EventHost, EventStaff, HalfDay, Point, Speaker, Topic
from lms.people.models import Person, Post

_EVENT: BindParameter[int] = bindparam("event_id")
_PARTS: dict[str, Select[Any]] = {
    "hosts": select(EventHost)
    .where(EventHost.event_id == _EVENT)
    .order_by(EventHost.position)
    .options(joinedload(EventHost.unit)),
    "points": select(Point).where(Point.event_id == _EVENT).order_by(Point.position),
    "documents": select(EventDocument).where(EventDocument.event_id == _EVENT).order_by(EventDocument.position),
    "staff": select(EventStaff).where(EventStaff.event_id == _EVENT).options(joinedload(EventStaff.account)),
    "sessions": select(HalfDay)
    .where(HalfDay.event_id == _EVENT)
    .order_by(HalfDay.on, HalfDay.half.desc())
    .options(joinedload(HalfDay.topics).joinedload(Topic.speakers).joinedload(Speaker.person)),
}
_POSTS = (
    select(Post)
    .where(Post.person_id.in_(bindparam("people", expanding=True)))
    .order_by(Post.rank, Post.id)
    .options(joinedload(Post.unit))
)


def loaded(event: Event) -> Event:
    """The event with hosts, points, documents, staff and agenda loaded, and the posts of speakers not yet frozen."""
    for part, statement in _PARTS.items():
        set_committed_value(event, part, list(session().scalars(statement, {"event_id": event.id}).unique()))
    _load_posts([speaker for one in event.sessions for topic in one.topics for speaker in topic.speakers])
    return event


def _load_posts(speakers: list[Speaker]) -> None:
    people: dict[int, Person] = {one.person_id: one.person for one in speakers if not one.posts_held}
    if not people:
        return
    posts: dict[int, list[Post]] = {person_id: [] for person_id in people}
    for post in session().scalars(_POSTS, {"people": list(people)}):
        posts[post.person_id].append(post)
    for person_id, person in people.items():
        set_committed_value(person, "posts", posts[person_id])

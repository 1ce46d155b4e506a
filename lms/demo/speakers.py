"""The people who speak at the events, with their dated posts."""

from lms.demo.scene import Scene
from lms.demo.source import read
from lms.people import service as people
from lms.people.models import Person


class Speakers:
    """Speakers by key, each entered when first asked for; those entered before are found again by name and unit."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Person] = {}

    def get(self, key: str) -> Person:
        """The person of a key of `data/speakers.yaml`."""
        if key not in self._known:
            self._known[key] = self._enter(key)
        return self._known[key]

    def _enter(self, key: str) -> Person:
        source = read("speakers")["speakers"][key]
        first, *others = source["posts"]
        person = people.find_or_create(source["full_name"], self._scene.units[first["unit"]], first["name"])
        person.title, person.specimen = source.get("title", ""), source.get("specimen", False)
        for post in others:
            unit = self._scene.units[post["unit"]]
            if not any(held.unit_id == unit.id for held in person.posts):
                people.add_post(person, unit, post["name"])
        for post, held in zip(source["posts"], person.posts, strict=True):
            # Nobody holds a post in a unit that is no more.
            held.name_en, held.rank, held.to_on = post["name_en"], post.get("rank", 1), held.unit.valid_to
        return person

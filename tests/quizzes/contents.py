"""Questions of every kind for properties: whatever may be written, without faults."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from lms.quizzes.kinds import choice, hotspot, numeric, ordering
from lms.quizzes.kinds.choice import Multiple, Option, Single, true_false
from lms.quizzes.kinds.cloze import Cloze, Gap
from lms.quizzes.kinds.content import EMPTY, Both, Content, sameness
from lms.quizzes.kinds.essay import Criterion, Essay, Level
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, Value
from lms.quizzes.kinds.ordering import Ordering
from lms.quizzes.kinds.short import Form, Short
from lms.quizzes.models import Difficulty
from lms.quizzes.wording import Labels, Words

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậéèẻẽẹ ýỳỷỹỵ1234567890ABCĐÊ.,:;?!-–/%()“”"
SPECIAL = LETTERS + "{}=~#*_[]<>&\\\"'`|$@^+"


def lines(alphabet: str = LETTERS, longest: int = 16) -> st.SearchStrategy[str]:
    """One line of tidy text that says something."""
    text = st.text(alphabet, min_size=1, max_size=longest).map(lambda one: " ".join(one.split()))
    return text.filter(lambda one: bool(sameness(one)))


def both(alphabet: str = LETTERS) -> st.SearchStrategy[Both]:
    """A text, often with its English."""
    return st.builds(Both, lines(alphabet), st.just("") | lines(alphabet))


def maybe(alphabet: str = LETTERS) -> st.SearchStrategy[Both]:
    """A text or none."""
    return st.just(EMPTY) | both(alphabet)


def several(least: int, most: int, alphabet: str = LETTERS) -> st.SearchStrategy[list[Both]]:
    """Texts of which no two are equal."""
    return st.lists(both(alphabet), min_size=least, max_size=most, unique_by=lambda one: one.vi.casefold())


@st.composite
def singles(draw: st.DrawFn, alphabet: str = LETTERS) -> Single:
    """One right option."""
    texts = draw(several(2, 6, alphabet))
    right = draw(st.integers(0, len(texts) - 1))
    options = tuple(Option(text, place == right, draw(maybe(alphabet))) for place, text in enumerate(texts))
    return Single(options, keep_order=draw(st.booleans()))


@st.composite
def multiples(draw: st.DrawFn, alphabet: str = LETTERS) -> Multiple:
    """Several right options, by each rule."""
    texts = draw(several(2, 6, alphabet))
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1))
    credit = draw(st.sampled_from(choice.Credit))
    wrong = draw(st.sampled_from([Fraction(0), Fraction(-1, 2), Fraction(-1, 3), Fraction(-1)]))
    options = tuple(
        Option(
            text,
            place in right,
            draw(maybe(alphabet)),
            (Fraction(1, len(right)) if place in right else wrong) if credit == choice.Credit.SHARES else None,
        )
        for place, text in enumerate(texts)
    )
    return Multiple(options, credit, keep_order=draw(st.booleans()))


@st.composite
def shorts(draw: st.DrawFn, alphabet: str = LETTERS) -> Short:
    """Accepted forms of which the first earns the whole."""
    texts = draw(st.lists(lines(alphabet), min_size=1, max_size=5, unique_by=sameness))
    shares = [Fraction(1), *(draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3)])) for _ in texts[1:])]
    forms = tuple(Form(text, share, draw(maybe(alphabet))) for text, share in zip(texts, shares, strict=True))
    return Short(forms, exact=draw(st.booleans()))


DECIMALS = st.decimals(-1_000_000, 1_000_000, allow_nan=False, allow_infinity=False, places=3)


@st.composite
def numerics(draw: st.DrawFn, alphabet: str = LETTERS) -> Numeric:
    """A number or two, with or without units."""
    values = tuple(
        Value(
            number=draw(DECIMALS),
            tolerance=draw(st.decimals(0, 100, places=2)),
            relative=draw(st.booleans()),
            share=Fraction(1) if place == 0 else Fraction(1, 2),
            feedback=draw(maybe(alphabet)),
        )
        for place in range(draw(st.integers(1, 2)))
    )
    rule = draw(st.sampled_from(numeric.UnitRule))
    known = [Unit("giờ"), Unit("phút", Decimal(1) / Decimal(60)), Unit("%")]
    units = () if rule == numeric.UnitRule.NONE else tuple(known[: draw(st.integers(1, 3))])
    return Numeric(values, units, rule)


@st.composite
def matchings(draw: st.DrawFn, alphabet: str = LETTERS) -> Matching:
    """Prompts, their choices, and choices that fit none."""
    prompts = draw(several(2, 6, alphabet))
    choices = draw(several(2, 8, alphabet))
    pairs = tuple((prompt, draw(st.integers(0, len(choices) - 1))) for prompt in prompts)
    return Matching(pairs, tuple(choices))


def orderings(alphabet: str = LETTERS) -> st.SearchStrategy[Ordering]:
    """Items in their order, by each rule."""
    return st.builds(Ordering, several(2, 7, alphabet).map(tuple), st.sampled_from(ordering.Credit))


@st.composite
def essays(draw: st.DrawFn, alphabet: str = LETTERS) -> Essay:
    """A rubric of a few criteria."""
    rubric = tuple(
        Criterion(
            name,
            tuple(
                Level(points, draw(both(alphabet)))
                for points in draw(st.lists(st.integers(0, 20), min_size=2, max_size=4, unique=True))
            ),
        )
        for name in draw(several(1, 4, alphabet))
    )
    fewest = draw(st.integers(0, 200))
    guide = draw(st.just("") | lines(alphabet))
    return Essay(rubric, fewest, fewest + draw(st.integers(1, 300)), guide)


@st.composite
def hotspots(draw: st.DrawFn, alphabet: str = LETTERS) -> Hotspot:
    """Rectangles, circles and triangles on an image of 400 by 300 pixels."""
    zones = []
    for _place in range(draw(st.integers(1, 4))):
        x, y = draw(st.integers(20, 300)), draw(st.integers(20, 200))
        shape = draw(st.sampled_from(hotspot.Shape))
        numbers = {
            Shape.RECTANGLE: (x, y, x + 30, y + 20),
            Shape.CIRCLE: (x, y, 15),
            Shape.POLYGON: (x, y, x + 40, y, x, y + 40),
        }[shape]
        zones.append(Zone(shape, numbers, draw(maybe(alphabet))))
    return Hotspot("0" * 64, 400, 300, draw(both(alphabet)), tuple(zones))


@st.composite
def clozes(draw: st.DrawFn, alphabet: str = LETTERS) -> Cloze:
    """A few gaps of every kind."""
    filler = singles(alphabet) | shorts(alphabet) | numerics(alphabet)
    gaps = draw(st.lists(st.builds(Gap, filler, st.integers(1, 3)), min_size=1, max_size=4))
    return Cloze(tuple(gaps))


def contents(alphabet: str = LETTERS) -> st.SearchStrategy[Content]:
    """A content of any kind."""
    return st.one_of(
        singles(alphabet),
        multiples(alphabet),
        st.builds(true_false, st.booleans(), maybe(alphabet), maybe(alphabet)),
        shorts(alphabet),
        numerics(alphabet),
        matchings(alphabet),
        orderings(alphabet),
        essays(alphabet),
        hotspots(alphabet),
        clozes(alphabet),
    )


@st.composite
def words(draw: st.DrawFn, alphabet: str = LETTERS) -> Words:
    """The words of a question of any kind, without faults."""
    content = draw(contents(alphabet))
    stem = draw(both(alphabet.replace("[", "").replace("]", "")))
    if isinstance(content, Cloze):
        gaps = " ".join(f"[[{number}]]" for number, _gap in content.numbered())
        stem = Both(f"{stem.vi} {gaps}", f"{stem.en} {gaps}" if stem.en else "")
    cites = draw(st.just([]) | st.just(["nd-72-2015 Điều 6"]))
    return Words(content, stem, draw(maybe(alphabet)), cites)


def labels() -> st.SearchStrategy[Labels]:
    """What a question is filed under."""
    word = st.text("abcdeghiklmnopqđă", min_size=1, max_size=10)
    tags = st.lists(word, max_size=3, unique=True).map(tuple)
    return st.builds(
        Labels,
        topic=st.just("") | word,
        difficulty=st.sampled_from(Difficulty),
        title=st.just("") | lines(),
        category=st.just("") | st.lists(word, min_size=1, max_size=3).map("/".join),
        tags=tags,
    )

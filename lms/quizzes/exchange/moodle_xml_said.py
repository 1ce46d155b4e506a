"""What of a question Moodle XML can say."""

from dataclasses import replace
from decimal import Context, Decimal

from lms.core.text import tidy
from lms.quizzes.exchange.entries import Entry, Loss, Unfit
from lms.quizzes.exchange.losses import Ledger, in_its_own_unit, retold, said_choice, said_essay, said_matching
from lms.quizzes.exchange.moodle_names import category_of, number_of, number_text, path_of
from lms.quizzes.exchange.moodle_xml import usual_title
from lms.quizzes.exchange.texts import rewritten
from lms.quizzes.kinds.choice import Choice, Single, TrueFalse
from lms.quizzes.kinds.cloze import GAP, Cloze, Filler
from lms.quizzes.kinds.content import Both
from lms.quizzes.kinds.essay import Essay
from lms.quizzes.kinds.hotspot import Hotspot, Shape, Zone
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.numeric import Numeric, Unit, UnitRule

_SHORT = Context(prec=12)


def said(entry: Entry) -> tuple[Entry | None, list[Loss]]:
    """What of an entry Moodle XML can say."""
    ledger = Ledger(entry)
    ledger.tidy()
    ledger.drop_labels(("topic", "difficulty", "cites"))
    ledger.keep_tags(lambda tag: True)
    ledger.keep_category(category_of(path_of(ledger.entry.labels.category)))
    if ledger.entry.labels.title == usual_title(ledger.entry.words.stem):
        ledger.drop_labels(("title",))
    try:
        _say(ledger, ledger.content)
    except Unfit:
        return ledger.nothing("fault")
    return ledger.result()


def _say(ledger: Ledger, content: object) -> None:
    if isinstance(content, Numeric):
        _numeric(ledger, content)
    elif isinstance(content, Matching):
        said_matching(ledger, content)
    elif isinstance(content, Essay):
        said_essay(ledger, content, lengths=True, guide=True)
    elif isinstance(content, Cloze):
        _cloze(ledger, content)
    elif isinstance(content, Hotspot):
        _hotspot(ledger, content)
    elif isinstance(content, Choice) and not isinstance(content, TrueFalse):
        said_choice(ledger, content, keeps_order=True)


def _numeric(ledger: Ledger, content: Numeric) -> None:
    absolute = in_its_own_unit(content)
    ledger.become(absolute, "relative")
    if content.unit_rule == UnitRule.NONE:
        ledger.become(Numeric(absolute.values), "units")
        return
    units = tuple(
        Unit(tidy(one.name), Decimal(1) / number_of(number_text(multiplier_of(one)))) for one in content.units
    )
    ledger.become(replace(absolute, units=units), "factor")


def multiplier_of(unit: Unit) -> Decimal:
    """What Moodle divides a number in this unit by; the fewest digits that give back our factor."""
    if unit.factor <= 0:
        return Decimal(1)
    whole = Decimal(1) / unit.factor
    short = _SHORT.plus(whole)
    return short if Decimal(1) / short == unit.factor else whole


def _cloze(ledger: Ledger, content: Cloze) -> None:
    words = ledger.entry.words
    plain = replace(rewritten(words, lambda both: Both(both.vi)), feedback=words.feedback)
    if plain != words:
        ledger.lose("english")
        ledger.entry = replace(ledger.entry, words=plain)
    assert isinstance(plain.content, Cloze)
    order = [int(number) for number in GAP.findall(plain.stem.vi)]
    if sorted(order) != list(range(1, len(content.gaps) + 1)):
        raise Unfit("gap", "")
    gaps = [plain.content.gaps[number - 1] for number in order]
    if order != sorted(order):
        ledger.lose("gaps")
        places = iter(range(1, len(order) + 1))
        stem = Both(GAP.sub(lambda _found: f"[[{next(places)}]]", plain.stem.vi))
        ledger.entry = replace(ledger.entry, words=replace(plain, stem=stem))
    ledger.take(Cloze(tuple(replace(gap, filler=said_gap(ledger, gap.filler)) for gap in gaps)))


def said_gap(ledger: Ledger, filler: Filler) -> Filler:
    """A gap as Moodle's language for gaps gives it back."""
    if isinstance(filler, Numeric):
        absolute = in_its_own_unit(filler)
        if absolute != filler:
            ledger.lose("relative")
        if absolute.units:
            ledger.lose("units")
        return Numeric(absolute.values)
    if not isinstance(filler, Single):
        return filler
    made, codes = retold(filler, keeps_order=True)
    for code in codes:
        ledger.lose(code)
    assert isinstance(made, Single)
    return made


def _hotspot(ledger: Ledger, content: Hotspot) -> None:
    plain = replace(content, zones=tuple(Zone(one.shape, one.coordinates) for one in content.zones))
    ledger.become(plain, "labels")
    name = ledger.entry.labels.title or usual_title(ledger.entry.words.stem)
    plain = replace(plain, alternative=Both(name))
    ledger.become(plain, "alternative")
    ledger.become(replace(plain, zones=tuple(_upright(one) for one in plain.zones)), "zones")


def _upright(zone: Zone) -> Zone:
    """A rectangle from its upper left corner."""
    if zone.shape != Shape.RECTANGLE or len(zone.coordinates) != 4:
        return zone
    x1, y1, x2, y2 = zone.coordinates
    return replace(zone, coordinates=(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))

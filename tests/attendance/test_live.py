"""The live view: the figures of the summary, arrivals, who is missing and whom to call, devices, the spreadsheet."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms.accounts.models import Account
from lms.attendance import arrivals, live, looks, outcomes, points, sheet_entry
from lms.attendance.arrival_chart import LEFT, RIGHT, WIDTH, draw
from lms.attendance.arrivals import STEP, Arrivals
from lms.attendance.half_days import begins_at
from lms.attendance.live import Watched
from lms.attendance.manage_live import LOOKS
from lms.attendance.models import DoorDevice, Excuse, PointLeader, Scan, ScanKind, ScanMethod, State
from lms.attendance.point_counts import Count
from lms.attendance.points import Ticks
from lms.attendance.printing import Part
from lms.attendance.service import check_in
from lms.attendance.sheet_entry import RowAnswer, Sent
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, HalfDay
from lms.registration import service as registration
from lms.registration.models import Delegate, FocalPoint
from lms.registration.service import Candidate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Counting = Callable[..., AbstractContextManager[list[str]]]
People = dict[str, Delegate]
Put = Callable[..., Delegate]
PRESENCE = "/events/lam-khe-2024/presence"
XLSX = f"{PRESENCE}.xlsx"
NAMES = ("Đức", "Hường", "Chứ", "Quỳ", "S", "Ánh")


def text_of(browser: FlaskClient, address: str, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def a_scan(half_day: HalfDay, delegate: Delegate, moment: datetime, kind: str, method: str, standing: bool) -> Scan:
    return Scan(
        uuid=str(uuid4()),
        half_day_id=half_day.id,
        delegate_id=delegate.id,
        kind=ScanKind(kind),
        method=ScanMethod(method),
        at=moment,
        stored_at=moment,
        voided_at=None if standing else moment,
    )


_seen = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from((0, 1)),
        st.integers(-120, 420),
        st.sampled_from(("in", "in", "out")),
        st.sampled_from(tuple(str(one) for one in ScanMethod)),
        st.sampled_from((True, True, True, False)),
    ),
    max_size=25,
)
_minutes = st.none() | st.integers(0, 60)
_evidence = st.sets(st.sampled_from(tuple(str(one) for one in ScanMethod)), max_size=3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=_seen, excused=st.sets(st.sampled_from(NAMES)), rule=st.tuples(_minutes, _minutes, _evidence))
def test_the_totals_are_those_of_the_summary_whatever_was_seen(
    world: World,
    event: Event,
    people: People,
    seen: list[tuple[str, int, int, str, str, bool]],
    excused: set[str],
    rule: tuple[int | None, int | None, set[str]],
) -> None:
    substitute = session().scalar(select(Delegate).where(Delegate.replaces_id.is_not(None)))
    if substitute is None:
        candidate = Candidate("Bùi Thị Ngọc Ánh", world.units["binh-sa"])
        substitute = registration.substitute(people["Quỳ"], candidate, world.organizer, "Đi công tác")
    everyone = people | {"Ánh": substitute}
    session().execute(delete(Scan))
    session().execute(delete(Excuse))
    event.late_minutes, event.early_minutes, event.evidence = rule[0], rule[1], " ".join(sorted(rule[2]))
    for name, place, minute, kind, method, standing in seen:
        moment = at(7, 30) + timedelta(minutes=minute)
        session().add(a_scan(event.sessions[place], everyone[name], moment, kind, method, standing))
    morning = event.sessions[0]
    for name in excused:
        approved = {"reason": "Ốm", "approved_by_id": world.organizer.id}
        session().add(Excuse(half_day_id=morning.id, delegate_id=everyone[name].id, **approved))
    session().flush()
    for half_day, summary in zip(event.sessions, outcomes.summary(event), strict=True):
        watched = Watched(event, half_day)
        units = live.by_unit(watched)
        figures, told = live.total(units), summary.as_json()
        for name in ("present", "late", "left_early", "excused", "substituted"):
            assert getattr(figures, name) == told[name], name
        assert (figures.missing, figures.expected) == (told["absent"], len(told["people"]))
        assert figures.left == sum(1 for _one, outcome in summary.people if outcome.exit is not None)
        assert figures.inside == sum(1 for _one, outcome in summary.people if outcome.came and outcome.exit is None)
        assert {unit.name: unit.figures.present for unit in units} == {
            name: sum(1 for one, outcome in summary.people if one.unit == name and outcome.came)
            for name in {one.unit for one, _outcome in summary.people}
        }
        absent = sorted(one.full_name for one, outcome in summary.people if outcome.state == State.ABSENT)
        assert sorted(one.full_name for unit in live.missing(watched) for one in unit.people) == absent
        steps = arrivals.arrivals(watched)
        listed = {one.delegate_id for one, _outcome in summary.people}
        firsts: dict[int, datetime] = {}
        for name, place, minute, kind, method, standing in seen:
            moment, who = at(7, 30) + timedelta(minutes=minute), everyone[name].id
            untold = method in {"sheet", "leader"} or (method == "manual" and moment == begins_at(half_day))
            if standing and kind == "in" and event.sessions[place] is half_day and not untold:
                firsts[who] = min(firsts.get(who, moment), moment)
        entries = [moment for delegate_id, moment in firsts.items() if delegate_id in listed]
        assert sum(one.number for one in steps) == len(entries) <= figures.present
        assert not steps or (steps[-1].number > 0 and steps[-1].in_all == len(entries))
        for one in steps:
            within = [at for at in entries if (one.early or one.since <= at) and (one.late or at < one.until)]
            assert one.number == len(within)


def test_arrivals_are_counted_in_steps_of_five_minutes(
    world: World, event: Event, morning: HalfDay, people: People
) -> None:
    moments = {
        "Đức": at(7, 29) + timedelta(seconds=59),
        "Hường": at(7, 30),
        "Chứ": at(7, 34),
        "S": at(3),
        "Quỳ": at(23),
    }
    for name, moment in moments.items():
        check_in(morning, people[name], world.organizer, ScanMethod.QR, at=moment)
    steps = arrivals.arrivals(Watched(event, morning))
    assert (steps[0].early, steps[0].until) == (True, at(6, 30)), "before the doors opened: not in their first step"
    assert (steps[-1].late, steps[-1].since) == (True, at(12, 30))
    assert not any(one.early or one.late for one in steps[1:-1])
    assert all(later.since - one.since == STEP for one, later in pairwise(steps))
    numbers = {one.since: one.number for one in steps if one.number}
    assert numbers == {at(6, 25): 1, at(7, 25): 1, at(7, 30): 2, at(12, 30): 1}
    assert [one.in_all for one in steps][-1] == 5
    assert arrivals.busiest(steps) == steps[(at(7, 30) - at(6, 25)) // STEP]
    assert arrivals.arrivals(Watched(event, event.sessions[1])) == []


def test_who_came_nobody_knows_when_is_no_arrival(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 10))
    check_in(morning, people["Chứ"], world.organizer, ScanMethod.QR, at=at(7, 28))
    with clock.stopped_at(at(7, 20)):
        page = sheet_entry.page_of(morning, Part(), 1)
        signed = {people[name].id: Sent(RowAnswer.SIGNED) for name in ("Hường", "S")}
        sheet_entry.save(morning, page, signed, world.organizer)
        shown = text_of(client_of(world.organizer), PRESENCE)
        rows = client_of(world.organizer).get(f"{XLSX}?session={MORNING}").data
    assert "Đến 07:15 có 1 trên 5 người." in shown
    assert "sửa tay: 3 người, không rõ giờ đến nên không vẽ" in shown
    assert not re.search(r'<th scope="row" class="figures">07:(25|30)</th>', shown)
    sheet = openpyxl.load_workbook(io.BytesIO(rows))["Lượt đến theo thời gian"]
    assert [cell.value for cell in list(sheet.iter_rows())[-1]] == ["Theo giấy, sửa tay", 3, 4]


def test_the_axis_begins_as_the_doors_open_where_nobody_came_before(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    [first, *_more] = arrivals.arrivals(Watched(event, morning))
    assert (first.since, first.early) == (at(6, 30), False)
    with clock.stopped_at(at(8)):
        assert "trước 06:30" not in text_of(client_of(world.organizer), PRESENCE)
        check_in(morning, people["Hường"], world.organizer, ScanMethod.QR, at=at(3))
        client_of(world.organizer).application.extensions[LOOKS].drop_all()
        page = text_of(client_of(world.organizer), PRESENCE)
    assert re.search(r'<text [^>]*text-anchor="start">trước 06:30</text>', page)
    assert "Cột khác màu gộp nhiều hơn 5 phút: trước 06:30." in page
    assert '<th scope="row" class="figures">trước 06:30</th><td class="num">1</td>' in page
    rows = client_of(world.organizer).get(f"{XLSX}?session={MORNING}").data
    sheet = openpyxl.load_workbook(io.BytesIO(rows))["Lượt đến theo thời gian"]
    assert [cell.value for cell in sheet[4]] == ["trước 06:30", 1, 1]


@given(
    numbers=st.lists(st.integers(0, 3000), min_size=1, max_size=72), expected=st.integers(0, 75000), early=st.booleans()
)
def test_the_picture_stays_in_its_frame_and_never_falls(numbers: list[int], expected: int, early: bool) -> None:
    in_all, steps = 0, []
    for place, number in enumerate(numbers):
        in_all += number
        steps.append(Arrivals(at(6, 30) + place * STEP, number, in_all, early and place == 0))
    chart = draw(steps, expected, at(7, 30))
    assert len(chart.bars) == sum(1 for number in numbers if number)
    for bar in chart.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH - RIGHT + 0.6
        assert 150 <= bar.y <= 200
    heights = [float(y) for y in re.findall(r"V([\d.]+)", chart.line)]
    assert heights == sorted(heights, reverse=True)
    assert min(*heights, chart.expected_y) >= 16
    assert max(*heights, chart.expected_y) <= 126
    assert [bar.beyond for bar in chart.bars] == [
        early and place == 0 for place, number in enumerate(numbers) if number
    ]
    assert (chart.hours[0].before, chart.hours[0].at) == (early, at(6, 30) + early * STEP)
    assert chart.begins_x is None or LEFT <= chart.begins_x <= WIDTH - RIGHT


def test_who_is_missing_and_whom_to_call(world: World, event: Event, morning: HalfDay, people: People) -> None:
    session().add(FocalPoint(event=event, unit=world.units["lam-khe"], account=world.organizer))
    session().add(FocalPoint(event=event, unit=world.units["binh-sa"], account=world.stranger))
    world.stranger.person.phone = None
    people["Đức"].quota_unit_id = world.units["lam-khe"].id
    check_in(morning, people["Chứ"], world.organizer, ScanMethod.QR, at=at(7, 20))
    session().flush()
    found = live.missing(Watched(event, morning))
    told = {unit.name: (sorted(one.full_name for one in unit.people), unit.focal_points) for unit in found}
    organizer = live.Focal("Lò Thị Mẩy", "0912345678")
    assert told == {
        "Bình Sa": (["Phạm S", "Trần Thị Quỳ"], [live.Focal("Phạm S", "")]),
        "Lam Khê": (["Nguyễn Thị Hường"], [organizer]),
        "Nậm Khoang": (["Đặng Văn Đức"], [organizer]),
    }
    assert sum(len(unit.people) for unit in live.missing(Watched(event, morning), 2)) == 2


def test_a_silent_device_is_told_only_while_the_doors_are_open(world: World, event: Event, morning: HalfDay) -> None:
    for name, minutes, waiting in (("Cửa chính", 1, 0), ("Cửa phụ", 6, 0), ("Cửa sau", 2, 3), ("Đã thu", 90, 9)):
        session().add(
            DoorDevice(
                key=str(uuid4()),
                event=event,
                name=name,
                token=uuid4().hex,
                opened_by_id=world.organizer.id,
                heard_at=at(8) - timedelta(minutes=minutes),
                waiting=waiting,
                revoked_at=at(8) if name == "Đã thu" else None,
            )
        )
    session().flush()
    found = live.devices(Watched(event, morning), at(8))
    assert [(one.name, one.silent, one.troubled) for one in found] == [
        ("Cửa sau", False, True),
        ("Cửa phụ", True, True),
        ("Cửa chính", False, False),
    ]
    later = live.devices(Watched(event, morning), at(20))
    assert [one.name for one in later if one.troubled] == ["Cửa sau"]
    elsewhere = live.devices(Watched(event, morning, event.points[0]), at(8))
    assert len(elsewhere) == 3


@pytest.mark.parametrize("address", [PRESENCE, XLSX])
def test_who_may_look(
    client: FlaskClient, client_of: Browser, door_keeper: World, event: Event, people: People, address: str
) -> None:
    session().add(PointLeader(point=event.points[0], account=door_keeper.other_trainee))
    assert client.get(address).status_code == 303
    for name, status in (("stranger", 404), ("instructor", 403), ("other_trainee", 403)):
        assert client_of(door_keeper.accounts[name]).get(address).status_code == status, name
    for name in ("trainee", "organizer", "admin"):
        assert client_of(door_keeper.accounts[name]).get(address).status_code == 200, name
    assert client_of(door_keeper.organizer).get(f"{address}?point=99999").status_code == 404


def test_the_page_and_its_part(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People, put: Put
) -> None:
    event.late_minutes = 15
    put("Lù Văn Đài", "nam-khoang", point=event.points[0])
    session().add(FocalPoint(event=event, unit=world.units["lam-khe"], account=world.organizer))
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    check_in(morning, people["Hường"], world.organizer, ScanMethod.QR, at=at(8))
    with clock.stopped_at(at(8, 1)):
        points.report(event.points[0], morning, world.organizer, Ticks(), Count(3))
        page = text_of(client_of(world.organizer), PRESENCE)
        part = text_of(client_of(world.organizer), PRESENCE, **{"HX-Request": "true"})
    for words in (
        "Sáng 07/8/2024",
        "Đến 08:01 có 2 trên 6 người. Đông nhất từ 07:20 đến 07:25: 1 người.",
        'href="tel:0912345678"',
        "Chưa cử đầu mối để gọi.",
        "Vàng A Chứ",
        "Đã chốt 0/2 điểm. 1 điểm có số đếm lệch với danh sách.",
    ):
        assert words in page, words
        assert words in part or words == "Sáng 07/8/2024"
    assert 'data-told="Có mặt 2 trên 6, còn vắng 4."' in part
    assert re.search(r"<dt>Đến muộn</dt><dd>1</dd>", part)
    assert part.lstrip().startswith('<section id="live-totals"')
    assert "aria-live" not in part
    assert "role=" not in part.replace('role="img"', "")


def test_one_point_and_one_half_day(client_of: Browser, world: World, event: Event, people: People, put: Put) -> None:
    put("Lù Văn Đài", "nam-khoang", point=event.points[0])
    keeper = client_of(world.organizer)
    page = text_of(keeper, f"{PRESENCE}?session={AFTERNOON}&point={event.points[0].id}")
    assert 'data-told="Có mặt 0 trên 1, còn vắng 1."' in page
    assert "Chiều 07/8/2024, " in page
    assert "Chưa có ai đến." in page
    assert "Vàng A Chứ" not in page
    with clock.stopped_at(at(12, 45)):
        assert f"session={AFTERNOON}" in text_of(keeper, PRESENCE)
    with clock.stopped_at(at(9)):
        assert f'data-url="{PRESENCE}?session={MORNING}"' in text_of(keeper, PRESENCE)


def test_units_by_most_missing_and_no_more_people_than_the_page_holds(
    client_of: Browser, world: World, morning: HalfDay, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.attendance.live.missing.__defaults__", (2,))
    monkeypatch.setattr("lms.attendance.manage_live.MOST_UNITS", 2)
    for name in ("Quỳ", "S"):
        check_in(morning, people[name], world.organizer, ScanMethod.QR, at=at(7, 20))
    page = text_of(client_of(world.organizer), f"{PRESENCE}?session={MORNING}&order=missing")
    units = page[page.index('id="live-units"') : page.index('id="live-missing"')]
    assert units.index("Lam Khê") < units.index("Nậm Khoang")
    assert "Bình Sa" not in units
    assert "và 1 đơn vị nữa" in units
    assert "và 1 người nữa." in page


def test_an_event_without_half_days_or_people_says_so(client_of: Browser, world: World, event: Event) -> None:
    keeper = client_of(world.organizer)
    assert "Danh sách chưa có ai." in text_of(keeper, PRESENCE)
    event.sessions.clear()
    session().flush()
    assert "Sự kiện chưa có buổi nào" in text_of(keeper, PRESENCE)
    assert keeper.get(XLSX).status_code == 404


def test_the_spreadsheet_holds_the_same_figures_and_no_formula(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People, put: Put
) -> None:
    put("Lý A Hai", "binh-sa", post='=HYPERLINK("http://x")')
    session().add(FocalPoint(event=event, unit=world.units["binh-sa"], account=world.stranger))
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    answer = client_of(world.organizer).get(f"{XLSX}?session={MORNING}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Tổng hợp", "Theo đơn vị", "Lượt đến theo thời gian", "Người vắng"]
    sheets = {
        name: [[cell.value for cell in row] for row in book[name].iter_rows(min_row=4)] for name in book.sheetnames
    }
    assert dict(sheets["Tổng hợp"])["Có mặt"] == 1
    assert dict(sheets["Tổng hợp"])["Vắng"] == 5
    assert [row[:3] for row in sheets["Theo đơn vị"]] == [["Bình Sa", 3, 0], ["Lam Khê", 2, 0], ["Nậm Khoang", 1, 1]]
    assert sheets["Lượt đến theo thời gian"][-1] == ["07:20", 1, 1]
    assert ["Bình Sa", "Phạm S", "Chánh Văn phòng", "Phạm S", "0912345678"] in sheets["Người vắng"]
    formula = next(cell for row in book["Người vắng"].iter_rows() for cell in row if str(cell.value).startswith("="))
    assert (formula.data_type, formula.quotePrefix) == ("s", True)


def test_statements_do_not_grow_with_people_or_units(
    client_of: Browser,
    world: World,
    event: Event,
    morning: HalfDay,
    people: People,
    put: Put,
    count_statements: Counting,
) -> None:
    keeper = client_of(world.organizer)

    def statements(address: str) -> int:
        keeper.application.extensions[LOOKS].drop_all()
        with count_statements() as seen:
            assert keeper.get(address).status_code == 200
        return len(seen)

    put("Lù Văn Đài", "nam-khoang", point=event.points[0])
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    statements(PRESENCE)
    few = statements(PRESENCE), statements(XLSX)
    for number in range(40):
        place = event.points[number % 2]
        delegate = put(f"Lò Văn {number:02d}", ("nam-khoang", "so-lam-khe", "bo-thu")[number % 3], point=place)
        if number % 2:
            check_in(morning, delegate, world.organizer, ScanMethod.QR, at=at(7, number))
    assert (statements(PRESENCE), statements(XLSX)) == few


def test_a_look_is_taken_once_for_everybody_and_is_never_old(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People, count_statements: Counting
) -> None:
    first, second = client_of(world.organizer), client_of(world.accounts["admin"])

    def looks_at(browser: FlaskClient, moment: datetime) -> tuple[str, bool]:
        """What the page says and whether the scans were read for it."""
        with clock.stopped_at(moment), count_statements() as seen:
            page = text_of(browser, f"{PRESENCE}?session={MORNING}", **{"HX-Request": "true"})
        told = re.search(r'data-told="([^"]+)"', page)
        assert told is not None
        taken = re.search(r"Tính lúc ([\d:]+)\.", page)
        assert taken is not None
        return f"{taken[1]} {told[1]}", any("FROM scans" in one for one in seen)

    nobody = "Có mặt 0 trên 5, còn vắng 5."
    assert looks_at(first, at(8)) == (f"08:00:00 {nobody}", True)
    check_in(morning, people["Đức"], world.organizer, ScanMethod.QR, at=at(7, 20))
    assert looks_at(second, at(8) + looks.LEAST / 2) == (f"08:00:00 {nobody}", False), "shared, and says how old it is"
    assert looks_at(second, at(8) + looks.MOST) == ("08:00:10 Có mặt 1 trên 5, còn vắng 4.", True)
    assert looks_at(first, at(7))[1], "a clock set back does not keep it"
    point = f"{PRESENCE}?session={MORNING}&point={event.points[0].id}"
    assert 'data-told="Có mặt 0 trên 0' in text_of(first, point), "another point is another look"
    with clock.stopped_at(at(8)):
        assert "Có mặt 1 trên 5" in text_of(first, f"{PRESENCE}?session={MORNING}")
        check_in(morning, people["S"], world.organizer, ScanMethod.QR, at=at(7, 20))
        book = openpyxl.load_workbook(io.BytesIO(first.get(f"{XLSX}?session={MORNING}").data))
        assert dict(book["Tổng hợp"].iter_rows(min_row=4, values_only=True))["Có mặt"] == 2, "a file asks anew"


def test_whoever_does_something_sees_it_at_once(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    keeper, page = client_of(world.organizer), f"{PRESENCE}?session={MORNING}"
    correction = f"/events/lam-khe-2024/attendance/{people['Đức'].id}/corrections"
    sent = {"session": MORNING, "outcome": "present", "method": "sheet", "reason": "Có chữ ký"}
    with clock.stopped_at(at(8)):
        assert "Có mặt 0 trên 5" in text_of(keeper, page)
        assert keeper.post(correction, data=sent | {"reason": ""}).status_code == 422
        check_in(morning, people["S"], world.organizer, ScanMethod.QR, at=at(7, 20))
        assert "Có mặt 0 trên 5" in text_of(keeper, page), "what was refused drops no look"
        door = f"/events/lam-khe-2024/sessions/{MORNING}/check-in"
        assert keeper.post(door, data={"entry": people["Quỳ"].ticket}).status_code == 303
        assert "Có mặt 0 trên 5" in text_of(keeper, page), "a scan only lets it age"
        assert keeper.post(correction, data=sent).status_code == 303
        assert "Có mặt 3 trên 5" in text_of(keeper, page)


def test_who_came_and_who_is_in_the_hall(
    client_of: Browser, world: World, event: Event, morning: HalfDay, people: People
) -> None:
    for name in ("Đức", "S"):
        check_in(morning, people[name], world.organizer, ScanMethod.QR, at=at(7, 20))
    session().add(a_scan(morning, people["S"], at(9), "out", "qr", standing=True))
    session().flush()
    with clock.stopped_at(at(9, 1)):
        page = text_of(client_of(world.organizer), PRESENCE)
    for words, number in (("Đã đến", '2<span class="of">/5</span>'), ("Đang trong hội trường", "1"), ("Đã ra", "1")):
        assert f"<dt>{words}</dt><dd>{number}</dd>" in page
    assert 'data-told="Đã đến 2 trên 5, đang trong hội trường 1, còn vắng 3."' in page
    with clock.stopped_at(at(12)):
        assert "<dt>Đang trong hội trường</dt>" not in text_of(
            client_of(world.organizer), f"{PRESENCE}?session={MORNING}"
        )


def test_the_live_view_is_linked_where_one_looks_for_it(client_of: Browser, door_keeper: World, people: People) -> None:
    for address in ("/events/lam-khe-2024/check-in", "/events/lam-khe-2024/attendance"):
        assert f'href="{PRESENCE}"' in text_of(client_of(door_keeper.trainee), address)
    with clock.stopped_at(at(8)):
        assert f'href="{PRESENCE}"' in text_of(client_of(door_keeper.organizer), "/")

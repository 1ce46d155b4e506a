"""The pages of remote points: the organizer's overview and naming of leaders, the leader's own page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.attendance import points, service
from lms.attendance.models import PointLeader, PointReport, Scan, ScanMethod
from lms.attendance.point_counts import Count
from lms.attendance.points import Ticks
from lms.core import clock
from lms.core.db import session
from lms.events.models import Event, EventStaff, HalfDay, Point, StaffRole
from lms.registration.models import Delegate
from tests.attendance.conftest import AFTERNOON, MORNING, at
from tests.registration.conftest import mails_to
from tests.world import World

Browser = Callable[[Account], FlaskClient]
Put = Callable[..., Delegate]
Counting = Callable[..., AbstractContextManager[list[str]]]
POINTS = "/events/lam-khe-2024/points/"
LEADERS = f"{POINTS}leaders"


@pytest.fixture
def point(event: Event, world: World) -> Point:
    """Nậm Khoang, for which `trainee` answers."""
    session().add(PointLeader(point=event.points[0], account=world.trainee))
    session().flush()
    return event.points[0]


@pytest.fixture
def three(put: Put, point: Point) -> list[Delegate]:
    """Three people listed at the point."""
    return [put(name, "nam-khoang", point=point) for name in ("Vàng A Chứ", "Lò Thị Mẩy", "Lù Văn Đài")]


def here(point: Point, act: str = "", key: str = MORNING) -> str:
    return f"{POINTS}{point.id}{act}?session={key}"


def text_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", [POINTS, LEADERS])
def test_the_overview_is_for_who_runs_the_event(
    client: FlaskClient, client_of: Browser, world: World, event: Event, point: Point, address: str
) -> None:
    session().add(EventStaff(event_id=event.id, account_id=world.other_trainee.id, role=StaffRole.ORGANIZER))
    session().add(EventStaff(event_id=event.id, account_id=world.other_instructor.id, role=StaffRole.DOOR))
    assert client.get(address).status_code == 303
    for name, status in (("organizer", 200), ("admin", 200), ("other_trainee", 200), ("trainee", 404)):
        assert client_of(world.accounts[name]).get(address).status_code == status, name
    for name, status in (("stranger", 404), ("instructor", 403), ("other_instructor", 403)):
        assert client_of(world.accounts[name]).get(address).status_code == status, name


def test_a_leader_sees_only_their_point(
    client: FlaskClient, client_of: Browser, world: World, event: Event, point: Point
) -> None:
    other = event.points[1]
    assert client.get(here(point)).status_code == 303
    for name, status in (("trainee", 200), ("organizer", 200), ("stranger", 404), ("instructor", 403)):
        assert client_of(world.accounts[name]).get(here(point)).status_code == status, name
    leader = client_of(world.trainee)
    assert leader.get(here(other)).status_code == 404
    for act in ("/report", "/closing", "/reopening"):
        assert client.post(here(point, act)).status_code == 303
        assert client_of(world.stranger).post(here(point, act)).status_code == 404
        assert leader.post(here(other, act)).status_code == 404
        assert leader.post(here(point, act, "2024-08-09-sang")).status_code == 404
    event.published_at = None
    assert leader.get(here(point)).status_code == 404
    assert client_of(world.organizer).get(here(point)).status_code == 200


def test_a_leader_ticks_counts_and_closes(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(7, 40)):
        service.check_in(morning, three[0], world.organizer, ScanMethod.QR)
        page = text_of(leader, here(point))
        assert page.index("Vàng A Chứ") < page.index("Lù Văn Đài") < page.index("Lò Thị Mẩy")
        assert f'name="here" value="{three[0].id}"' not in page
        assert "quét thẻ" in page
        sent = {"here": [three[1].id], "heads": "", "explanation": ""}
        page = leader.post(here(point, "/report"), data=sent, follow_redirects=True).get_data(as_text=True)
        assert "Đã ghi 1 người có mặt." in page
        assert f'<input type="hidden" name="was" value="{three[1].id}">' in page
        sent = {"was": [three[1].id], "here": [three[1].id], "heads": "4"}
        wrong = leader.post(here(point, "/closing"), data=sent)
        assert wrong.status_code == 422
        assert "Đếm được 4 người, danh sách có 2 tên có mặt. Hãy ghi vì sao lệch." in wrong.get_data(as_text=True)
        sent |= {"explanation": "Hai người dự thay"}
        asked = leader.post(here(point, "/closing"), data=sent)
        assert asked.status_code == 422
        for words in ("Có mặt theo danh sách: 2. Đếm được: 4. Lệch: +2.", "Buổi này đến 11:30 mới kết thúc"):
            assert words in asked.get_data(as_text=True)
        assert session().scalars(select(PointReport)).all() == []
        sent |= {"agreed": "4/2"}
        page = leader.post(here(point, "/closing"), data=sent, follow_redirects=True).get_data(as_text=True)
    assert "Đã chốt Nậm Khoang, sáng 07/8/2024." in page
    for words in ("07:40 07/8/2024", "Đặng Văn Đức", "Hai người dự thay", "đề nghị ban tổ chức mở lại"):
        assert words in page
    assert 'name="here"' not in page
    report = session().scalars(select(PointReport)).one()
    assert (report.head_count, report.named_present) == (4, 2)


def test_other_figures_than_those_agreed_to_are_asked_about_again(
    client_of: Browser, world: World, point: Point, three: list[Delegate]
) -> None:
    leader, sent = client_of(world.trainee), {"heads": "1", "here": [three[0].id], "agreed": "2/2"}
    with clock.stopped_at(at(8)):
        assert leader.post(here(point, "/closing"), data=sent).status_code == 422
        assert session().scalars(select(PointReport)).all() == []
        assert leader.post(here(point, "/closing"), data=sent | {"agreed": "1/1"}).status_code == 303
        assert leader.post(here(point, "/closing"), data=sent).status_code == 303


def seen_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]* value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


def test_a_stale_page_does_not_set_the_count_back(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(8)):
        points.report(point, morning, world.trainee, Ticks(), Count(1))
        seen = seen_on(text_of(leader, here(point)))
        points.report(point, morning, world.organizer, Ticks(), Count(3, "Đếm lại"))
        ticked = {"heads": "1", "explanation": "", "seen": seen, "here": [three[0].id]}
        assert leader.post(here(point, "/report"), data=ticked).status_code == 303
        assert session().scalars(select(PointReport)).one().head_count == 3
        other = {"heads": "2", "explanation": "", "seen": seen, "here": [three[1].id]}
        for act, sent in (("/report", other), ("/closing", ticked)):
            refused = leader.post(here(point, act), data=sent)
            page = refused.get_data(as_text=True)
            assert refused.status_code == 422
            assert f"{world.organizer.name} đã ghi 3 người, lúc 08:00" in page
            assert f'name="heads" value="{sent["heads"]}"' in re.sub(r' (?!name=|value=)[\w-]+="[^"]*"', "", page)
        assert session().scalars(select(PointReport)).one().head_count == 3
        renewed = other | {"seen": seen_on(page)}
        assert leader.post(here(point, "/report"), data=renewed).status_code == 303
    assert session().scalars(select(PointReport)).one().head_count == 2


def test_a_count_far_above_the_list_is_asked_about(
    client_of: Browser, world: World, point: Point, three: list[Delegate]
) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(8)):
        assert leader.post(here(point, "/report"), data={"heads": "29"}).status_code == 303
        refused = leader.post(here(point, "/report"), data={"heads": "30"})
        page = refused.get_data(as_text=True)
        assert (refused.status_code, "Đếm được 30 người mà danh sách chỉ có 3" in page) == (422, True)
        assert 'name="sure"' in page
        refused = leader.post(here(point, "/closing"), data={"heads": "30", "explanation": "Khách"})
        assert "Đếm được 30 người mà danh sách chỉ có 3" in refused.get_data(as_text=True)
        assert leader.post(here(point, "/report"), data={"heads": "30", "sure": "y"}).status_code == 303
    assert session().scalars(select(PointReport)).one().head_count == 30


def test_an_explanation_goes_when_the_difference_changes(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(8)):
        points.report(point, morning, world.trainee, Ticks(), Count(2, "Hai người dự thay"))
        assert "Hai người dự thay</textarea>" in text_of(leader, here(point))
        service.check_in(morning, three[0], world.organizer, ScanMethod.QR)
        page = text_of(leader, here(point))
        assert "Hai người dự thay</textarea>" not in page
        assert "Lời giải thích trước, viết cho số lệch khác: Hai người dự thay" in page
        sent = {"heads": "2", "explanation": "Hai người dự thay", "agreed": "2/1"}
        refused = leader.post(here(point, "/closing"), data=sent)
        page = refused.get_data(as_text=True)
        assert (refused.status_code, "viết cho số lệch +2, nay lệch +1" in page) == (422, True)
        assert 'name="anew"' in page
        assert leader.post(here(point, "/closing"), data=sent | {"anew": "1"}).status_code == 303


def test_a_point_opened_again_tells_its_leader_who_and_why(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    with clock.stopped_at(at(8)):
        closed = points.close(point, morning, world.trainee, Ticks(), Count(0))
        points.reopen(closed, world.organizer, "Đếm sót hai người")
        page = text_of(client_of(world.trainee), here(point))
    told = page[page.index("Ban tổ chức đã mở lại") :]
    assert f"{world.organizer.name} mở lại lúc 08:00 07/8/2024 để sửa và chốt lại. Lý do: Đếm sót hai người" in told


def test_a_persons_page_tells_what_a_leader_did_in_the_readers_language(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    one = frozenset({three[0].id})
    with clock.stopped_at(at(8)):
        points.report(point, morning, world.trainee, Ticks(added=one), Count())
        points.report(point, morning, world.trainee, Ticks(taken=one), Count())
    organizer = client_of(world.organizer)
    world.organizer.language = "en"
    page = text_of(organizer, f"/events/lam-khe-2024/attendance/{three[0].id}")
    assert "Confirmed by whoever is in charge of the point" in page
    assert "Confirmation taken back at the point" in page


def test_a_refused_closing_keeps_what_was_ticked_and_writes_nothing(
    client_of: Browser, world: World, point: Point, three: list[Delegate]
) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(8)):
        answer = leader.post(here(point, "/closing"), data={"here": [three[0].id, three[2].id], "heads": ""})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Chưa ghi số người đếm được" in page
    assert page.count(" checked") == 2
    assert session().scalars(select(Scan)).all() == []
    with clock.stopped_at(at(8)):
        answer = leader.post(here(point, "/report"), data={"heads": "mười"})
    assert (answer.status_code, "Cần một số nguyên." in answer.get_data(as_text=True)) == (422, True)
    with clock.stopped_at(at(8)):
        answer = leader.post(here(point, "/report"), data={"heads": "2", "explanation": "x" * 501})
    assert (answer.status_code, "Dài quá 500 ký tự" in answer.get_data(as_text=True)) == (422, True)


def test_only_who_runs_the_event_opens_again_and_with_a_reason(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    leader, organizer = client_of(world.trainee), client_of(world.organizer)
    with clock.stopped_at(at(8)):
        assert organizer.post(here(point, "/reopening"), data={"reason": "Sớm"}).status_code == 404
        points.close(point, morning, world.trainee, Ticks(), Count(0))
        service.check_in(morning, three[0], world.organizer, ScanMethod.QR, at=at(8, 1))
    with clock.stopped_at(at(8, 5)):
        service.check_in(morning, three[1], world.organizer, ScanMethod.QR)
        page = text_of(organizer, here(point))
        assert "Sau khi chốt có thêm 1 lượt." in page
        assert "Lúc chốt có 0 tên có mặt, nay có 2." in page
        assert leader.post(here(point, "/reopening"), data={"reason": "Có người đến"}).status_code == 404
        refused = leader.post(here(point, "/report"), data={"heads": "2"})
        assert (refused.status_code, "đã chốt buổi này" in refused.get_data(as_text=True)) == (422, True)
        assert organizer.post(here(point, "/reopening"), data={"reason": " "}).status_code == 422
        page = organizer.post(
            here(point, "/reopening"), data={"reason": "Có người đến"}, follow_redirects=True
        ).get_data(as_text=True)
        assert "Đã mở lại Nậm Khoang, sáng 07/8/2024." in page
        assert "Lý do: Có người đến" in page
        assert 'name="heads"' in text_of(leader, here(point))


def test_it_is_too_early_the_day_before(client_of: Browser, world: World, point: Point, three: list[Delegate]) -> None:
    leader = client_of(world.trainee)
    with clock.stopped_at(at(5)):
        page = text_of(leader, here(point))
        assert "Chưa đến lúc" in page
        assert 'name="here"' not in page
        refused = leader.post(here(point, "/report"), data={"here": [three[0].id]})
        assert (refused.status_code, "Còn sớm." in refused.get_data(as_text=True)) == (422, True)
    with clock.stopped_at(at(7)):
        page = text_of(leader, here(point))
        assert 'name="here"' in page
        assert "Chốt được khi buổi đã bắt đầu." in page
        assert "/closing" not in page


def test_the_overview_tells_every_point(
    client_of: Browser, world: World, morning: HalfDay, point: Point, three: list[Delegate]
) -> None:
    organizer = client_of(world.organizer)
    with clock.stopped_at(at(8)):
        ticks = Ticks(added=frozenset({three[0].id}))
        points.close(point, morning, world.trainee, ticks, Count(3, "Hai người dự thay"))
        page = text_of(organizer, POINTS)
    for words in ("Sáng 07/8/2024 · chốt 1/2", "Chiều 07/8/2024 · chốt 0/2", "Đặng Văn Đức", "tel:0912345678", "+2"):
        assert words in page, words
    assert "Hai người dự thay" in page
    assert "Bình Sa" in page
    only_open = text_of(organizer, f"{POINTS}?session={MORNING}&state=open")
    assert here(point).replace("&", "&amp;") not in only_open
    assert "Bình Sa" in only_open
    assert "chốt 0/2" in text_of(organizer, f"{POINTS}?session={AFTERNOON}")


def test_naming_a_leader_and_taking_the_point_away(client_of: Browser, world: World, event: Event) -> None:
    organizer, point = client_of(world.organizer), event.points[1]
    sent = {"point": point.id, "full_name": "Lý A Hai", "email": "hai@example.vn"}
    page = organizer.post(LEADERS, data=sent, follow_redirects=True).get_data(as_text=True)
    assert "Lý A Hai phụ trách Bình Sa; đã gửi thư." in page
    assert len(mails_to("hai@example.vn")) == 1
    account = session().scalars(select(Account).where(Account.email == "hai@example.vn")).one()
    other = organizer.post(LEADERS, data=sent | {"full_name": "Lý A Ba"})
    assert (other.status_code, "Thư điện tử này là của Lý A Hai" in other.get_data(as_text=True)) == (422, True)
    assert organizer.post(LEADERS, data=sent | {"email": "không"}).status_code == 422
    assert organizer.post(LEADERS, data=sent | {"point": 99999}).status_code == 422
    removal = f"{POINTS}{point.id}/leaders/{account.id}/removal"
    assert client_of(world.stranger).post(removal).status_code == 404
    assert client_of(account).post(removal).status_code == 404
    page = organizer.post(removal, follow_redirects=True).get_data(as_text=True)
    assert "Lý A Hai thôi phụ trách Bình Sa." in page
    assert organizer.post(removal).status_code == 404
    assert client_of(account).get(here(point)).status_code == 403


def test_the_front_page_shows_a_leader_their_points(client_of: Browser, world: World, point: Point) -> None:
    with clock.stopped_at(at(8)):
        page = text_of(client_of(world.trainee), "/")
        assert f"{POINTS}{point.id}" in page
        assert "đã chốt 0/2 buổi" in page
        assert "phụ trách" not in text_of(client_of(world.other_trainee), "/")


def test_the_door_links_the_points_for_who_may_close_them(client_of: Browser, door_keeper: World, point: Point) -> None:
    door = "/events/lam-khe-2024/check-in"
    assert f'href="{POINTS}"' in text_of(client_of(door_keeper.organizer), door)
    assert f'href="{POINTS}"' not in text_of(client_of(door_keeper.trainee), door)


def test_a_long_list_is_searched_and_paged_and_each_page_keeps_its_own_ticks(
    client_of: Browser, world: World, point: Point, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.attendance.point_queries.NAMES_A_PAGE", 40)
    people = [put(f"Lò Văn {number:02d}", "nam-khoang", point=point) for number in range(60)]
    leader = client_of(world.trainee)
    with clock.stopped_at(at(8)):
        page = text_of(leader, here(point))
        assert "1–40 trong 60 người" in page
        sent = {"shown": "1", "here": [people[0].id, people[1].id], "page": "2"}
        answer = leader.post(here(point, "/report"), data=sent)
        assert "page=2" in answer.location
        page = text_of(leader, answer.location)
        assert "Đã ghi 2 người có mặt." in page
        assert "Ghi, về trang trước" in page
        leader.post(here(point, "/report"), data={"shown": "2", "here": [people[50].id]})
        found = text_of(leader, f"{here(point)}&q=lo+van+50")
        assert found.count('name="here"') == 1
        assert "1–1 trong 1 người" in found
        assert "Không thấy ai" in text_of(leader, f"{here(point)}&q=khong+co")
    confirmed = set(session().scalars(select(Scan.delegate_id).where(Scan.voided_at.is_(None))))
    assert confirmed == {people[0].id, people[1].id, people[50].id}


def test_a_thousand_names_take_as_many_statements_as_three(
    client_of: Browser, world: World, point: Point, three: list[Delegate], put: Put, count_statements: Counting
) -> None:
    leader = client_of(world.trainee)

    def statements() -> int:
        with count_statements() as seen, clock.stopped_at(at(8)):
            assert leader.get(here(point)).status_code == 200
        return len(seen)

    statements()
    few = statements()
    for number in range(80):
        put(f"Lò Văn {number:02d}", "nam-khoang", point=point)
    assert statements() == few

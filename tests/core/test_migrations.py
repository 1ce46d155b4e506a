"""An existing deployment is carried over: rows stay, and what a migration computes is right."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text

from lms.core import migrations
from lms.core.db import prepare_engine

_UNITS = (
    ("province", "tinh", "/1/", None, 1),
    ("department", "so", "/1/2/", 1, 2),
    ("department", "so-khac", "/1/3/", 1, 3),
    ("province", "ngoai", "/4/", None, 4),
)
_DELEGATES = (
    # unit, role, withdrawn, quota it counts in
    (2, "delegate", None, 2),
    (2, "delegate", "2024-08-01 00:00:00", 2),
    (3, "delegate", None, 1),
    (1, "delegate", None, 1),
    (4, "delegate", None, None),
    (3, "speaker", None, None),
)


def _fill(connection: Connection) -> None:
    for kind, key, path, parent, number in _UNITS:
        connection.execute(
            text(
                "INSERT INTO units (id, key, code, kind, name, name_en, short_name, symbol, parent_id, path, specimen, "
                "search, sort_key) VALUES (:id, :key, :key, :kind, :key, :key, :key, '', :parent, :path, :no, '', '')"
            ),
            {"id": number, "key": key, "kind": kind, "parent": parent, "path": path, "no": False},
        )
    connection.execute(
        text(
            "INSERT INTO events (id, key, unit_id, kind, title, summary, place, starts_on, ends_on, hours, "
            "attendance_percent, specimen, search, created_at) VALUES (1, 'tap-huan', 1, 'hybrid', 'Tập huấn', '', 'x',"
            " '2024-08-07', '2024-08-07', 4, 100, :no, '', '2024-08-01 00:00:00')"
        ),
        {"no": False},
    )
    connection.execute(
        text("INSERT INTO points (id, event_id, position, name, place) VALUES (1, 1, 1, 'Hội trường', '')")
    )
    connection.execute(text("INSERT INTO quotas (event_id, unit_id, seats) VALUES (1, 1, 5), (1, 2, 3)"))
    for number, (unit, role, withdrawn, _quota) in enumerate(_DELEGATES, start=1):
        connection.execute(
            text(
                "INSERT INTO people (id, full_name, title, specimen, search, sort_key) "
                "VALUES (:id, 'Vàng A Chứ', '', :no, '', '')"
            ),
            {"id": number, "no": False},
        )
        connection.execute(
            text(
                "INSERT INTO delegates (id, event_id, person_id, unit_id, point_id, role, full_name, post, ticket, "
                "sort_key, unit_sort_key, search, note, registered_at, withdrawn_at) VALUES (:id, 1, :id, :unit, 1, "
                ":role, 'Vàng A Chứ', '', :ticket, '', '', '', '', '2024-08-01 00:00:00', :withdrawn)"
            ),
            {"id": number, "unit": unit, "role": role, "ticket": f"T{number}", "withdrawn": withdrawn},
        )


def test_a_deployment_of_the_first_tables_keeps_its_rows_and_counts_its_seats(app: Flask, own_database: str) -> None:
    engine = create_engine(own_database)
    prepare_engine(engine)
    try:
        migrations.upgrade(engine, "0001")
        with engine.begin() as connection:
            _fill(connection)

        migrations.upgrade(engine)

        with engine.connect() as connection:
            counted = connection.execute(text("SELECT quota_unit_id FROM delegates ORDER BY id")).scalars().all()
            assert counted == [quota for _unit, _role, _withdrawn, quota in _DELEGATES]
            quotas = connection.execute(text("SELECT unit_id, seats, taken FROM quotas ORDER BY unit_id")).all()
            assert [tuple(row) for row in quotas] == [(1, 5, 2), (2, 3, 1)]
            assert connection.execute(text("SELECT seats_taken FROM points")).scalar_one() == 4
            event = connection.execute(text("SELECT seats_taken, self_registration, seats FROM events")).one()
            assert tuple(event) == (4, "closed", None)
    finally:
        engine.dispose()


def test_units_and_their_delegates_are_put_in_protocol_order(app: Flask, own_database: str) -> None:
    engine = create_engine(own_database)
    prepare_engine(engine)
    rows = (
        # kind, name, parent, key of order before, after
        ("province", "Tỉnh Lam Khê", None, "lam", "2 lam"),
        ("department", "Sở Ngoại vụ", 1, "so", "3 so"),
        ("commune", "Xã Nậm Khoang", 1, "nam", "4 nam"),
        ("party", "Tỉnh uỷ Lam Khê", 1, "tinh", "2 tinh"),
        ("ministry", "Bộ Thử", None, "bo", "1 bo"),
        ("department", "Cục Thử", 5, "cuc", "1 cuc"),
        ("party", "Ban Tuyên giáo và Dân vận Tỉnh ủy", 4, "ban", "3 ban"),
        ("office", "Ủy ban nhân dân huyện Thử, tỉnh Lam Khê", 1, "ubnd", "4 ubnd"),
        ("office", "Văn phòng xã", 3, "van", "4 van"),
    )
    try:
        migrations.upgrade(engine, "0001")
        with engine.begin() as connection:
            _fill(connection)
            connection.execute(text("UPDATE units SET parent_id = NULL, kind = 'ministry'"))
            for number, (kind, name, parent, key, _after) in enumerate(rows, start=1):
                connection.execute(
                    text(
                        "UPDATE units SET kind = :kind, name = :name, parent_id = :parent, sort_key = :key "
                        "WHERE id = :id"
                    )
                    if number <= len(_UNITS)
                    else text(
                        "INSERT INTO units (id, key, code, kind, name, name_en, short_name, symbol, parent_id, path, "
                        "specimen, search, sort_key) VALUES (:id, :key, :key, :kind, :name, '', '', '', :parent, '', "
                        ":no, '', :key)"
                    ),
                    {"id": number, "kind": kind, "name": name, "parent": parent, "key": key, "no": False},
                )

        migrations.upgrade(engine)

        with engine.connect() as connection:
            found = connection.execute(text("SELECT sort_key FROM units ORDER BY id")).scalars().all()
            assert found == [after for *_row, after in rows]
            copies = connection.execute(text("SELECT unit_id, unit_sort_key FROM delegates")).all()
            assert {tuple(copy) for copy in copies} == {(1, "2 lam"), (2, "3 so"), (3, "4 nam"), (4, "2 tinh")}
    finally:
        engine.dispose()


def test_a_migration_that_would_leave_rows_pointing_nowhere_changes_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'broken.sqlite3'}")
    prepare_engine(engine)
    try:
        migrations.upgrade(engine, "0001")
        driver = engine.raw_connection()
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
        driver.cursor().execute("INSERT INTO quotas (event_id, unit_id, seats) VALUES (77, 78, 1)")
        driver.commit()
        driver.close()

        with pytest.raises(RuntimeError, match="point nowhere"):
            migrations.upgrade(engine)

        assert not migrations.is_current(engine)
    finally:
        engine.dispose()


def test_the_next_migration_is_numbered_and_holds_what_is_missing(
    own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.migrations_folder(), folder)
    monkeypatch.setattr(migrations, "migrations_folder", lambda: folder)
    engine = create_engine(own_database)
    prepare_engine(engine)
    try:
        migrations.upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE seat_requests"))
        number = len(list((folder / "versions").glob("*.py"))) + 1

        written = migrations.write_revision(engine, "ask again")

        assert written.name == f"{number:04d}_ask_again.py"
        assert "seat_requests" in written.read_text(encoding="utf-8")
        migrations.upgrade(engine)
        assert migrations.differences(engine) == []
    finally:
        engine.dispose()

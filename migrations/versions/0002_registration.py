"""Registration: seats counted where they are given, applications, focal points, invitations, letters; privacy, merges."""

import sqlalchemy as sa
from alembic import op
from lms.core.db import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COVERING = """
    SELECT quota.unit_id FROM quotas AS quota
    JOIN units AS covering ON covering.id = quota.unit_id
    JOIN units AS own ON own.id = delegates.unit_id
    WHERE quota.event_id = delegates.event_id AND substr(own.path, 1, length(covering.path)) = covering.path
    ORDER BY length(covering.path) DESC LIMIT 1
"""
_SORTED = {
    "ix_delegates_event_sort": ["event_id", "withdrawn_at", "sort_key"],
    "ix_delegates_event_unit_sort": ["event_id", "withdrawn_at", "unit_sort_key", "sort_key"],
}
_SEATED = "delegates.withdrawn_at IS NULL AND delegates.role = 'delegate'"
_TAKEN = {
    "quotas": ("taken", "delegates.event_id = quotas.event_id AND delegates.quota_unit_id = quotas.unit_id"),
    "points": ("seats_taken", "delegates.point_id = points.id"),
    "events": ("seats_taken", "delegates.event_id = events.id"),
}


def upgrade() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_requests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    with op.batch_alter_table("data_requests", schema=None) as batch_op:
        batch_op.create_index("ix_data_requests_answered_due", ["answered_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_requests_person_id"), ["person_id"], unique=False)

    op.create_table(
        "likenesses",
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("dismissed_at", Moment(), nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_likenesses_first_id_people")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_likenesses_second_id_people")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_likenesses")),
    )
    with op.batch_alter_table("likenesses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_likenesses_second_id"), ["second_id"], unique=False)

    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", Moment(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["gone_id"], ["people.id"], name=op.f("fk_merges_gone_id_people")),
        sa.ForeignKeyConstraint(["kept_id"], ["people.id"], name=op.f("fk_merges_kept_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merges_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merges_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "private_details",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("born", sa.Text(), nullable=True),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("ethnic_group", sa.Text(), nullable=True),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_private_details_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_private_details")),
    )
    op.create_table(
        "focal_points",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("named_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_focal_points_account_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_focal_points_event_id_events")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_focal_points_unit_id_units")),
        sa.PrimaryKeyConstraint("event_id", "unit_id", "account_id", name=op.f("pk_focal_points")),
    )
    with op.batch_alter_table("focal_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_focal_points_account_id"), ["account_id"], unique=False)

    op.create_table(
        "letters",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("superior", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("signer_authority", sa.String(length=200), nullable=False),
        sa.Column("signer_post", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_letters_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "kind", name=op.f("pk_letters")),
    )
    op.create_table(
        "seat_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_seat_requests_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_seat_requests_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_seat_requests_event_id_events")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_seat_requests_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_requests")),
    )
    with op.batch_alter_table("seat_requests", schema=None) as batch_op:
        batch_op.create_index("ix_seat_requests_event_answered", ["event_id", "answered_at"], unique=False)

    op.create_table(
        "point_quotas",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_point_quotas_taken")),
        sa.ForeignKeyConstraint(
            ["event_id", "unit_id"],
            ["quotas.event_id", "quotas.unit_id"],
            name=op.f("fk_point_quotas_event_id_unit_id_quotas"),
        ),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_point_quotas_point_id_points")),
        sa.PrimaryKeyConstraint("event_id", "unit_id", "point_id", name=op.f("pk_point_quotas")),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quota_unit_id", sa.Integer(), nullable=True),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_applications_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_applications_asked_by_id_accounts")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_applications_delegate_id_delegates")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_applications_event_id_events")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_applications_point_id_points")),
        sa.ForeignKeyConstraint(["quota_unit_id"], ["units.id"], name=op.f("fk_applications_quota_unit_id_units")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_applications_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("delegate_id", name=op.f("uq_applications_delegate_id")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index("ix_applications_event_email", ["event_id", "email"], unique=False)
        batch_op.create_index(
            "ix_applications_event_state", ["event_id", "state", "quota_unit_id", "asked_at"], unique=False
        )

    op.create_table(
        "invitations",
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("sent_count", sa.Integer(), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=True),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("bounced_at", Moment(), nullable=True),
        sa.Column("bounce", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_invitations_delegate_id_delegates")),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mails.id"], name=op.f("fk_invitations_mail_id_outbox_mails")),
        sa.PrimaryKeyConstraint("delegate_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("link", name=op.f("uq_invitations_link")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_mail_id"), ["mail_id"], unique=False)

    with op.batch_alter_table("delegate_imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undone_at", Moment(), nullable=True))

    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quota_unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("protocol_rank", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_delegates_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_delegates_replaces_id_delegates"), "delegates", ["replaces_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_delegates_quota_unit_id_units"), "units", ["quota_unit_id"], ["id"])
        for name, columns in _SORTED.items():
            batch_op.drop_index(name)
            batch_op.create_index(name, [*columns, "search"], unique=False)

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seats_taken", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("self_registration", sa.String(length=10), server_default="closed", nullable=False)
        )
        batch_op.add_column(sa.Column("calendar_sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("keep_until", sa.Date(), nullable=True))
        batch_op.create_check_constraint("seats", "seats >= 0")
        batch_op.create_check_constraint("seats_taken", "seats_taken >= 0")

    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_outbox_mails_about"), ["about"], unique=False)

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_people_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_people_merged_into_id_people"), "people", ["merged_into_id"], ["id"])

    with op.batch_alter_table("points", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seats_taken", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint("seats_taken", "seats_taken >= 0")

    with op.batch_alter_table("quotas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint("taken", "taken >= 0")

    _count_seats()


def _count_seats() -> None:
    """Every seated delegate counts in the nearest quota above, at their point and at the event."""
    op.execute(f"UPDATE delegates SET quota_unit_id = ({_COVERING}) WHERE delegates.role = 'delegate'")
    for table, (column, whose) in _TAKEN.items():
        op.execute(f"UPDATE {table} SET {column} = (SELECT count(*) FROM delegates WHERE {_SEATED} AND {whose})")


def downgrade() -> None:
    with op.batch_alter_table("quotas", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_quotas_taken"), type_="check")
        batch_op.drop_column("taken")

    with op.batch_alter_table("points", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_points_seats_taken"), type_="check")
        batch_op.drop_column("seats_taken")
        batch_op.drop_column("seats")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_people_merged_into_id_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_people_merged_into_id"))
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mails_about"))
        batch_op.drop_column("calendar")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_events_seats"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_seats_taken"), type_="check")
        batch_op.drop_column("keep_until")
        batch_op.drop_column("calendar_sequence")
        batch_op.drop_column("self_registration")
        batch_op.drop_column("seats_taken")
        batch_op.drop_column("seats")

    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_delegates_quota_unit_id_units"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_delegates_replaces_id_delegates"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_delegates_replaces_id"), type_="unique")
        batch_op.drop_column("protocol_rank")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("quota_unit_id")
        for name, columns in _SORTED.items():
            batch_op.drop_index(name)
            batch_op.create_index(name, columns, unique=False)

    with op.batch_alter_table("delegate_imports", schema=None) as batch_op:
        batch_op.drop_column("undone_at")

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_mail_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index("ix_applications_event_state")
        batch_op.drop_index("ix_applications_event_email")

    op.drop_table("applications")
    op.drop_table("point_quotas")
    with op.batch_alter_table("seat_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_requests_event_answered")

    op.drop_table("seat_requests")
    op.drop_table("letters")
    with op.batch_alter_table("focal_points", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_focal_points_account_id"))

    op.drop_table("focal_points")
    op.drop_table("private_details")
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merges_kept_id"))
        batch_op.drop_index(batch_op.f("ix_merges_gone_id"))

    op.drop_table("merges")
    with op.batch_alter_table("likenesses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_likenesses_second_id"))

    op.drop_table("likenesses")
    with op.batch_alter_table("data_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_requests_person_id"))
        batch_op.drop_index("ix_data_requests_answered_due")

    op.drop_table("data_requests")

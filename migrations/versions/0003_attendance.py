"""Attendance: annulments, door devices, excuses, changes of presence, points' reports, doubtful rows; the event's rule."""

import sqlalchemy as sa
from alembic import op
from lms.core.db import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    partly = sa.text("voided_at IS NOT NULL")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scans_voided_at", ["voided_at"], unique=False, sqlite_where=partly, postgresql_where=partly
        )

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_revision", sa.Integer(), server_default="0", nullable=False))

    op.create_table(
        "annulments",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("scan_uuid", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_annulments_account_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_annulments_event_id_events")),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_annulments")),
    )
    with op.batch_alter_table("annulments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annulments_scan_uuid"), ["scan_uuid"], unique=False)

    op.create_table(
        "door_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_door_devices_event_id_events")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["accounts.id"], name=op.f("fk_door_devices_opened_by_id_accounts")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_door_devices_point_id_points")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["accounts.id"], name=op.f("fk_door_devices_revoked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_devices")),
        sa.UniqueConstraint("key", name=op.f("uq_door_devices_key")),
        sa.UniqueConstraint("token", name=op.f("uq_door_devices_token")),
    )
    with op.batch_alter_table("door_devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_devices_event_id"), ["event_id"], unique=False)

    op.create_table(
        "point_leaders",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_point_leaders_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["points.id"], name=op.f("fk_point_leaders_point_id_points"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("point_id", "account_id", name=op.f("pk_point_leaders")),
    )
    with op.batch_alter_table("point_leaders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_leaders_account_id"), ["account_id"], unique=False)

    op.create_table(
        "point_reports",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("half_day_id", sa.Integer(), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=500), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("named_present", sa.Integer(), nullable=True),
        sa.CheckConstraint("head_count >= 0", name=op.f("ck_point_reports_head_count")),
        sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_point_reports_half_day_id_half_days")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_point_reports_point_id_points")),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["accounts.id"], name=op.f("fk_point_reports_reported_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("point_id", "half_day_id", name=op.f("pk_point_reports")),
    )
    op.create_table(
        "excuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("half_day_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["accounts.id"], name=op.f("fk_excuses_approved_by_id_accounts")),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_excuses_delegate_id_delegates")),
        sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_excuses_half_day_id_half_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excuses")),
    )
    with op.batch_alter_table("excuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_excuses_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index("ix_excuses_half_day_delegate", ["half_day_id", "delegate_id"], unique=False)

    op.create_table(
        "presence_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("half_day_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("was", sa.String(length=12), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("became", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_presence_changes_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegates.id"], name=op.f("fk_presence_changes_delegate_id_delegates")
        ),
        sa.ForeignKeyConstraint(
            ["half_day_id"], ["half_days.id"], name=op.f("fk_presence_changes_half_day_id_half_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_changes")),
    )
    with op.batch_alter_table("presence_changes", schema=None) as batch_op:
        batch_op.create_index("ix_presence_changes_delegate", ["delegate_id", "half_day_id"], unique=False)

    op.create_table(
        "sheet_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("half_day_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=True),
        sa.Column("written", sa.String(length=200), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("doubt", sa.String(length=300), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_sheet_doubts_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_sheet_doubts_delegate_id_delegates")),
        sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_sheet_doubts_half_day_id_half_days")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["accounts.id"], name=op.f("fk_sheet_doubts_noted_by_id_accounts")),
        sa.ForeignKeyConstraint(["point_id"], ["points.id"], name=op.f("fk_sheet_doubts_point_id_points")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_doubts")),
    )
    with op.batch_alter_table("sheet_doubts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_doubts_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_doubts_half_day_id"), ["half_day_id"], unique=False)

    op.create_table(
        "sheet_entries",
        sa.Column("half_day_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("scan_uuid", sa.String(length=36), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["delegates.id"], name=op.f("fk_sheet_entries_delegate_id_delegates")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_sheet_entries_entered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_sheet_entries_half_day_id_half_days")),
        sa.PrimaryKeyConstraint("half_day_id", "delegate_id", name=op.f("pk_sheet_entries")),
    )
    with op.batch_alter_table("sheet_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_entries_delegate_id"), ["delegate_id"], unique=False)

    op.create_table(
        "second_tickets",
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["delegates.id"], name=op.f("fk_second_tickets_delegate_id_delegates")
        ),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_second_tickets")),
    )
    with op.batch_alter_table("second_tickets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_tickets_delegate_id"), ["delegate_id"], unique=False)

    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("walked_in_at", Moment(), nullable=True))

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("early_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("late_counts", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("early_counts", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("excused_counts", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("evidence", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("self_check_in", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_check_constraint("grace", "late_minutes >= 0 AND early_minutes >= 0")


def downgrade() -> None:
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_column("calendar_revision")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint("grace", type_="check")
        batch_op.drop_column("self_check_in")
        batch_op.drop_column("evidence")
        batch_op.drop_column("excused_counts")
        batch_op.drop_column("early_counts")
        batch_op.drop_column("late_counts")
        batch_op.drop_column("early_minutes")
        batch_op.drop_column("late_minutes")

    with op.batch_alter_table("delegates", schema=None) as batch_op:
        batch_op.drop_column("walked_in_at")

    with op.batch_alter_table("second_tickets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_second_tickets_delegate_id"))

    op.drop_table("second_tickets")
    with op.batch_alter_table("sheet_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_entries_delegate_id"))

    op.drop_table("sheet_entries")
    with op.batch_alter_table("sheet_doubts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_doubts_half_day_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_doubts_delegate_id"))

    op.drop_table("sheet_doubts")
    with op.batch_alter_table("presence_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_presence_changes_delegate")

    op.drop_table("presence_changes")
    with op.batch_alter_table("excuses", schema=None) as batch_op:
        batch_op.drop_index("ix_excuses_half_day_delegate")
        batch_op.drop_index(batch_op.f("ix_excuses_delegate_id"))

    op.drop_table("excuses")
    op.drop_table("point_reports")
    with op.batch_alter_table("point_leaders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_leaders_account_id"))

    op.drop_table("point_leaders")
    with op.batch_alter_table("door_devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_door_devices_event_id"))

    op.drop_table("door_devices")
    with op.batch_alter_table("annulments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annulments_scan_uuid"))

    op.drop_table("annulments")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.drop_index("ix_scans_voided_at")

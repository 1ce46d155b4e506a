"""Quizzes: kinds of question in one body, tags, figures, imports, sections and draws, marking, regrades, appeals."""

import re
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from lms.core.db import Moment
from lms.core.text import fold

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_figures",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_question_figures_account_id_accounts")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_question_figures")),
    )
    op.create_table(
        "question_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("written_at", Moment(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_question_imports_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_banks.id"], name=op.f("fk_question_imports_bank_id_question_banks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_imports")),
    )
    with op.batch_alter_table("question_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_imports_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "quiz_accommodations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["accounts.id"], name=op.f("fk_quiz_accommodations_granted_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_accommodations_person_id_people")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_accommodations_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_accommodations")),
    )
    with op.batch_alter_table("quiz_accommodations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_accommodations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_quiz_accommodations_standing",
            ["quiz_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "quiz_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("intro_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_sections_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_sections")),
    )
    with op.batch_alter_table("quiz_sections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_sections_quiz_id"), ["quiz_id"], unique=False)

    op.create_table(
        "question_tags",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_tags_question_id_questions")),
        sa.PrimaryKeyConstraint("question_id", "folded", name=op.f("pk_question_tags")),
    )
    with op.batch_alter_table("question_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_tags_folded"), ["folded"], unique=False)

    op.create_table(
        "quiz_draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=300), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("difficulty", sa.String(length=8), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["question_banks.id"], name=op.f("fk_quiz_draws_bank_id_question_banks")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_draws_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["quiz_sections.id"], name=op.f("fk_quiz_draws_section_id_quiz_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_draws")),
    )
    with op.batch_alter_table("quiz_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_draws_quiz_id"), ["quiz_id"], unique=False)

    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("key_version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_regrades_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["key_version_id"], ["question_versions.id"], name=op.f("fk_regrades_key_version_id_question_versions")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_regrades_question_id_questions")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_regrades_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
    )
    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrades_quiz_id"), ["quiz_id"], unique=False)

    op.create_table(
        "answer_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"],
            ["attempt_items.id"],
            name=op.f("fk_answer_events_attempt_item_id_attempt_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_events")),
        sa.UniqueConstraint("attempt_item_id", "client_id", name=op.f("uq_answer_events_attempt_item_id_client_id")),
    )
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("filed_at", Moment(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("points_before", sa.Double(), nullable=True),
        sa.Column("points_after", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["accounts.id"], name=op.f("fk_appeals_answered_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_appeals_attempt_id_attempts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"],
            ["attempt_items.id"],
            name=op.f("fk_appeals_attempt_item_id_attempt_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("attempt_item_id", name=op.f("uq_appeals_attempt_item_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_attempt_id"), ["attempt_id"], unique=False)

    op.create_table(
        "essay_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("settling", sa.Boolean(), nullable=False),
        sa.Column("marked_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"],
            ["attempt_items.id"],
            name=op.f("fk_essay_marks_attempt_item_id_attempt_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["accounts.id"], name=op.f("fk_essay_marks_marker_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_marks")),
        sa.UniqueConstraint("attempt_item_id", "marker_id", name=op.f("uq_essay_marks_attempt_item_id_marker_id")),
    )
    with op.batch_alter_table("essay_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_essay_marks_marker_id"), ["marker_id"], unique=False)

    op.create_table(
        "regrade_changes",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("attempt_item_id", sa.Integer(), nullable=False),
        sa.Column("points_before", sa.Double(), nullable=True),
        sa.Column("points_after", sa.Double(), nullable=True),
        sa.Column("score_before", sa.Double(), nullable=True),
        sa.Column("score_after", sa.Double(), nullable=True),
        sa.Column("passed_before", sa.Boolean(), nullable=True),
        sa.Column("passed_after", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_item_id"],
            ["attempt_items.id"],
            name=op.f("fk_regrade_changes_attempt_item_id_attempt_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["regrade_id"], ["regrades.id"], name=op.f("fk_regrade_changes_regrade_id_regrades")),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_item_id", name=op.f("pk_regrade_changes")),
    )
    with op.batch_alter_table("regrade_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_changes_attempt_item_id"), ["attempt_item_id"], unique=False)

    with op.batch_alter_table("attempt_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seconds", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_attempt_items_section_id_quiz_sections"),
            "quiz_sections",
            ["section_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attempt_items_key_version_id_question_versions"),
            "question_versions",
            ["key_version_id"],
            ["id"],
        )

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marked_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("seed", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            "ix_attempts_to_mark",
            ["quiz_id"],
            unique=False,
            sqlite_where=sa.text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
            postgresql_where=sa.text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
        )

    with op.batch_alter_table("questions", schema=None) as batch_op:
        for name, length in (("title", 200), ("category", 300), ("fingerprint", 64)):
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_questions_fingerprint"), ["fingerprint"], unique=False)
    with op.batch_alter_table("questions", schema=None) as batch_op:
        for name in ("title", "category", "fingerprint"):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("body", sa.JSON(), nullable=True))
    _gather_bodies(op.get_bind())
    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.alter_column("body", nullable=False)
        for name in ("accepted", "options", "exact"):
            batch_op.drop_column(name)

    attempts = sa.table("attempts", sa.column("marked_at"), sa.column("handed_in_at"))
    op.get_bind().execute(sa.update(attempts).values(marked_at=attempts.c.handed_in_at))

    with op.batch_alter_table("quiz_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_quiz_items_section_id_quiz_sections"), "quiz_sections", ["section_id"], ["id"]
        )

    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("show_from", sa.String(length=10), server_default="handed-in", nullable=False))
        batch_op.add_column(sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("markers", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("marking_gap", sa.Integer(), server_default="20", nullable=False))
        batch_op.add_column(sa.Column("exposure_percent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("exposure", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("exposed_at", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.drop_column("exposed_at")
        batch_op.drop_column("exposure")
        batch_op.drop_column("exposure_percent")
        batch_op.drop_column("marking_gap")
        batch_op.drop_column("markers")
        batch_op.drop_column("practice")
        batch_op.drop_column("show_from")

    with op.batch_alter_table("quiz_items", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_quiz_items_section_id_quiz_sections"), type_="foreignkey")
        batch_op.drop_column("section_id")

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questions_fingerprint"))
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("category")
        batch_op.drop_column("title")

    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exact", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("accepted", sa.JSON(), server_default="[]", nullable=False))
    _scatter_bodies(op.get_bind())
    with op.batch_alter_table("question_versions", schema=None) as batch_op:
        batch_op.drop_column("body")

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempts_to_mark",
            sqlite_where=sa.text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
            postgresql_where=sa.text("handed_in_at IS NOT NULL AND marked_at IS NULL"),
        )
        batch_op.drop_column("seed")
        batch_op.drop_column("marked_at")

    with op.batch_alter_table("attempt_items", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attempt_items_key_version_id_question_versions"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_attempt_items_section_id_quiz_sections"), type_="foreignkey")
        batch_op.drop_column("comment")
        batch_op.drop_column("seconds")
        batch_op.drop_column("section_id")
        batch_op.drop_column("key_version_id")

    with op.batch_alter_table("regrade_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrade_changes_attempt_item_id"))

    op.drop_table("regrade_changes")
    with op.batch_alter_table("essay_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_essay_marks_marker_id"))

    op.drop_table("essay_marks")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeals_attempt_id"))

    op.drop_table("appeals")
    op.drop_table("answer_events")
    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrades_quiz_id"))

    op.drop_table("regrades")
    with op.batch_alter_table("quiz_draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_draws_quiz_id"))

    op.drop_table("quiz_draws")
    with op.batch_alter_table("question_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_tags_folded"))

    op.drop_table("question_tags")
    with op.batch_alter_table("quiz_sections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_sections_quiz_id"))

    op.drop_table("quiz_sections")
    with op.batch_alter_table("quiz_accommodations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quiz_accommodations_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_quiz_accommodations_person_id"))

    op.drop_table("quiz_accommodations")
    with op.batch_alter_table("question_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_imports_bank_id"))

    op.drop_table("question_imports")
    op.drop_table("question_figures")


_QUESTIONS = sa.table("questions", sa.column("id"), sa.column("current_number"), sa.column("fingerprint"))
_VERSIONS = sa.table(
    "question_versions",
    sa.column("id"),
    sa.column("question_id"),
    sa.column("number"),
    sa.column("kind"),
    sa.column("stem"),
    sa.column("options", sa.JSON()),
    sa.column("accepted", sa.JSON()),
    sa.column("exact", sa.Boolean()),
    sa.column("body", sa.JSON()),
)
_WORD = re.compile(r"[^\W_]+")


def _gather_bodies(connection: sa.Connection) -> None:
    """Put what the four first kinds say into one body; fingerprint what is asked today."""
    numbers = sa.select(_QUESTIONS.c.id, _QUESTIONS.c.current_number)
    current = {row.id: row.current_number for row in connection.execute(numbers)}
    for row in connection.execute(sa.select(_VERSIONS)).all():
        body = _body(row)
        connection.execute(sa.update(_VERSIONS).where(_VERSIONS.c.id == row.id).values(body=body))
        if current.get(row.question_id) == row.number:
            pieces = [one["text"]["vi"] for one in body.get("options", ())]
            pieces += [one.get("feedback", {}).get("vi", "") for one in body.get("options", ())]
            pieces += [text for one in body.get("accepted", ()) for text in (one["text"], "")]
            said = "\n".join([row.kind, _sameness(row.stem), *sorted(_sameness(piece) for piece in pieces)])
            fingerprint = sha256(said.encode()).hexdigest()
            connection.execute(
                sa.update(_QUESTIONS).where(_QUESTIONS.c.id == row.question_id).values(fingerprint=fingerprint)
            )


def _body(row: Any) -> dict[str, Any]:
    if row.kind == "short":
        return {"accepted": [{"text": text} for text in row.accepted]} | ({"exact": True} if row.exact else {})
    options = []
    for old in row.options:
        new = {"id": old["id"], "text": _both(old["text"], old.get("text_en")), "right": old["right"]}
        feedback = _both(old.get("feedback") or "", old.get("feedback_en"))
        options.append(new | ({"feedback": feedback} if feedback != {"vi": ""} else {}))
    return {"options": options}


def _both(text: str, english: str | None) -> dict[str, str]:
    return {"vi": text, "en": english} if english else {"vi": text}


def _scatter_bodies(connection: sa.Connection) -> None:
    for row in connection.execute(sa.select(_VERSIONS)).all():
        options = [
            {
                "id": one["id"],
                "text": one["text"]["vi"],
                "text_en": one["text"].get("en"),
                "right": one["right"],
                "feedback": one.get("feedback", {}).get("vi", ""),
                "feedback_en": one.get("feedback", {}).get("en"),
            }
            for one in row.body.get("options", ())
        ]
        accepted = [one["text"] for one in row.body.get("accepted", ())]
        connection.execute(
            sa.update(_VERSIONS)
            .where(_VERSIONS.c.id == row.id)
            .values(options=options, accepted=accepted, exact=bool(row.body.get("exact")))
        )


def _sameness(text: str) -> str:
    joined = ""
    for word in _WORD.findall(fold(text)):
        joined += f".{word}" if joined[-1:].isdecimal() and word[0].isdecimal() else word
    return joined

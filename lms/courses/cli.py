"""`lms courses check` and `lms courses load`."""

from pathlib import Path

import click

from lms.core.cli import Answer, command, refusal_answer
from lms.corpus import loading as corpus_loading
from lms.courses import checking, loading
from lms.places import courses_folder

_FOLDER = click.Path(path_type=Path, file_okay=False)


def register(main: click.Group) -> None:
    """Add the group `courses`."""
    group = click.Group("courses", help="Course content, written as files.")
    main.add_command(group)
    command(group, "check")(check)
    command(group, "load", writes=True)(load)


@click.argument("folder", type=_FOLDER, required=False)
def check(folder: Path | None) -> Answer:
    """Name file and line of every mistake in a content folder (the product's own when left out)."""
    courses, mistakes = checking.read_all(folder or courses_folder())
    if mistakes:
        return refusal_answer(mistakes)
    lessons = sum(len(module.lessons) for course in courses for module in course.modules)
    return Answer(
        {"courses": [course.slug for course in courses], "lessons": lessons, "errors": []},
        f"{len(courses)} khóa học, {lessons} bài: không có lỗi.",
    )


@click.argument("folder", type=_FOLDER, required=False)
def load(folder: Path | None) -> Answer:
    """Load documents and courses of a content folder; nothing is written when anything is wrong."""
    root = folder or courses_folder()
    documents = corpus_loading.load(root)
    courses = loading.load(root)
    return Answer({"documents": documents, "courses": courses}, f"Đã nạp {documents} văn bản, {courses} khóa học.")

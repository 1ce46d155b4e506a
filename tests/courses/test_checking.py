"""`lms courses check`: every mistake with file and line; the product's own courses have none."""

from pathlib import Path

import pytest

from lms.courses.checking import read_all
from lms.places import courses_folder
from tests.courses.folder import change


def mistakes(root: Path) -> list[tuple[str | None, str]]:
    _courses, found = read_all(root)
    return [(mistake.where, str(mistake)) for mistake in found]


def test_a_right_folder_has_no_mistake(folder: Path) -> None:
    assert mistakes(folder) == []


def test_the_products_own_courses_have_no_mistake() -> None:
    courses, found = read_all(courses_folder())
    assert [str(mistake) for mistake in found] == []
    assert {course.slug for course in courses} == {"khung-chinh-sach", "nguoi-phat-ngon"}


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("thu/course.yaml", "title: {vi: Khóa thử, en: Trial course}", "title: {vi: Khóa thử}", 1, "thiếu bản en"),
        ("thu/course.yaml", "hours: 1", "hours: nhiều", 6, "số nguyên"),
        ("thu/course.yaml", "modules: [01-mot]", "modules: [01-mot, 02-hai]", 7, "02-hai/module.yaml"),
        ("thu/course.yaml", "final_test: thu-cuoi", "final_test: khong-co", 8, "khong-co"),
        ("thu/course.yaml", "hours: 1", "hours: [1", 7, "YAML"),
        ("thu/01-mot/module.yaml", "objective: {vi: Biết, en: Know}", "objective: {en: Know}", 3, "thiếu bản vi"),
        ("thu/01-mot/01-dau.vi.md", "minutes: 6", "minutes: 600", 4, "từ 1 đến 120"),
        ("thu/01-mot/01-dau.vi.md", "kind: reading", "kind: poem", 3, "poem"),
        ("thu/01-mot/01-dau.vi.md", "[@nd-1-2020 Điều 5]", "[@nd-9-2020 Điều 5]", 16, "nd-9-2020"),
        ("thu/01-mot/01-dau.vi.md", "[@nd-1-2020 Điều 5]", "[@ND 1]", 16, "viết sai"),
        ("thu/01-mot/01-dau.vi.md", "figures/so-do.svg", "figures/mat.svg", 18, "figures/mat.svg"),
        ("thu/01-mot/01-dau.vi.md", "![Sơ đồ]", "![]", 18, "lời mô tả"),
        ("thu/01-mot/01-dau.vi.md", "Một việc xảy ra.", "<b>Một</b> việc", 11, "HTML"),
        ("thu/01-mot/01-dau.vi.md", "Một việc xảy ra.\n:::", "Một việc xảy ra.\n", 8, "chưa đóng"),
        ("thu/01-mot/01-dau.vi.md", "::: answer", "::: bonus", 20, "bonus"),
        ("thu/01-mot/01-dau.vi.md", "## Điều cần biết", "# Điều cần biết", 14, "##"),
        ("thu/01-mot/02-tu-kiem.vi.md", "quiz: thu-tu-kiem", "quiz: khac", 6, "khac"),
        ("thu/questions.yaml", "nd-1-2020 Điều 5", "nd-7 Điều 5", 10, "nd-7"),
        ("thu/questions.yaml", "    answer: true\n", "", 3, ""),
        ("documents/nd-1-2020.yaml", "replaced_by: []", "replaced_by: [nd-2]", 1, "nd-2"),
        ("documents/nd-1-2020.yaml", "certainty: F", "certainty: sure", 11, "certainty"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    folder: Path, file: str, old: str, new: str, line: int, words: str
) -> None:
    change(folder, file, old, new)
    found = mistakes(folder)
    assert any(where == f"{file}:{line}" and words in message for where, message in found), found


def test_a_figure_that_could_run_is_refused(folder: Path) -> None:
    change(folder, "thu/01-mot/figures/so-do.svg", "<rect", "<script>alert(1)</script><rect")
    assert any("SVG" in message for _where, message in mistakes(folder))


def test_a_missing_translation_is_named(folder: Path) -> None:
    (folder / "thu/01-mot/01-dau.en.md").unlink()
    assert ("thu/01-mot/01-dau.en.md:1", "Không có tệp này, hoặc tệp không phải UTF-8.") in mistakes(folder)

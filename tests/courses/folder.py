"""Writes a small right course folder."""

from pathlib import Path

DOCUMENT = """key: nd-1-2020
number: 1/2020/NĐ-CP
kind: {vi: Nghị định, en: Decree}
title: {vi: Về một việc, en: On a matter}
issuer: {vi: Chính phủ, en: The Government}
issued_on: 2020-01-02
in_force_from: 2020-03-01
in_force_to: 2026-06-30
replaces: []
replaced_by: []
certainty: F
certainty_note: {vi: Một nguồn, en: One source}
source: example.vn
"""
COURSE = """title: {vi: Khóa thử, en: Trial course}
summary: {vi: Tóm tắt, en: Summary}
objectives:
  - {vi: Làm được một việc, en: Do one thing}
audience: {vi: Mọi người, en: Everyone}
hours: 1
modules: [01-mot]
final_test: thu-cuoi
"""
MODULE = """key: m1
title: {vi: Một, en: One}
objective: {vi: Biết, en: Know}
lessons: [01-dau, 02-tu-kiem]
"""
LESSON = """---
title: Bài đầu
kind: reading
minutes: 6
summary: Tóm tắt bài
---

::: situation
### Ở xã Nậm Khoang

Một việc xảy ra.
:::

## Điều cần biết

Nghị định nói rõ [@nd-1-2020 Điều 5].

![Sơ đồ](figures/so-do.svg "Chú thích")

::: answer
Bài làm mẫu.
:::
"""
QUIZ_LESSON = """---
title: Tự kiểm
kind: quiz
minutes: 5
summary: Năm câu
quiz: thu-tu-kiem
---

Làm thử.
"""
QUESTIONS = """bank: {key: thu, title: {vi: Ngân hàng thử, en: Trial bank}}
questions:
  - key: Q1
    kind: truefalse
    topic: m1
    difficulty: easy
    stem: {vi: "Đúng không?", en: "True?"}
    answer: true
    feedback: {vi: Đúng, en: Right}
    cites: ["nd-1-2020 Điều 5"]
quizzes:
  - key: thu-cuoi
    title: {vi: Cuối khóa, en: Final}
    intro: {vi: Một câu, en: One question}
    questions: [Q1]
    attempts_allowed: 2
    pass_percent: 60
    show: full
  - key: thu-tu-kiem
    title: {vi: Tự kiểm, en: Self-check}
    intro: {vi: Một câu, en: One question}
    questions: [Q1]
    pass_percent: 60
    show: full
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Sơ đồ</title><rect width="9" height="9"/></svg>'


def write_course(root: Path) -> Path:
    """Write the folder below `root`; the answer is `root`."""
    for name, text in {
        "documents/nd-1-2020.yaml": DOCUMENT,
        "thu/course.yaml": COURSE,
        "thu/questions.yaml": QUESTIONS,
        "thu/01-mot/module.yaml": MODULE,
        "thu/01-mot/01-dau.vi.md": LESSON,
        "thu/01-mot/01-dau.en.md": LESSON,
        "thu/01-mot/02-tu-kiem.vi.md": QUIZ_LESSON,
        "thu/01-mot/02-tu-kiem.en.md": QUIZ_LESSON,
        "thu/01-mot/figures/so-do.svg": SVG,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replace a passage of a file, which must hold it."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

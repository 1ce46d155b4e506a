"""A course as its files say it, read and checked without a database; the format is in docs/course-format.md."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from lms.core import located_yaml
from lms.core.errors import RuleBroken
from lms.core.located_yaml import Located
from lms.courses.markdown import Rendered, render
from lms.courses.models import LessonKind

FIGURE_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
FILE_TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg", ".pdf": "application/pdf"}
_LESSON_KEYS = ("title", "kind", "minutes", "summary")
_SVG_FORBIDDEN = (b"<script", b"<foreignobject", b"javascript:", b" onload", b" onclick", b"<!entity")


@dataclass
class LessonSource:
    """One lesson: its front matter and its text in both languages."""

    key: str
    kind: LessonKind
    minutes: int
    title: tuple[str, str]
    summary: tuple[str, str]
    html: tuple[str, str]
    cites: list[dict[str, str]]
    quiz: str | None = None
    file: Path | None = None


@dataclass
class ModuleSource:
    """One module and its lessons, in order."""

    key: str
    title: tuple[str, str]
    objective: tuple[str, str]
    lessons: list[LessonSource] = field(default_factory=list)


@dataclass
class CourseSource:
    """A course folder: what it says, its figures by path, and every mistake found."""

    slug: str
    edition: str
    facts: dict[str, tuple[str, str]] = field(default_factory=dict)
    objectives: list[dict[str, str]] = field(default_factory=list)
    hours: int = 0
    unit: str | None = None
    final_test: str | None = None
    modules: list[ModuleSource] = field(default_factory=list)
    questions: Located | None = None
    figures: dict[str, Path] = field(default_factory=dict)
    mistakes: list[RuleBroken] = field(default_factory=list)


def course_folders(root: Path) -> list[Path]:
    """The course folders below `root`: those that hold a course.yaml."""
    return sorted(path.parent for path in root.glob("*/course.yaml"))


def read_course(folder: Path, labels: Mapping[str, str]) -> CourseSource:
    """Read and check one course folder; `labels` gives the label of every document that may be cited."""
    return _Reader(folder, labels).read()


class _Reader:
    """Reads one folder, collecting mistakes instead of stopping at the first."""

    def __init__(self, folder: Path, labels: Mapping[str, str]) -> None:
        self.folder = folder
        self.labels = labels
        self.source = CourseSource(folder.name, _edition(folder))

    def read(self) -> CourseSource:
        content = self._yaml("course.yaml")
        if content is not None:
            self._course(content)
        return self.source

    def wrong(self, where: str, message: str, **params: Any) -> None:
        place = f"{self.folder.name}/{where}"
        self.source.mistakes.append(RuleBroken(message, code="course", where=place, **params))

    def _yaml(self, name: str) -> Located | None:
        try:
            return located_yaml.read(self.folder / name, name)
        except RuleBroken as mistake:
            self._repeat(mistake)
            return None

    def _repeat(self, mistake: RuleBroken) -> None:
        self.wrong(mistake.where or "course.yaml:1", mistake.message, **mistake.params)

    def _both(self, content: Located, key: str, file: str) -> tuple[str, str]:
        try:
            return content.both(key, file)
        except RuleBroken as mistake:
            self._repeat(mistake)
            return "", ""

    def _course(self, content: Located) -> None:
        for key in ("title", "summary", "audience"):
            self.source.facts[key] = self._both(content, key, "course.yaml")
        self.source.hours = self._number(content, "hours", "course.yaml", 1, 500)
        self.source.unit, self.source.final_test = content.get("unit"), content.get("final_test")
        for objective in content.get("objectives") or []:
            wrapped = Located(objective=objective)
            wrapped.line, wrapped.lines = content.lines["objectives"], {}
            vietnamese, english = self._both(wrapped, "objective", "course.yaml")
            self.source.objectives.append({"vi": vietnamese, "en": english})
        if (self.folder / "questions.yaml").exists():
            self.source.questions = self._yaml("questions.yaml")
        self._modules(content)
        self._final_test(content)

    def _modules(self, content: Located) -> None:
        names = content.get("modules") or []
        if not names:
            self.wrong(content.place("modules", "course.yaml"), "Khóa học chưa có mô-đun nào.")
        for name in names:
            if not (self.folder / str(name) / "module.yaml").exists():
                self.wrong(
                    content.place("modules", "course.yaml"), "Không có tệp %(file)s.", file=f"{name}/module.yaml"
                )
            else:
                self._module(str(name))
        keys = [module.key for module in self.source.modules]
        for key in {one for one in keys if keys.count(one) > 1}:
            self.wrong("course.yaml:1", "Hai mô-đun cùng mã %(key)s.", key=key)

    def _module(self, name: str) -> None:
        file = f"{name}/module.yaml"
        content = self._yaml(file)
        if content is None:
            return
        key = str(content.get("key") or "")
        if not key:
            self.wrong(content.place("key", file), "Mô-đun chưa có mã “key”.")
        module = ModuleSource(key, self._both(content, "title", file), self._both(content, "objective", file))
        self.source.modules.append(module)
        for stem in content.get("lessons") or []:
            lesson = self._lesson(name, str(stem), key)
            if lesson is not None:
                module.lessons.append(lesson)
        if not content.get("lessons"):
            self.wrong(content.place("lessons", file), "Mô-đun chưa có bài nào.")

    def _lesson(self, module: str, stem: str, module_key: str) -> LessonSource | None:
        vietnamese, english = (self._text(module, stem, language) for language in ("vi", "en"))
        if vietnamese is None or english is None:
            return None
        front, front_en = vietnamese[0], english[0]
        file = f"{module}/{stem}.vi.md"
        kind = str(front.get("kind"))
        if kind not in set(LessonKind):
            self.wrong(
                front.place("kind", file),
                "Loại bài “%(kind)s” không có; dùng reading, video, file hoặc quiz.",
                kind=kind,
            )
            return None
        if front_en.get("kind") != kind:
            self.wrong(front_en.place("kind", f"{module}/{stem}.en.md"), "Hai bản của bài khác loại nhau.")
        lesson = LessonSource(
            key=f"{module_key}/{stem.lstrip('0123456789-')}",
            kind=LessonKind(kind),
            minutes=self._number(front, "minutes", file, 1, 120),
            title=(str(front.get("title") or ""), str(front_en.get("title") or "")),
            summary=(str(front.get("summary") or ""), str(front_en.get("summary") or "")),
            html=(vietnamese[1].html, english[1].html),
            cites=vietnamese[1].cites,
        )
        self._extras(lesson, front, module, file)
        return lesson

    def _extras(self, lesson: LessonSource, front: Located, module: str, file: str) -> None:
        if lesson.kind is LessonKind.QUIZ:
            lesson.quiz = str(front.get("quiz") or "")
            if lesson.quiz not in self._quiz_keys():
                self.wrong(front.place("quiz", file), "Không có bài kiểm tra mang mã “%(key)s”.", key=lesson.quiz)
        elif lesson.kind in {LessonKind.VIDEO, LessonKind.FILE}:
            path = self.folder / module / "files" / str(front.get("file") or "")
            if not path.is_file() or path.suffix.lower() not in FILE_TYPES:
                self.wrong(front.place("file", file), "Không có tệp %(file)s.", file=front.get("file"))
            else:
                lesson.file = path

    def _text(self, module: str, stem: str, language: str) -> tuple[Located, Rendered] | None:
        file = f"{module}/{stem}.{language}.md"
        try:
            text = (self.folder / file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self.wrong(f"{file}:1", "Không có tệp này, hoặc tệp không phải UTF-8.")
            return None
        head, body, first_line = _split(text)
        if head is None:
            self.wrong(f"{file}:1", "Bài phải mở đầu bằng phần khai báo giữa hai dòng “---”.")
            return None
        try:
            front = located_yaml.parse(head, file, first_line=2)
        except RuleBroken as mistake:
            self._repeat(mistake)
            return None
        for key in _LESSON_KEYS:
            if front.get(key) in (None, ""):
                self.wrong(front.place(None, file), "Phần khai báo thiếu mục “%(key)s”.", key=key)
        rendered = render(
            body,
            language=language,
            labels=self.labels,
            figure_url=lambda path: f"/courses/{self.folder.name}/files/{module}/{path}",
            first_line=first_line,
        )
        self._take(rendered, module, file)
        return front, rendered

    def _take(self, rendered: Rendered, module: str, file: str) -> None:
        for line, message, params in rendered.mistakes:
            self.wrong(f"{file}:{line}", message, **params)
        for line, name in rendered.figures:
            path = self.folder / module / name
            if ".." in PurePosixPath(name).parts or not path.is_file() or path.suffix.lower() not in FIGURE_TYPES:
                self.wrong(f"{file}:{line}", "Không có hình %(name)s.", name=name)
                continue
            if path.suffix.lower() == ".svg" and any(one in path.read_bytes().lower() for one in _SVG_FORBIDDEN):
                self.wrong(f"{module}/{name}:1", "Hình SVG không được chứa mã lệnh hay nội dung ngoài.")
            self.source.figures[f"{module}/{name}"] = path

    def _quiz_keys(self) -> set[str]:
        listed = self.source.questions.get("quizzes") if self.source.questions is not None else None
        return {str(quiz.get("key")) for quiz in listed or [] if isinstance(quiz, Located)}

    def _final_test(self, content: Located) -> None:
        if self.source.final_test is not None and self.source.final_test not in self._quiz_keys():
            self.wrong(
                content.place("final_test", "course.yaml"),
                "Không có bài kiểm tra mang mã “%(key)s”.",
                key=self.source.final_test,
            )

    def _number(self, content: Located, key: str, file: str, least: int, most: int) -> int:
        value = content.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(
                content.place(key, file),
                "Mục “%(key)s” cần số nguyên từ %(least)d đến %(most)d.",
                key=key,
                least=least,
                most=most,
            )
            return least
        return value


def _split(text: str) -> tuple[str | None, str, int]:
    """Front matter, body, and the 0-based line on which the body begins."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return None, text, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return "".join(lines[1:number]), "".join(lines[number + 1 :]), number + 1
    return None, text, 0


def _edition(folder: Path) -> str:
    summary = hashlib.sha256(b"format 1")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        summary.update(path.relative_to(folder).as_posix().encode())
        summary.update(path.read_bytes())
    return summary.hexdigest()

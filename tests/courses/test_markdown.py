"""Lesson text becomes clean HTML."""

from hypothesis import given
from hypothesis import strategies as st

from lms.courses.markdown import render
from tests.pages import check_page

LABELS = {"nd-1-2020": "1/2020/NĐ-CP"}


def html(text: str, language: str = "vi") -> str:
    return render(text, language=language, labels=LABELS, figure_url=lambda path: f"/f/{path}").html


def test_a_citation_names_its_document_and_place() -> None:
    rendered = render("Theo [@nd-1-2020 Điều 5].", language="vi", labels=LABELS, figure_url=str)
    assert '<a class="cite" href="#doc-nd-1-2020">1/2020/NĐ-CP, Điều 5</a>' in rendered.html
    assert rendered.cites == [{"key": "nd-1-2020", "place": "Điều 5"}]


def test_boxes_figures_and_folded_answers() -> None:
    text = '::: good\nTốt.\n:::\n\n![Mô tả](a.svg "Chú thích")\n\n::: answer\nMẫu.\n:::\n'
    shown = html(text)
    assert '<div class="good">' in shown
    assert '<figure><img src="/f/a.svg" alt="Mô tả" loading="lazy"><figcaption>Chú thích</figcaption></figure>' in shown
    assert "<summary>Xem bài làm mẫu</summary>" in shown
    assert "<summary>Show a model answer</summary>" in html(text, "en")


def test_headings_have_ids_and_never_skip_a_level() -> None:
    shown = html("### Việc đầu\n\n## Việc đầu\n\n#### Sâu")
    assert '<h2 class="h3" id="s-viec-dau">' in shown or '<h2 id="s-viec-dau" class="h3">' in shown
    assert 'id="s-viec-dau-2"' in shown
    assert "<h3" in shown
    assert "<h4" not in shown


@given(st.text(st.sampled_from(list("ab<>\"'&[]()!@:/#*_`\n =javscriptonload")), max_size=200))
def test_nothing_in_a_text_can_run(text: str) -> None:
    page = f'<!doctype html><html lang="vi"><head><title>t</title></head><body><h1>t</h1>{html(text)}</body></html>'
    tree = check_page(page)
    assert all(element.tag not in {"script", "iframe", "object", "form"} for element in tree.iter())
    for element in tree.iter("a"):
        assert not (element.get("href") or "").strip().lower().startswith(("javascript:", "data:"))

"""The site's style keeps every rule that a page may need, and none that asks for a class that nothing has."""

from pathlib import Path

import pytest

from website.styles import needed, words

KNOWN = {"card", "is-open"}


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("p { color: red }", "p{color:red}"),
        (".card { color: red } .tab { color: blue }", ".card{color:red}"),
        (".card, .tab, p.card { color: red }", ".card,p.card{color:red}"),
        (".card .tab { color: red } .card.is-open > p { color: blue }", ".card.is-open>p{color:blue}"),
        (".card:not(.tab), :is(.tab, p) { color: red }", ".card:not(.tab),:is(.tab,p){color:red}"),
        ('a[href=".tab"]::after { content: ".tab, x" }', 'a[href=".tab"]::after{content:".tab, x"}'),
        ("@media print { .tab { color: red } .card { margin: .5em } }", "@media print{.card{margin:.5em}}"),
        ("@media print { .tab { color: red } }", ""),
        ("@font-face { src: url(data:x) } @keyframes go { to { top: 0 } }", None),
        ("/* a note */ p { top: 0 } /*! a licence */", "p{top:0}/*! a licence */"),
    ],
)
def test_a_rule_stays_where_its_classes_are_known(style: str, kept: str | None) -> None:
    made = needed(style, KNOWN)
    assert made == kept if kept is not None else ("url(data:x)" in made and "@keyframes go" in made)


def test_words_are_those_of_pages_and_scripts(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p class="card tip-top">Some words.</p>', encoding="utf-8")
    (tmp_path / "b.js").write_text('box.classList.add("is-open")', encoding="utf-8")
    (tmp_path / "c.css").write_text(".tab {}", encoding="utf-8")
    assert {"card", "tip-top", "is-open"} <= words(tmp_path)
    assert "tab" not in words(tmp_path)


def test_the_sites_style_is_small_and_whole(site: Path) -> None:
    for path in (site / "_static").glob("site-*.css"):
        style = path.read_text(encoding="utf-8")
        assert 100_000 < len(style) < 250_000
        for rule in (
            ".katex",
            ".explorer-controls",
            ".bd-sidebar",
            ".highlight",
            "@font-face",
            "prefers-reduced-motion",
        ):
            assert rule in style, f"{path.name} has lost {rule}"

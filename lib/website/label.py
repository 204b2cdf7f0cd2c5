"""What a reader calls a page: one place to ask, for the search, the citations and whatever else names a page."""

from sphinx.environment import BuildEnvironment

from website.chapters.chapter import Chapter


def chapter_of(env: BuildEnvironment, page: str) -> Chapter | None:
    """The chapter that the page is, if it is one."""
    shown = getattr(env, "shown", None)  # a site without our chapters has none
    return shown.book.chapters.get(page) if shown else None


def label(env: BuildEnvironment, page: str) -> str:
    """The page's title, with the chapter's number before it where it has one."""
    chapter = chapter_of(env, page)
    return f"Chapter {chapter.number} · {chapter.title}" if chapter else env.titles[page].astext()

"""The list of pages for programs follows the site."""

from tests.packaging import llms


def test_the_list_names_every_page_with_what_it_says_first() -> None:
    fresh = llms.text()
    assert llms.FILE.read_text(encoding="utf-8") == fresh, "run python -m tests.packaging.llms"
    pages = {page.relative_to(llms.DOCS).as_posix() for page in llms.DOCS.rglob("*.md")}
    assert all(f"({page})" in fresh for page in pages - {"index.md"})

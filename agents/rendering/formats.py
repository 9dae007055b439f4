"""The kinds of file a document is delivered as."""

from enum import StrEnum


class Format(StrEnum):
    """A kind of file, by the word a line's page has for it."""

    MARKDOWN = "markdown"  # always, and first: every character of the text is in it
    WORD = "word"
    PDF = "pdf"

    @property
    def ending(self) -> str:
        """Return the ending of its file names, such as ``docx``."""
        return {Format.MARKDOWN: "md", Format.WORD: "docx", Format.PDF: "pdf"}[self]

    @property
    def shown(self) -> str:
        """Return its name as people write it."""
        return "PDF" if self is Format.PDF else self.value.capitalize()


def ordered(words: tuple[str, ...]) -> tuple[Format, ...]:
    """Return the formats these words name, Markdown first and always, each once; unknown words name none."""
    named = [Format(word) for word in words if word in set(Format)]
    return tuple(dict.fromkeys([Format.MARKDOWN, *named]))

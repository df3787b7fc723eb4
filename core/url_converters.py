class IdConverter:
    """A row's id: at most 18 digits, so that every one fits a bigint."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class HandleConverter:
    """A person's handle, in any case."""

    regex = "[A-Za-z0-9_]{3,30}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class WordsConverter(HandleConverter):
    """A slug in any script, marks included, without characters that PostgreSQL refuses."""

    regex = r"[^\x00-\x20\x7f/]{1,120}"

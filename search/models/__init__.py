from search.models.document import VERSION, Document, NoteWords

__all__ = ["VERSION", "Document", "NoteWords"]

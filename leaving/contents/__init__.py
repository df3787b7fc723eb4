"""The parts of an archive, and the relations to a person that it leaves out, with reasons.

A test walks every model and fails for a relation to a person that is neither in a part's `covers` nor in APART.
"""

from leaving.contents import decisions, figures, notes, notifications, people, person, readers, searches
from leaving.contents.part import Part

PARTS: list[Part] = [
    *(*person.PARTS, *notes.PARTS, *figures.PARTS, *readers.PARTS, *people.PARTS),
    *(*notifications.PARTS, *searches.PARTS, *decisions.PARTS),
]

APART = {
    "leaving.Archive.person": "the archives themselves",
    "redbook.ParkedForm.owner": "words of a form that wait for them to sign in again or to go on, for a day at most",
    "insights.Summed.person": "up to which day the rows below are summed",
    "insights.PersonSum.person": "sums of rows in the archive, recomputed every night",
    "insights.TopicSum.person": "the same by topic",
    "insights.WeekDone.creator": "up to which week what is shown of their readers is decided",
    "insights.Entered.creator": "which of their readers were counted: the others' alone",
    "insights.Pick.creator": "who picked words for them: the others' alone",
    "notes.Upload.owner": "keys by which a browser knows a photo that it sends again; they go after a day",
    "notifications.Notification.actor": "what others were told of them: that is the others' alone",
    "notifications.NotificationGroup.person": "which of their notifications the page shows as one",
    "profiles.Block.blocked": "who has blocked them: that is the others' alone",
    "profiles.Mute.muted": "who has muted them: that is the others' alone",
    "profiles.Dismissal.dismissed": "who did not want to follow them: that is the others' alone",
    "notes.Note.hidden_by": "which moderator decided: another person's work",
    "notes.Series.hidden_by": "which moderator decided",
    "notes.Collection.hidden_by": "which moderator decided",
    "notes.Comment.hidden_by": "which moderator decided",
    "profiles.Label.hidden_by": "which moderator decided",
    "profiles.User.suspended_by": "which moderator decided",
    "moderation.Report.closed_by": "which moderator decided",
    "moderation.Report.person": "what others said of them in confidence; what came of it is in moderation",
    "redbook.AuditEntry.actor": "the same in the audit log, which loses their name with the account",
    "moderation.Case.person": "what others reported of them in confidence; what was decided is in moderation",
    "moderation.Case.subject": "what others reported of them in confidence; what was decided is in moderation",
    "moderation.Case.opened_by": "which moderator looks at it",
    "moderation.Decision.decided_by": "which moderator decided",
    "moderation.Decision.undone_by": "which moderator decided",
    "moderation.Appeal.decided_by": "which moderator decided",
    "moderation.Seal.lifted_by": "which moderator decided",
    "moderation.KnownPicture.added_by": "which moderator added a picture to the list: the work of the place",
    "admin.LogEntry.user": "what a moderator did as one: the record of the place, about others",
    "profiles.User_groups.user": "whether they are a moderator is in account",
    "profiles.User_user_permissions.user": "whether they are a moderator is in account",
}

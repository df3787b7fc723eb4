"""The moderators' queue with many reports."""

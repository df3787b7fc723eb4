from profiles.models.address import PreviousAddress
from profiles.models.block import Block, Mute
from profiles.models.campus import Campus
from profiles.models.follow import Follow, FollowRequest
from profiles.models.former_slug import FormerSlug
from profiles.models.handle import PastHandle
from profiles.models.label import Label, Positioning, PositioningTopic
from profiles.models.suggestion import Dismissal
from profiles.models.user import User, Viewer

__all__ = [
    "Block",
    "Campus",
    "Dismissal",
    "Follow",
    "FollowRequest",
    "FormerSlug",
    "Label",
    "Mute",
    "PastHandle",
    "Positioning",
    "PositioningTopic",
    "PreviousAddress",
    "User",
    "Viewer",
]

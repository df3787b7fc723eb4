from profiles.models.campus import Campus
from profiles.models.follow import Follow
from profiles.models.label import Label, Positioning, PositioningTopic
from profiles.models.user import User

__all__ = ["Campus", "Follow", "Label", "Positioning", "PositioningTopic", "User"]

from core.http import HtmxRequest
from profiles.models import User


class SignedInRequest(HtmxRequest):
    """The request of a view behind `core.http.signed_in`."""

    user: User

"""Have the server forget rendered cards before a page is measured, as a process that has just started."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from notes import cards

HEADER = "X-Bench-Cold"


def forget_cards(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if HEADER in request.headers:
            cards.forget()
        return get_response(request)

    return middleware

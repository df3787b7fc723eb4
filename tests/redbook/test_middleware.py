import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.parametrize("address", ["/tags/%00/", "/?channel=%00", "/@a%00b/", "/admin/?q=%00"])
def test_an_address_with_a_nul_is_refused(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 400
    assert "We could not read that" in response.text


def test_a_request_over_the_limit_is_refused_unread(client: Client) -> None:
    declared = str(settings.UPLOAD_REQUEST_BYTES + 1)
    response = client.post("/notes/new/", {"title": "Too heavy"}, headers={"content-length": declared})

    assert response.status_code == 413
    assert "Those photos are too heavy" in response.text


@pytest.mark.parametrize("address", ["/about/", "/nowhere/", "/healthz"])
def test_every_answer_keeps_to_itself(client: Client, address: str) -> None:
    response = client.get(address)

    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"

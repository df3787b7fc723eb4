from pathlib import Path

from django.core.mail import EmailMessage

from core.mail import EmailBackend

LINK = "http://127.0.0.1:8000/accounts/confirm-email/" + "MTg0-1xVA79-" * 8 + "/"


def test_a_mail_is_a_file_as_it_reads(tmp_path: Path) -> None:
    backend = EmailBackend(file_path=str(tmp_path))
    backend.send_messages([EmailMessage("验证邮箱", f"请打开链接：\n\n{LINK}\n", to=["a@campus.test"])])
    backend.close()

    (written,) = tmp_path.iterdir()
    lines = written.read_text().splitlines()
    assert LINK in lines
    assert "请打开链接：" in lines

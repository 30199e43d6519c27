import email
import email.policy

from django.core.mail import EmailMessage, get_connection

BACKEND = "notifications.eml_backend.EmlFileBackend"


def test_each_letter_is_a_file_that_sorts_by_time(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    mailer = get_connection(BACKEND)
    for number in range(3):
        mailer.send_messages([EmailMessage(f"Письмо {number}", "你好", to=["anna@example.org"])])
    files = sorted((tmp_path / "mail").iterdir())
    assert [path.suffix for path in files] == [".eml"] * 3
    read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
    assert [message["Subject"] for message in read] == ["Письмо 0", "Письмо 1", "Письмо 2"]
    assert read[0].get_content().strip() == "你好"

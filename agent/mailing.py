"""Sending one plain message by mail: encrypted unless the server is this machine, tried again while that may help."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from agent.people import Mail
from agent.sending import TIMEOUT, WAITS, Sent


def compose(sender: str, to: str, subject: str, text: str, identity: str) -> EmailMessage:
    """A message. `identity` is the same for the same content, so that a repeat can be told."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of absence
    message.set_content(text)
    return message


def send(mail: Mail, message: EmailMessage, environment: Mapping[str, str], sleep: Callable[[float], None]) -> Sent:
    """Send a message; `sleep` waits between two tries. Never raises for what the network or the server does."""
    words = ""
    for number, wait in enumerate((*WAITS, None), start=1):
        words, again = _try(mail, message, environment)
        if not words or not again or wait is None:
            return Sent(url=mail.server, ok=not words, tries=number, words=words)
        sleep(wait)
    raise AssertionError("the last try returns")


def _try(mail: Mail, message: EmailMessage, environment: Mapping[str, str]) -> tuple[str, bool]:
    """Why it failed (empty: it was taken), and whether another try may help."""
    try:
        with _connected(mail) as server:
            if mail.user_from is not None and mail.password_from is not None:
                server.login(environment[mail.user_from], environment[mail.password_from])
            server.send_message(message)
    except smtplib.SMTPException as error:
        return _refused(error)
    except ssl.SSLError as error:
        return f"cannot be trusted ({error.reason})", False
    except OSError as error:
        return error.strerror or str(error) or type(error).__name__, True
    return "", False


def _refused(error: smtplib.SMTPException) -> tuple[str, bool]:
    """What the server had against it; an answer of 4xx is for now only (RFC 5321, 4.2.1)."""
    codes = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    if codes:
        return f"answered {codes[0]}", 400 <= codes[0] < 500
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hung up", True
    return str(error), False  # no STARTTLS, no way to log in


def _connected(mail: Mail) -> smtplib.SMTP:
    host, _, port = mail.server.rpartition(":")
    host = host.strip("[]")
    if mail.security == "tls":
        return smtplib.SMTP_SSL(host, int(port), timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, int(port), timeout=TIMEOUT)
    try:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
    except BaseException:
        server.close()
        raise
    return server

"""Settings, read once from the environment; every name bears the prefix LMS_."""

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet


@dataclass(frozen=True)
class Settings:
    """One deployment's settings."""

    data_dir: Path
    """Folder for everything the product writes: SQLite database, uploads, frozen papers, mail without SMTP."""
    database_url: str
    """SQLAlchemy address; `postgresql://` means psycopg 3."""
    secret_key: str
    """Key that signs sessions and mailed tokens; kept in `data_dir/secret_key` when not given."""
    base_url: str
    """Public address without a trailing slash; printed in QR codes and mails."""
    jobs_url: str | None = None
    """Broker of the distributed job engine; None: a worker thread inside each server process."""
    demo_password: str | None = None
    """Password of the four demo logins; None: drawn at random and printed once."""
    smtp_url: str | None = None
    """`smtp://user:password@host:port`; None: mail is written to `data_dir/mail`."""
    mail_from: str = "Tập huấn đối ngoại <no-reply@example.vn>"
    """Sender of every mail."""
    upload_limit: int = 10 * 1024 * 1024
    """Greatest size of an uploaded file, in bytes."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only; on whenever `base_url` is an https address."""
    trusted_proxies: int = 0
    """How many proxies in front of the server set X-Forwarded-* headers."""
    data_key: str | None = None
    """Fernet keys that seal sensitive columns, parted by commas, the first seals; None: `data_dir/data_key`."""
    embedded_worker: bool = True
    """Whether server processes run queued jobs themselves; ignored where `jobs_url` is set."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; raises ValueError for a number that is none."""
        data_dir = Path(environment.get("LMS_DATA_DIR", "var")).resolve()
        base_url = environment.get("LMS_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        return cls(
            data_dir=data_dir,
            database_url=environment.get("LMS_DATABASE_URL") or f"sqlite:///{data_dir / 'lms.sqlite3'}",
            secret_key=environment.get("LMS_SECRET_KEY") or _kept(data_dir / "secret_key", _drawn),
            base_url=base_url,
            jobs_url=environment.get("LMS_JOBS_URL") or None,
            demo_password=environment.get("LMS_DEMO_PASSWORD") or None,
            smtp_url=environment.get("LMS_SMTP_URL") or None,
            mail_from=environment.get("LMS_MAIL_FROM", cls.mail_from),
            upload_limit=int(environment.get("LMS_UPLOAD_LIMIT", cls.upload_limit)),
            secure_cookies=base_url.startswith("https://"),
            trusted_proxies=int(environment.get("LMS_TRUSTED_PROXIES", "0")),
            data_key=environment.get("LMS_DATA_KEY") or None,
            embedded_worker=environment.get("LMS_EMBEDDED_WORKER", "1") != "0",
        )

    def data_keys(self) -> list[str]:
        """The keys of sealed columns, the one that seals first; drawn on first use when none is given."""
        kept = self.data_key or _kept(self.data_dir / "data_key", lambda: Fernet.generate_key().decode("ascii"))
        return [key.strip() for key in kept.split(",") if key.strip()]

    def flask_config(self) -> dict[str, Any]:
        """The same settings under the names Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "MAX_CONTENT_LENGTH": self.upload_limit,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "MAX_FORM_PARTS": 5000,
            "SESSION_COOKIE_NAME": "lms_session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "PERMANENT_SESSION_LIFETIME": 12 * 3600,
            "WTF_I18N_ENABLED": False,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "vi",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_BR_LEVEL": 4,
            "COMPRESS_LEVEL": 5,
        }


def _drawn() -> str:
    return secrets.token_urlsafe(48)


def _kept(path: Path, draw: Callable[[], str]) -> str:
    """A secret of the deployment's own: drawn on first use, readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(draw())
        with suppress(FileExistsError):  # another process was first, and its secret holds
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()

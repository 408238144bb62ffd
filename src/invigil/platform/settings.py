"""Every setting, typed, with defaults that are safe for real use on one machine.

Set by environment: `INVIGIL_DATABASE__URL=…`, `INVIGIL_HTTP__PORT=8443`; nested names are joined by two underscores.
"""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseModel):
    """Where records live."""

    url: str = Field(
        default="",
        description="SQLAlchemy URL (sqlite+aiosqlite:///… or postgresql+asyncpg://…); empty: SQLite in the data folder",
    )


class BlobSettings(BaseModel):
    """Where pictures, media and files live, always encrypted."""

    url: str = Field(default="", description="file:///… or s3://bucket/prefix; empty: a folder in the data folder")


class AccessPointSettings(BaseModel):
    """Where pages send segments of recordings to."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,20}$", description="short name, shown to staff")
    origin: str = Field(
        default="",
        pattern=r"^(https?://[A-Za-z0-9.\[\]:-]+)?$",
        description="https://host[:port]: an endpoint of the S3-compatible store, or of this server; empty: this server",
    )


class MediaSettings(BaseModel):
    """Where recordings live: ciphertext made by the candidates' browsers, sent straight there."""

    url: str = Field(
        default="",
        description="file:///… or s3://bucket/prefix (its CORS rules allow PUT, GET and the header x-amz-checksum-sha256 from the "
        "pages' origin); empty: a folder in the data folder",
    )
    endpoint: str = Field(
        default="",
        description="the S3-compatible store as the server reaches it; empty: AWS_ENDPOINT of the environment",
    )
    access_points: list[AccessPointSettings] = Field(
        default=[],
        description='JSON list, e.g. [{"name": "east", "origin": "https://media-1.example.org"}]; pages probe all of them and '
        "change over when one fails; empty: one, this server or the endpoint",
    )


class KeySettings(BaseModel):
    """Where the sealed keyring and its seal are."""

    keyring: Path | None = Field(
        default=None, description="the sealed keyring; empty: keys/keyring.json in the data folder"
    )
    seal_file: Path | None = Field(
        default=None,
        description="the seal; empty: <data folder>.seal beside the data folder, so that a copy of the data folder cannot be opened",
    )
    passphrase: SecretStr | None = Field(default=None, description="used as the seal instead of the seal file")


class HttpSettings(BaseModel):
    """The one HTTPS listener."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8443, description="port to listen on")
    origin: str = Field(
        default="", description="the public origin, https://host[:port]; empty: any origin that equals the Host header"
    )
    certificate: Path | None = Field(
        default=None, description="PEM certificate chain; empty: a self-signed one in the data folder (demo and tests)"
    )
    private_key: Path | None = Field(default=None, description="PEM private key of the certificate")
    candidate_pages: Path = Field(default=Path("web/apps/candidate/dist"), description="built candidate application")
    phone_pages: Path = Field(default=Path("web/apps/phone/dist"), description="built page of the candidate's phone")
    manual_pages: Path = Field(default=Path("web/apps/manuals/dist"), description="built manuals by role")
    console_pages: Path = Field(default=Path("web/apps/console/dist"), description="built staff application")


class WatchSettings(BaseModel):
    """The proctors' and the patrol's pages."""

    calls_climb_after_s: int = Field(
        default=60,
        ge=5,
        description="seconds after which a candidate's unanswered call or line shows on the patrol page as climbed",
    )


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(env_prefix="INVIGIL_", env_nested_delimiter="__", extra="forbid")

    data_folder: Path = Field(default=Path("var/data"), description="folder of everything the embedded default keeps")
    demo: bool = Field(
        default=False,
        description="sample accounts, no second factor, self-signed certificate; refused on a non-loopback address",
    )
    runs_jobs: bool = Field(
        default=True, description="whether `serve` also runs background jobs; false where `worker` processes do"
    )
    reserved_mb: int = Field(
        default=256,
        ge=0,
        description="room on the data folder's disk kept for answers when it fills up; 0 keeps none",
    )
    import_sources_days: int = Field(
        default=30,
        ge=1,
        description="how long uploaded files of imports (lists, photos, questions) are kept after they were written, "
        "refused or discarded",
    )
    database: DatabaseSettings = DatabaseSettings()
    blobs: BlobSettings = BlobSettings()
    media: MediaSettings = MediaSettings()
    keys: KeySettings = KeySettings()
    http: HttpSettings = HttpSettings()
    watch: WatchSettings = WatchSettings()

    @property
    def database_url(self) -> str:
        """The database in force."""
        return self.database.url or f"sqlite+aiosqlite:///{self.data_folder.absolute()}/invigil.sqlite"

    @property
    def blobs_url(self) -> str:
        """The blob store in force."""
        return self.blobs.url or f"file://{self.data_folder.absolute()}/blobs"

    @property
    def media_url(self) -> str:
        """The media store in force."""
        return self.media.url or f"file://{self.data_folder.absolute()}/media"

    @property
    def keyring_path(self) -> Path:
        """The keyring in force."""
        return self.keys.keyring or self.data_folder / "keys" / "keyring.json"

    @property
    def seal_path(self) -> Path:
        """The seal file in force."""
        return self.keys.seal_file or self.data_folder.with_name(self.data_folder.name + ".seal")

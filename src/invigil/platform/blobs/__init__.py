"""The blob port: pictures, media and files, always encrypted before they are stored (S2.2, S2.5, P9)."""

from invigil.platform.blobs.sealing import SealedBlobs
from invigil.platform.blobs.store import BlobMissingError, BlobStore, open_blob_store

__all__ = ["BlobMissingError", "BlobStore", "SealedBlobs", "open_blob_store"]

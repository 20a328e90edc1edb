"""What people's devices must be."""

from tests.controls.rows import switch

TABLE = {
    "devices_lock_their_screens": switch("screen_locks", True, "do not lock their screens"),
    "devices_are_encrypted": switch("storage_encrypted", True, "is not encrypted"),
}

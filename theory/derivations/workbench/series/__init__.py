"""Series in the small letter that a limit is governed by."""

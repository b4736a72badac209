"""Reading data as people have them: CSV of any kind, arrays, frames, bundled sets."""

// Filled in by the target's own files.

"""CSA's own files, as a user downloads them: texts and mappings that we never ship, read into a folder of the user's."""

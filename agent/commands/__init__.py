"""One module per command; each is loaded only when it is typed, so that `--help` and `verify` cost little."""

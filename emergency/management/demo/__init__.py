"""The fictional hoster of `make run`. Numbers are from the range for films."""

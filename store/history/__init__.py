"""Git's history as data: what commits changed, followed to the symbols of today."""

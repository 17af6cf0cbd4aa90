"""For all tests: none of them looks at the clock."""

from hypothesis import settings

settings.register_profile("isg", deadline=None)
settings.load_profile("isg")

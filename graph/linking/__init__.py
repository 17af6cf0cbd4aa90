"""Linking: from the facts of single files to the symbols and edges of a project.

Raise ``VERSION`` whenever the same facts give other edges: an index that an older linker made is then
linked anew.
"""

VERSION = 16

"""Reading one news article closely, by counting.

`article` turns a text into tables, `terms` counts words, `speakers` finds who
is reported to have said what, `sentiment` scores sentences, `charts` draws.
"""

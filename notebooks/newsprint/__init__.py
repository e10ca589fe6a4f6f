"""Reading one news article closely, by counting.

`article` turns a text into tables, `terms` and `keyness` count and compare
words, `actors` finds whose names occur, `speakers` (by `quotations` and
`names`) who is reported to have said what, `voices` whose words they are,
`sentiment` scores sentences, `charts` draws, `show` displays and saves.
"""

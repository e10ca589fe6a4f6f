"""What there is to read, cut into parts by content: an article more, wherever it is, changes one part."""

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import newsprint
import newstext
from newstext import DATA, ArticleError

SIZE = 100  # articles in a part, on average: some seconds of work, and what a stop can lose on each worker
MOST = 20_000  # parts; of a larger archive they are larger, so that Dask's scheduler has no more tasks than that
LONGEST = 4  # times SIZE: so many articles, or bytes at LINE an article, and a part ends wherever it is
LINE = 5_000  # bytes of JSON for an article, roughly
MAX_BYTES = 1_000_000  # of a text file or a line: two hundred articles' length; more is a wrong file
LINES = (".jsonl", ".ndjson")
LIBRARIES = ("nltk", "pandas", "textblob", "vaderSentiment")  # another version may give another table


class Part(NamedTuple):
    """What one task reads: text files, or the lines of one file in the bytes from `start` to `stop`.

    `name` is made of digests of the code and of what there is to read, so that
    output of that name holds just this, wherever in a file the lines stand.
    """

    name: str
    articles: int
    files: tuple[str, ...]
    start: int
    stop: int  # 0: text files


class Item(NamedTuple):
    """A text file, or a line of one: `key` says where parts end, `state` changes with what is read."""

    file: str
    start: int
    stop: int
    key: bytes
    state: bytes


def list_parts(folder: Path, size: int = SIZE) -> list[Part]:
    """The archive in parts of `size` articles on average, text files first, each in the order of the paths.

    A part begins where the digest of a path or a line is a multiple of `size`,
    or where the one before it gets too long; `size` is doubled until there are
    no more parts than `MOST`. Raises `ArticleError` where there is nothing to read.
    """
    files = sorted(_files(folder), key=lambda file: (_holds_lines(folder / file), file))
    if not files:
        raise ArticleError(f"{folder}: no .txt, .jsonl or .ndjson file; name the folder of articles")
    while len(parts := list(islice(_cut(folder, files, size), MOST + 1))) > MOST:
        size *= 2
    again = Counter()
    for at, part in enumerate(parts):  # a file may hold the same lines twice
        again[part.name] += 1
        parts[at] = part._replace(name=f"{part.name}-{again[part.name]}" if again[part.name] > 1 else part.name)
    return parts


def _files(folder: Path) -> Iterator[str]:
    def stop(error: OSError) -> None:  # a folder that cannot be listed must not pass for an empty one
        raise ArticleError(f"{error.filename}: cannot be listed ({error.strerror}); check name and permissions")

    for at, _, names in os.walk(folder, onerror=stop):
        found = (name for name in names if name.lower().endswith((".txt", *LINES)))
        yield from (Path(at, name).relative_to(folder).as_posix() for name in found)


def _holds_lines(path: Path) -> bool:
    """Whether to read a file line by line; one that is empty or unreadable is read whole, and says what it lacks."""
    known = path.name.lower().endswith(LINES) and path.is_file() and os.access(path, os.R_OK)
    return known and path.stat().st_size > 0


def digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=8).digest()


def _items(folder: Path, files: list[str]) -> Iterator[Item]:
    for file in files:
        if _holds_lines(folder / file):
            found = ((start, stop, digest(line)) for start, stop, line in lines(folder / file))
            yield from (Item(file, start, stop, key, key) for start, stop, key in found)
        else:
            paths = (folder / file, (folder / file).with_suffix(".toml"))
            states = [(path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None for path in paths]
            yield Item(file, 0, 0, digest(os.fsencode(file)), repr(states).encode())


def lines(path: Path, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, bytes]]:
    """Where each line that is not blank begins and ends, and its bytes; of one longer than `MAX_BYTES` only so many."""
    with open(path, "rb") as file:
        at = file.seek(start)
        while (stop is None or at < stop) and (line := file.readline(MAX_BYTES)):
            rest = line
            while not rest.endswith(b"\n") and (rest := file.readline(MAX_BYTES)):
                pass
            begin, at = at, file.tell()
            if line := line.strip():
                yield begin, at, line


def _cut(folder: Path, files: list[str], size: int) -> Iterator[Part]:
    group: list[Item] = []
    for item in _items(folder, files):
        if group:
            other = item.stop and item.file != group[-1].file
            full = len(group) >= LONGEST * size or item.stop - group[0].start > LONGEST * size * LINE
            if other or full or int.from_bytes(item.key) % size == 0:
                yield _part(group)
                group = []
        group.append(item)
    if group:
        yield _part(group)


def _part(group: list[Item]) -> Part:
    files = tuple(dict.fromkeys(item.file for item in group))
    name = f"part-{code()}-{digest(repr((files, [item.state for item in group])).encode()).hex()}"
    return Part(name, len(group), files, group[0].start, group[-1].stop)


@cache
def code() -> str:
    """Changes with what makes the tables: engine, terms, scores, their lists and libraries, and the reading here."""
    files = [path for path in sorted(Path(newstext.__file__).parent.glob("*.*")) if path.suffix != ".md"]
    files += [Path(newsprint.__file__).with_name(name) for name in ("sentiment.py", "terms.py")]
    files += [DATA / "stopwords.txt", DATA / "fixed-terms.txt", *sorted(Path(__file__).parent.glob("[pr]*.py"))]
    content = [path.read_bytes() for path in files] + [version(name).encode() for name in LIBRARIES]
    return digest(b"\0".join(content)).hex()[:8]

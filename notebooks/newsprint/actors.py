"""Whom the article names: countries, bodies and leaders, each over all its names."""

import re
import tomllib
from pathlib import Path

import pandas as pd

from newstext.article import DATA, Article, ArticleError
from newsprint.terms import find_matches

ACTORS = DATA / "actors.toml"


def read_actors(path: str | Path = ACTORS) -> pd.DataFrame:
    """The names of each actor, one a row, `actor, name, reason`. Raises `ArticleError` for a file that will not do."""
    try:
        groups = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        rows = [(actor, name, reason) for actor, names in groups.items() for name, reason in names.items()]
    except (OSError, ValueError, AttributeError) as error:
        raise ArticleError(f"{path}: cannot read the actors ({error}); see data/actors.toml for the form") from None
    return pd.DataFrame(rows, columns=["actor", "name", "reason"])


def find_actors(article: Article, actors: pd.DataFrame) -> pd.DataFrame:
    """Every place where the body names an actor: `actor, name, sid, section, start, end`.

    Names match with their capitals and as whole words, also beside a hyphen
    ("China-hosted"); where two names begin together the longer one counts,
    and names of the actor "" count for nobody. Misses: pronouns and
    descriptions ("the two countries").
    """
    owner = dict(zip(actors.name, actors.actor, strict=True))
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(owner, key=len, reverse=True))
    found = find_matches(article, re.compile(rf"(?<!\w)(?:{names or '(?!)'})(?!\w)")).rename(
        columns={"keyword": "name"}
    )
    found["actor"] = [owner[" ".join(name.split())] for name in found.name]
    return found.loc[found.actor != "", ["actor", "name", "sid", "section", "start", "end"]].reset_index(drop=True)


def actors_by_section(mentions: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Counts with a row for each actor, most often named first, and a column for each section."""
    table = pd.crosstab(mentions.actor, mentions.section).reindex(columns=sections.section, fill_value=0)
    return table.loc[sorted(table.index, key=lambda actor: (-table.loc[actor].sum(), actor))]


def names_by_actor(mentions: pd.DataFrame) -> pd.DataFrame:
    """How often each actor is named, and by which names: `actor, count, names`, most often named first."""
    uses = mentions.assign(name=mentions.name.str.split().str.join(" ")).value_counts(["actor", "name"]).reset_index()
    uses = uses.sort_values(["count", "name"], ascending=[False, True])
    uses["names"] = uses.name + " " + uses["count"].astype(str)
    table = uses.groupby("actor").agg(count=("count", "sum"), names=("names", ", ".join)).reset_index()
    return table.sort_values(["count", "actor"], ascending=[False, True], ignore_index=True)

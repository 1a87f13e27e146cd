"""Small OpenStreetMap files written by tests: nodes on a grid, ways by node lists; and the real extracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

EXTRACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "osm"
STEP_DEG = 0.001
"""Grid step. Along a meridian 6,371,008.8 m * pi / 180 * 0.001 = 111.195 m."""

STEP_M = 111

Relation = tuple[Mapping[str, str], Sequence[tuple[str, int, str]]]
"""Tags, and the members as ("node" or "way", id, role)."""


def extract(name: str) -> Path:
    path = EXTRACTS / name
    if not path.is_file():
        pytest.skip(f"{path} is not here: this test reads a real extract from the shared data")
    return path


def grid_position(node: int) -> tuple[float, float]:
    """Node rc (two digits) lies r steps north, c steps east of 36 N, 140 E; node 100 + k is k steps north."""
    if node >= 100:
        return 36.0 + (node - 100) * STEP_DEG, 140.0
    return 36.0 + (node // 10) * STEP_DEG, 140.0 + (node % 10) * STEP_DEG


def osm_xml(
    ways: Mapping[int, tuple[Sequence[int], Mapping[str, str]]],
    *,
    missing: Sequence[int] = (),
    node_tags: Mapping[int, Mapping[str, str]] | None = None,
    relations: Sequence[Relation] = (),
) -> str:
    tags_of = node_tags or {}
    named = sorted({node for nodes, _ in ways.values() for node in nodes} - set(missing))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="test">']
    for node in named:
        lat, lon = grid_position(node)
        lines.append(
            f'<node id="{node}" lat="{lat:.7f}" lon="{lon:.7f}">{_tags(tags_of.get(node, {}))}</node>'
        )
    for way_id, (nodes, tags) in ways.items():
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        lines.append(f'<way id="{way_id}">{refs}{_tags(tags)}</way>')
    for k, (tags, members) in enumerate(relations, start=1):
        inside = "".join(
            f'<member type="{kind}" ref="{member}" role="{role}"/>' for kind, member, role in members
        )
        lines.append(f'<relation id="{k}">{inside}{_tags(tags)}</relation>')
    return "\n".join([*lines, "</osm>"])


def restriction(
    kind: str,
    start: int | Sequence[int],
    via: int | Sequence[int],
    goal: int | Sequence[int],
    **tags: str,
) -> Relation:
    """A turn restriction from way to way, via a node (one number) or via ways (a list of them)."""
    members = [("way", way, "from") for way in ([start] if isinstance(start, int) else start)]
    members += [("node", via, "via")] if isinstance(via, int) else [("way", way, "via") for way in via]
    members += [("way", way, "to") for way in ([goal] if isinstance(goal, int) else goal)]
    said = {"restriction": kind} if kind else {}
    return {"type": "restriction"} | said | {key.replace("__", ":"): tags[key] for key in tags}, members


def write_osm(
    folder: Path,
    ways: Mapping[int, tuple[Sequence[int], Mapping[str, str]]],
    *,
    missing: Sequence[int] = (),
    node_tags: Mapping[int, Mapping[str, str]] | None = None,
    relations: Sequence[Relation] = (),
    name: str = "town.osm",
) -> Path:
    path = folder / name
    path.write_text(
        osm_xml(ways, missing=missing, node_tags=node_tags, relations=relations), encoding="utf-8"
    )
    return path


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())

"""Isochrones as GeoJSON (RFC 7946): longitude before latitude, outer rings anticlockwise, WGS 84."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from routing.errors import IsochroneError
from routing.isochrones import Isochrone, Isochrones, Rings

SUFFIXES: Final = (".geojson", ".json")
_DECIMALS: Final = 6


def check_geojson_path(path: Path | str) -> Path:
    """Where GeoJSON may be written.

    Raises
    ------
    IsochroneError
        When the name does not end as GeoJSON does, or its folder is missing or not writable.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise IsochroneError(f"{target}: holds GeoJSON; give a name that ends in {' or '.join(SUFFIXES)}")
    if not target.absolute().parent.is_dir():
        raise IsochroneError(f"{target}: its folder does not exist; make it first or name another")
    if not os.access(target.absolute().parent, os.W_OK):
        raise IsochroneError(f"{target}: its folder is not writable; name another")
    if target.is_dir():
        raise IsochroneError(f"{target}: is a folder; give the name of a file in it")
    return target


def isochrones_geojson(
    found: Isochrones, properties: Sequence[Mapping[str, object]] | None = None
) -> dict[str, Any]:
    """The areas as a feature collection, the largest first, so that smaller ones are drawn over it.

    Parameters
    ----------
    properties
        More properties of each band, in the order of `found.bands`: residents, for example.

    Raises
    ------
    IsochroneError
        When the network is planar and so has no longitude and latitude.
    """
    network = found.network
    if network.is_planar:
        raise IsochroneError(
            f"{network.title} lies in a plane without longitude and latitude; GeoJSON needs them: draw a PNG"
        )
    common = {
        "direction": "to" if found.is_to else "from",
        "places": [
            {"lat": lat, "lon": lon, "metres_to_road": round(origin.distance_m, 1)}
            for (lat, lon), origin in zip(found.places, found.origins, strict=True)
        ],
        "network": network.title,
        "credits": list(network.credits),
        "is_approximate": network.is_approximate,
    }
    more = properties or [{}] * len(found.bands)
    features = [
        {
            "type": "Feature",
            "geometry": _geometry(band.polygons),
            "properties": {**_figures(band), **extra, **common},
        }
        for band, extra in zip(found.bands, more, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features[::-1]}


def write_isochrones(
    found: Isochrones, path: Path | str, properties: Sequence[Mapping[str, object]] | None = None
) -> Path:
    """Write `isochrones_geojson` as UTF-8; the file appears whole or not at all.

    Raises
    ------
    IsochroneError
        When the file cannot be written, or the network is planar.
    """
    target = check_geojson_path(path)
    content = json.dumps(isochrones_geojson(found, properties), ensure_ascii=False, allow_nan=False) + "\n"
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        try:
            temporary.write_text(content, encoding="utf-8", newline="\n")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise IsochroneError(
            f"{target}: cannot be written ({error.strerror}); choose a folder that is writable"
        ) from error
    return target


def _figures(band: Isochrone) -> dict[str, object]:
    minutes = int(band.minutes) if band.minutes == int(band.minutes) else band.minutes
    return {
        "minutes": minutes,
        "area_km2": round(band.area_km2, 3),
        "road_km": round(band.road_km, 1),
        "road_share": round(band.road_share, 4),
        "main_road_ends": band.open_ends,
    }


def _geometry(polygons: Sequence[Rings]) -> dict[str, Any]:
    parts = [
        [[[round(lon, _DECIMALS), round(lat, _DECIMALS)] for lat, lon in ring.tolist()] for ring in rings]
        for rings in polygons
    ]
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}

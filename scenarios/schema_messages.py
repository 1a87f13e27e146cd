"""One sentence for each way in which a scenario file can break its schema."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date",
}


def sentence(
    model: type[BaseModel], content: Mapping[str, Any], error: ErrorDetails
) -> tuple[tuple[str | int, ...], str]:
    """The keys that lead to the fault as the file writes them, and a sentence: what is wrong, what to give.

    Parameters
    ----------
    model
        The model of the whole file.
    content
        What was validated.
    error
        One of pydantic's errors about it.
    """
    keys = _written_keys(content, error["loc"], error["type"] in ("missing", "extra_forbidden"))
    name = dotted(keys)
    kind, limits = error["type"], error.get("ctx", {})
    shown = _shown(error["input"])
    if kind == "extra_forbidden":
        known = known_keys(model, error["loc"][:-1])
        close = difflib.get_close_matches(str(keys[-1]), known, 1)
        remedy = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"
        return keys, f"{name} is not known; {remedy}"
    if kind == "missing":
        return keys, f"{name} is missing; add it{_example(model, error['loc'])}"
    if kind == "value_error":
        return keys, f"{name}: {limits['error']}" if keys else str(limits["error"])
    if kind == "union_tag_not_found":
        tag = str(limits["discriminator"]).strip("'")
        return (
            *keys,
            tag,
        ), f"{dotted((*keys, tag))} is missing; give one of its kinds: {_tags(model, error['loc'])}"
    if kind == "union_tag_invalid":
        tag = str(limits["discriminator"]).strip("'")
        return (*keys, tag), f"{dotted((*keys, tag))} is {limits['tag']!r}; give {limits['expected_tags']}"
    if kind == "literal_error":
        return keys, f"{name} is {shown}; give {limits['expected']}"
    bounds = {"greater_than_equal": ("ge", "{} or more"), "greater_than": ("gt", "more than {}")}
    bounds |= {"less_than_equal": ("le", "{} or less"), "less_than": ("lt", "less than {}")}
    if kind in bounds:
        limit, words = bounds[kind]
        return keys, f"{name} is {shown}; give {words.format(format(limits[limit], 'g'))}"
    if kind == "too_short":
        return keys, f"{name} has {limits['actual_length']} entries; give {limits['min_length']} or more"
    if kind == "too_long":
        return keys, f"{name} has more entries than fit; give {limits['max_length']} or less"
    return keys, f"{name} is {shown}; give {_WANTED.get(kind, error['msg'])}"


def dotted(keys: Sequence[str | int]) -> str:
    """`service.vehicles[0].count` for the keys that lead there."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def holds(content: Any, key: str | int) -> bool:
    """Whether a table has the key, or a list the index."""
    if isinstance(content, list):
        return isinstance(key, int) and key < len(content)
    return isinstance(content, Mapping) and key in content


def _written_keys(content: Any, location: tuple[str | int, ...], is_last_kept: bool) -> tuple[str | int, ...]:
    """The location without the tags that pydantic adds where one of several models was chosen.

    A key that is missing or not known stands last and is kept.
    """
    keys: list[str | int] = []
    at = content
    for depth, key in enumerate(location):
        if holds(at, key):
            at = at[key]
        elif depth < len(location) - 1 or not is_last_kept:
            continue
        keys.append(key)
    return tuple(keys)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _variants(annotation: Any) -> list[Any]:
    """The types an annotation may stand for, without `Annotated` and `None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _variants(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [v for part in get_args(annotation) if part is not type(None) for v in _variants(part)]
    return [annotation]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def models_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[Any]:
    """The types that may stand at a location, each variant of a union."""
    found: list[Any] = [model]
    for key in location:
        following: list[Any] = []
        for annotation in found:
            if _is_model(annotation):
                for name, field in annotation.model_fields.items():
                    if key in (name, field.alias):
                        following += _variants(field.annotation)
            elif get_origin(annotation) is tuple and isinstance(key, int):
                following += _variants(get_args(annotation)[0])
            elif get_origin(annotation) is dict:
                following += _variants(get_args(annotation)[1])
        tagged = [m for m in found if _is_model(m) and key in _tags_of(m)]
        found = following or tagged or found
    return found


def _tags_of(model: type[BaseModel]) -> tuple[str, ...]:
    for name in ("policy", "kind"):
        field = model.model_fields.get(name)
        if field is not None:
            return tuple(str(tag) for tag in get_args(field.annotation))
    return ()


def _tags(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    return ", ".join(repr(tag) for m in models_at(model, location) if _is_model(m) for tag in _tags_of(m))


def known_keys(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand in the table at a location."""
    return [
        field.alias or name
        for annotation in models_at(model, location)
        if _is_model(annotation)
        for name, field in annotation.model_fields.items()
        if not field.exclude
    ]


def _example(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    """What belongs there, from the description of the field."""
    for annotation in models_at(model, location[:-1]):
        if _is_model(annotation):
            for name, field in annotation.model_fields.items():
                if location[-1] in (name, field.alias) and field.description:
                    return f" ({field.description})"
    return ""

"""A day of a journal as a moving map: one HTML document that needs nothing from outside."""

from dashboards.replay_map.document import ReplaySide, replay_page, study_replay

__all__ = ["ReplaySide", "replay_page", "study_replay"]

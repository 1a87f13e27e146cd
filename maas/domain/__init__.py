"""Values, commands and events of the dispatcher: standard library only."""

"""The planner's page: outcomes side by side, in a browser."""

"""Speed, measured as ratios within one run. Tests assert no duration; this is where speed is looked at."""

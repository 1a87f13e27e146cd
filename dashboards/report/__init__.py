"""Papers of a study: the report as PDF, and the draft of the self-evaluation form."""

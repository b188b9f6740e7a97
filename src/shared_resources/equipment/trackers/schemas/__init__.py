"""Words of trackers: what comes in by forms, what goes out to pages and programs."""

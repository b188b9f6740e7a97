"""Case transfers (TR, FR): from the finding of no jurisdiction to the result told back, crimes by their own."""

"""Joint operations (JE, SCP): plan, liaisons, tasks and reports of several agencies under one lead."""

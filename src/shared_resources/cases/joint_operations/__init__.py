"""Joint enforcement (JE, SCP): operations with their plan and liaisons, and the tasks of cooperating agencies."""

"""What all doors share: who asks, in which language, pages, forms, errors, files, live updates."""

"""What pages and programs show of footage: only what the reader may see."""

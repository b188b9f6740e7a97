"""What pages and programs are shown of laboratories; only what the reader may see."""

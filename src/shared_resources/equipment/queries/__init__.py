"""What pages and API show: only what the reader may see."""

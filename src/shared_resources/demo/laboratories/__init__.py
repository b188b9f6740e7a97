"""The laboratories of the demo and what they were asked: nine of each (SAMPLE-DATA.md)."""

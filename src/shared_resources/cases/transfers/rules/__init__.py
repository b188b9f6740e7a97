"""The procedures of transfers: case transfer (machine 14), first receiver (15), suspected crime (TR-5)."""

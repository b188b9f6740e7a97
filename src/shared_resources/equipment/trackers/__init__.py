"""Trackers: devices that report over MQTT where a loaned item is (machine 21).

Payloads become observations, observations become history and state, and what they mean is decided by pure rules.
A tracker never moves custody between persons: it raises an alarm or checks a line in, and a person goes on.
"""

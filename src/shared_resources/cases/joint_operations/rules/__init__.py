"""The law of joint enforcement: operations, plans, tasks. Pure."""

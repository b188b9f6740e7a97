"""The letters of joint enforcement. Pure."""

"""The broker of the trackers: Mosquitto with our configuration and our credentials, kept up to date."""

"""The letters of delegations and the report itself: Chinese, as the model forms have them. Pure."""

"""Words of the equipment department: values that come in and go out."""

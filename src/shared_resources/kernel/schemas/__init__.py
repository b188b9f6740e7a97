"""Words of the kernel: pydantic values that come in and go out."""

"""What touches the pictures themselves, each in a limited child process: probing, cutting, marking, masking."""

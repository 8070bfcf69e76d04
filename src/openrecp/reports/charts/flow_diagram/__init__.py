"""Process flow diagram: boxes, and lines that run straight and turn at right angles."""

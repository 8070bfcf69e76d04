"""Where boxes and streams of a balance are drawn: loops found, columns, order, heights, ways around."""

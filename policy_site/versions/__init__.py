"""Published versions: frozen, compared with the one before, and shown for ever."""

"""The lowest floor: errors, settings, languages, and builds that can be trusted."""

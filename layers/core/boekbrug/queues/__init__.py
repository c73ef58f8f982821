"""Orders on their way to booking, pages of shops on their way to fetching."""

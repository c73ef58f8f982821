"""The owner's pages: a request of a browser -> a use case -> a page."""

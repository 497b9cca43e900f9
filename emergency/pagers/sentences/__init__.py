"""The sentences of pages, one module per topic, keyed by the page's purpose."""

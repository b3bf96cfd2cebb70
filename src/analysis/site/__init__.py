"""The site: how a chapter's outputs become a page. Knows HTML and SVG, and nothing of claims or data."""

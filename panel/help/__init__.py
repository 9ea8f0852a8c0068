"""The help centre: articles for everybody, their search, their pictures, and what readers say about them."""

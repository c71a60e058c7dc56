"""A make-believe carrier with handsets, so that smsinbox can be tried, shown and tested alone.

Its own process, port and file; it reaches the inbox by HTTP only and speaks as a carrier would.
"""

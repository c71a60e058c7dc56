"""The ground: settings, clock, database, log of events, doorbell. Imports nothing of ours."""

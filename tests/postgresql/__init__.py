"""PostgreSQL as Django speaks to it, but for how a test that commits leaves its database behind."""

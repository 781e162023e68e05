"""Rate limits: who may ask how often, counted together by all gateway processes, spent by each in memory."""

"""RabbitMQ as the services use it, and its in-memory twin: topology, publisher, relay, consumer, dead letters."""

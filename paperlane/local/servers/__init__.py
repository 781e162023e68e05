"""The servers that the services stand on: MongoDB, RabbitMQ and an S3, each started here or given by URL."""

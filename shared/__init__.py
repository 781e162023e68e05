"""What every service and the gateway stand on: errors, contracts, messaging, storage, the two doors."""

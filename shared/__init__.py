"""What every service and the gateway stand on: errors, settings, contracts, messaging, storage, the HTTP and bus doors."""

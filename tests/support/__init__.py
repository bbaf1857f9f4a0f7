"""What several tests stand on: cloned databases, a separately started server, a browser."""

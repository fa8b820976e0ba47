"""Routes of the HTTP service: each module translates between one shape of request and the one model."""

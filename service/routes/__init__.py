"""The routes: each module has a `router` and only translates between HTTP and the engine."""

"""Connection → client. The only modules that import an HTTP or vendor library."""

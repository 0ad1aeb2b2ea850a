"""Numbers for monitoring: counted in each worker, added up over all, written as Prometheus reads them."""

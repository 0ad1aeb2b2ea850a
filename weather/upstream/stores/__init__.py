"""Where entries, leases and quotas outlive the process, behind one protocol (`base`). Here nothing is decided."""

"""Who asks: the client by its address, its access key or its list, and what each may. Of responses nothing is here."""

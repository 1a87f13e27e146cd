"""Pictures of networks and outcomes; every figure shown here was computed elsewhere."""

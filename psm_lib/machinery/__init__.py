"""What the core stands on and a reader need not open: devices, disks, other
people's decoders, several processes, and where the chapters are."""

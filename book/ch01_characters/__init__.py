"""What chapter 1 needs and no other."""

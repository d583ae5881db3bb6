"""What chapter 2 needs and no other."""

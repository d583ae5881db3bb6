"""What chapter 8 needs and no other."""

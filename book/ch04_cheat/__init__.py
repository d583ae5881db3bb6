"""What chapter 4 needs and no other."""

"""What chapter 3 needs and no other."""

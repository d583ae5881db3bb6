"""What chapter 6 needs and no other."""

"""What chapter 7 needs and no other."""

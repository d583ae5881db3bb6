"""What chapter 5 needs and no other."""

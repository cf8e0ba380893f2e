"""What uploaded documents add to a patient's record."""

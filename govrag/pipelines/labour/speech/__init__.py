"""What people say of a case, read into facts."""

"""What every room does that asks a server, or lets another's object ask one, over what it was handed."""

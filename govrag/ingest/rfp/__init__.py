"""Parts of reading requests for proposals: what a requirement looks like in tables and in lines."""

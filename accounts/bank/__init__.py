"""Bank files, read and checked: no database. `read_bank_file` answers what a file says, or refuses it as a whole."""

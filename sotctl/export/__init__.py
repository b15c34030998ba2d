"""What other programs enforce, derived from the admissions in force; one file for each program in `formats/`."""

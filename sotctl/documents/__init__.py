"""SOT documents: read strictly, edited byte by byte, described by the schemas under `templates/`."""

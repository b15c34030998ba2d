"""The one way git is spoken: repository, objects, index, refs, history."""

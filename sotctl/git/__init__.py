"""The one package that runs git: repository, objects, index, refs, history."""

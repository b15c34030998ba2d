"""A real backend run under the gate: isolated, recorded, compared with a baseline, and reported."""

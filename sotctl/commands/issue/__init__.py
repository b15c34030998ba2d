"""List and show issues."""

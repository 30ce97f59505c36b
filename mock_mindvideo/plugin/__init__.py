"""What the pytest fixtures give out. Imported when a test asks for it, not when pytest starts."""

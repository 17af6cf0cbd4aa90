"""TypeScript and JavaScript source to facts."""

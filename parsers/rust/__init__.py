"""Rust source to facts."""

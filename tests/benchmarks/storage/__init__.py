"""What isg's storage was chosen by: six engines, the same graphs, the same questions."""

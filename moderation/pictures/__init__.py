"""What programs find in notes when they are published: known pictures, copies, labels of AI that were taken away."""

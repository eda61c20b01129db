"""The worklist by mail: one letter each working morning to everybody for whom something waits."""

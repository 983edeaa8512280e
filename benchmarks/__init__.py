"""Side by side with what else there is: time, memory and agreement, and what a user waits for."""

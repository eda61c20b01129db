"""Working days as versioned data: the shipped years, and over them those that were brought in and approved here."""

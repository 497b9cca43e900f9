"""System checks of this app, each with an id and a hint."""

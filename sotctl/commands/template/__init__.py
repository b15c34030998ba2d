"""Write a decision template of your own."""

GROUP = "set up"

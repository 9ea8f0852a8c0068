"""Work after the answer: tasks that are repeated when they fail, jobs by the clock, and the worker that does both."""

"""The HTTP door of every service: declared routes, strict bodies, problem answers, request ids, serving."""

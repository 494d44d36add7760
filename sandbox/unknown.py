"""What a happening names and the twin does not hold."""


class Unknown(Exception):
    """The happening, the order, the project or the person does not exist; the message says what is missing."""

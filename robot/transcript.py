"""The words of one turn, which are no message: what may be told and kept of them is in `robot.messages`."""


class Transcript:
    """The words of one turn, as heard: in memory only, and forgotten when the conversation is over.

    `t_s` is when they were understood, `began_s` and `ended_s` when the person spoke. `text` is as the recogniser wrote
    it, in the BCP 47 `language`. `confidence` 0..1 is the recogniser's. This is no message: neither the report nor the
    wire can encode it, and it does not show its words when printed. What may be kept of it is a `HeardWords`.
    """

    __slots__ = ("began_s", "confidence", "ended_s", "id", "language", "t_s", "text")

    def __init__(
        self, id: str, t_s: float, began_s: float, ended_s: float, text: str, language: str, confidence: float
    ) -> None:
        self.id = id
        self.t_s = t_s
        self.began_s = began_s
        self.ended_s = ended_s
        self.text = text
        self.language = language
        self.confidence = confidence

    def __repr__(self) -> str:
        return f"Transcript({self.id}, {len(self.text.split())} words)"

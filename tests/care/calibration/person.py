"""A person who answers a procedure's questions, from a list or by a rule."""

from robot.care.calibration.dialogue import Stopped


class Person:
    """Answers in order; after the last one the person leaves. Every answer must be one of those offered."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.asked, self.told = [], []

    def say(self, text):
        self.told.append(text)

    def ask(self, question):
        self.asked.append(question)
        if not self._answers:
            raise Stopped("the person left")
        answer = self._answers.pop(0)
        answer = answer(question) if callable(answer) else answer
        assert answer in [each.key for each in question.answers], (answer, question)
        return answer

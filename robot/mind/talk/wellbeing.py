"""What the robot must never say, whoever wrote it: patterns over text, in English and German."""

import re

FORBIDDEN: dict[str, str] = {
    "names an illness": r"depress|anxi(ety|ous)|panic|disorder|autis|adhd|bipolar|stress(ed)?\b|burn.?out|trauma|"
    r"sympto|diagnos|therap|medic|patholog|mental|krank|störung|angstzust|psych|arzt|doctor|pills|tablett",
    "claims to know a feeling": r"\byou are (very |so |really )?(sad|angry|happy|afraid|scared|upset|lonely|unhappy)|"
    r"\bdu bist (sehr |so |ja )?(traurig|wütend|glücklich|ängstlich|einsam|böse)|\bsie sind (traurig|wütend|ängstlich)|"
    r"\bi know (how|what) you|\bich weiß,? (wie|was) (du|sie)",
    "argues with a feeling": r"\bcalm down|cheer up|don'?t (be|cry|worry|feel)|do not (be|cry|worry|feel)|get over|"
    r"no reason to|not that bad|stop (crying|being)|you should(n'?t)?\b|relax\b|beruhige? dich|reg dich|kopf hoch|"
    r"nicht weinen|wein(e)? nicht|sei nicht|keine angst|kein grund|stell dich|du solltest|nicht so schlimm",
    "promises what it cannot keep": r"everything will be|alles wird gut|i promise|versprech|always be (here|with)|"
    r"immer (für|bei) dich|i love you|ich liebe|i feel\b|ich fühle\b",
    "makes the person responsible for its feelings": r"miss(ed)? you|vermiss|do ?n'?t (go|leave)|do not (go|leave)|"
    r"geh nicht|bleib bei mir|without you|ohne dich|you make me (sad|angry)|du machst mich",
}
"""What a phrase would do wrong, and how it would be worded."""

PRESSES: dict[str, str] = {
    "asks for what is private": r"\b(your|deine?n?|ihre?n?) (full name|surname|address|phone|e-?mail|password|age|"
    r"birthday|nachname\w*|adresse|telefon\w*|passwort|geburtstag|alter)\b|where do you live|wo wohnst du|"
    r"how old are you|wie alt",
    "sells or persuades": r"\b(buy|subscribe|order now|discount|vote for|sign up|kauf\w*|abonnier\w*|rabatt|"
    r"wähl\w* die)\b",
    "leads away": r"https?:|www\.|@|\.com\b|\.de\b|#\w",
    "keeps a secret": r"do ?n'?t tell|do not tell|our secret|erzähl (es )?niemand|unser geheimnis",
    "harms": r"\b(kill|suicide|stupid|idiot|shut up|hate you|selbstmord|umbring\w*|dumm|halt den mund)\b",
}
"""What only a text from elsewhere might do: no set phrase comes near it."""


def faults_in(text: str) -> list[str]:
    """What is wrong with `text`; empty if nothing is."""
    both = FORBIDDEN | PRESSES
    return [fault for fault, pattern in both.items() if re.search(pattern, text, re.IGNORECASE)]

"""The words by which a request is told from a statement: verbs of command, things that have a time of their own."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DELIVER: Final = _words(  # what is done at one moment: a time beside it is the time of the work
    "send give tell post report show update brief ping notify remind mail email check watch monitor look "
    "test run start do begin publish share schick schicke sende gib poste berichte zeig zeige melde "
    "erinnere prüf prüfe beobachte starte mach"
)
VERBS: Final = DELIVER | _words(  # verbs of command, English and German
    "write compare make list find summarise summarize collect prepare draft create build research analyse "
    "analyze review read extract translate search gather track scan explain describe get fetch pull "
    "produce compile generate design plan propose suggest recommend evaluate assess rank sort count "
    "calculate compute audit verify proofread edit rewrite revise shorten polish crawl outline sketch "
    "document answer investigate examine inspect study map benchmark estimate forecast predict decide "
    "choose pick work finish deliver put turn convert transcribe quote cite validate recheck redo repeat "
    "draw think tidy clean organise organize let erstelle erstell schreib schreibe vergleich vergleiche "
    "fass fasse such suche sammle sammel finde liste bericht analysiere lies übersetze übersetz "
    "recherchiere überwache hol hole bereite entwirf plane führe stelle erkläre beschreibe"
)
BOOKING: Final = _words(  # verbs whose time is that of what they book or tell
    "book reserve invite arrange schedule announce ask reply buche reserviere lade buch"
)
EVENTS: Final = _words(  # things that have a time of their own
    "meeting meetings all-hands dinner lunch breakfast party call calls launch event events game match "
    "concert webinar show session flight flights train trains outage incident deadline workshop interview "
    "standup stand-up appointment conference date wedding shift shop shops store stores open close "
    "opening closing abendessen mittagessen treffen termin sitzung besprechung anruf konzert spiel zug "
    "züge flug ausfall vortrag"
)
SUBJECTS: Final = _words(  # what a statement begins with
    "the a an our we they it its he she there this that these those my your his her their i you some many "
    "most all no one people everyone every each der die das den dem ein eine einen unser unsere unseren "
    "wir sie er es ihr man mein meine dieser diese dieses jene alle viele ich du euer"
)
ASKING: Final = _words(  # what a question about the world begins with
    "what who whom whose which when where why how is are was were am do does did has have had will shall "
    "should would could can may might must what's who's where's wer wen wem wie wann wo warum wieso "
    "welche welcher welches ist sind war waren hat haben wird werden kann können soll darf muss"
)
INFINITIVES: Final = (  # a German request may end with its verb; a pattern
    "schicken|senden|erstellen|schreiben|vergleichen|zusammenfassen|prüfen|suchen|sammeln|finden"
    "|auflisten|machen|berichten|übersetzen|analysieren|lesen|recherchieren|überwachen|beobachten"
    "|fertigstellen|erledigen|liefern|fertig|posten|melden"
)

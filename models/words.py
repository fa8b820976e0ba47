"""Closed classes of English words that the features look for, in lower case."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREPOSITIONS = _set(
    "with to of against on in from by for at over about toward towards into under between behind through within "
    "across near inside outside around"
)
BE = _set("is are was were be been being get got gets")
SAY = _set(
    "said says say told tells saying added adds announced declared stated insisted argued claimed warned denied "
    "vowed called wrote tweeted suggested noted acknowledged asserted maintained confirmed reported"
)
CONJUNCTIONS = _set("and or but that which who while as if because although though when after before since than")
NEGATIONS = _set(
    "not no never nor neither without cannot nothing nobody none hardly barely denied denies deny denying refused "
    "refuses refuse refusing failed fails rejected rejects dismissed dismisses unlikely stopped halted ended "
    "isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't shouldn't "
    "mustn't needn't ain't"
)
FUNCTION_WORDS = _set(
    "the a an of in to and for on at by with from that which who whom is are was were be been being as it its his "
    "her their this these those he she they i we you or but if than then so such there here has have had do does "
    "did will would could should may might must can not no"
)
QUOTES = frozenset('"“”')
MARKS = frozenset(',;:()—–.-"“”') | {"--"}
CLAUSE_MARKS = frozenset(',;:—–()"“”') | {"--"}
ARTICLES = frozenset(("the", "a", "an"))
POSSESSIVE = "'s"

# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The fast path, compiled to C: the decision values of `models.features` and `models.polarity`, by look-ups.

What is computed is explained there, in Python, and is the same to 1e-9 (tested). Here a sentence is
an array of numbers of words; what a word is and where its terms stand is one line of a table.
Where this module is not compiled, `models.compiled` takes the explained way: the same, slower.
"""

from libc.math cimport exp, sqrt
from libc.string cimport memset

from models.features import FRAMES as _FRAMES, STEM, WINDOW as _WINDOW
from models.lexicon import NEGATION_REACH as _NEGATION_REACH
from models.polarity import FARTHEST as _FARTHEST, GAPS, NEGATED as _NEGATED, RELATIONS, ROLES, SUM_INDEX
from models.views import CLAUSE as _CLAUSE, MOST_TARGETS as _MOST_TARGETS, NUMBER, RIVAL, TARGET

# A sentence of models.sentences.LONGEST characters has fewer words; longer views go the explained way.
cdef enum:
    MOST_WORDS = 2040
    SET = 16384  # slots of a set of rows
    MOST_ROWS = 8192  # more than one view of MOST_WORDS can have
    MOST_FRAMES = 16
    MOST_NEAR = 16  # mentions of one target that are looked around, at most
    MOST_COLUMNS = 32

# Kinds of words: models.compiler.KINDS.
cdef enum:
    CONTENT = 1
    MARK = 2
    BEING = 4
    CONJUNCTION = 8
    SAYING = 16
    PREPOSITION = 32
    BY = 64
    CLAUSE_MARK = 128
    NEGATION = 256
    ARTICLE = 512
    POSSESSIVE = 1024
    PAUSE = 2048

# Relations, as _RELATIONS has them: each is followed by its joined one, those before the target by their marked ones too.
cdef enum:
    JOINED = 1
    MARKED = 2
    BEFORE = 0
    BEFORE_PREPOSITION = 4
    AGENT = 8
    AFTER = 12
    AFTER_MARK = 14
    PASSIVE = 16
    OWN = 18

# Columns of the lexis.
cdef enum:
    WORD = 0
    LEFT = 1
    RIGHT = 2
    CLAUSE_LEFT = 3
    CLAUSE_RIGHT = 4
    KIND = 5
    CLASS = 6
    ENTRY = 7
    STEM_ROW = 8

LONGEST = MOST_WORDS
cdef int WINDOW = _WINDOW, CLAUSE = _CLAUSE, MOST_TARGETS = _MOST_TARGETS
cdef int NEGATION_REACH = _NEGATION_REACH, FARTHEST = _FARTHEST
cdef double NEGATED = _NEGATED
assert MOST_TARGETS <= MOST_NEAR and len(_FRAMES) <= MOST_FRAMES and WINDOW < 100 and CLAUSE < 100


cdef struct Sentence:
    int size
    int ids[MOST_WORDS + 1]  # numbers of the words; a mention is the rival, or the target that is aimed at
    int stems[MOST_WORDS + 1]  # rows of their stems
    int mentions  # how many there are
    int slots[MOST_WORDS + 1]  # where
    int rated  # entries of the lexicon
    int first[MOST_WORDS + 1]
    int last[MOST_WORDS + 1]
    int rating[MOST_WORDS + 1]
    int negated[MOST_WORDS + 1]
    int kept  # words of the frame; -1 before it is made
    int place[MOST_WORDS + 1]
    int kind[MOST_WORDS + 1]


cdef struct Rows:
    int count
    int mask
    int found[MOST_ROWS]
    int seen[SET]


cdef inline void clear(Rows* rows, int most) noexcept nogil:
    """Empty a set of rows for at most so many."""
    cdef int size = 64
    while size < 2 * most and size < SET:
        size *= 2
    rows.count, rows.mask = 0, size - 1
    memset(rows.seen, 0, size * sizeof(int))


cdef inline void add(Rows* rows, int row) noexcept nogil:
    """Add a row; 0 is none."""
    cdef int at
    if row == 0:
        return
    at = (<unsigned int> row * 2654435769u >> 7) & rows.mask
    while rows.seen[at]:
        if rows.seen[at] == row:
            return
        at = (at + 1) & rows.mask
    rows.seen[at] = row
    rows.found[rows.count] = row
    rows.count += 1


cdef struct Parts:
    double total[MOST_COLUMNS]  # logits before normalization and squared norms: columns of Tables.matrix
    double sums[MOST_COLUMNS]  # what the polarity sums give: columns of Tables.sums
    double logits[MOST_COLUMNS]  # decision values of one head


cdef class Head:
    """One classifier, made of a `models.tables.HeadTable`."""

    cdef tuple labels
    cdef int size, first, first_sum
    cdef double intercept[MOST_COLUMNS]

    def __init__(self, table):
        self.labels, self.size = table.labels, len(table.labels)
        self.first, self.first_sum = table.first, table.first_sum
        for i, value in enumerate(table.intercept):
            self.intercept[i] = value

    cdef void weigh(self, Parts* parts) noexcept:
        """Decision values."""
        cdef int i
        cdef double square = parts.total[self.first + self.size]
        cdef double scale = 1 / sqrt(square) if square > 0 else 0.0
        for i in range(self.size):
            parts.logits[i] = self.intercept[i] + parts.total[self.first + i] * scale + parts.sums[self.first_sum + i]

    cdef judge(self, Parts* parts):
        """The best label, and the probability of each."""
        cdef int i, best = 0
        cdef double top, total = 0
        self.weigh(parts)
        for i in range(self.size):
            if parts.logits[i] > parts.logits[best]:
                best = i
        top = parts.logits[best]
        for i in range(self.size):
            parts.logits[i] = exp(parts.logits[i] - top)
            total += parts.logits[i]
        scores = {}
        for i in range(self.size):
            scores[self.labels[i]] = parts.logits[i] / total
        return self.labels[best], scores


cdef class Table:
    """A hash table of `models.compiler.hash_table`."""

    cdef const long long[:, ::1] lines
    cdef int shift
    cdef long long mask

    def __cinit__(self, lines):
        self.lines = lines
        self.mask = len(lines) - 1
        self.shift = 64 - int(self.mask).bit_length()

    cdef inline int get(self, long long key) noexcept nogil:
        """Row of a key; 0 when there is none."""
        cdef long long at = <long long> ((<unsigned long long> key * 0x9E3779B97F4A7C15u) >> self.shift)
        while self.lines[at, 1] != 0:
            if self.lines[at, 0] == key:
                return <int> self.lines[at, 1]
            at = (at + 1) & self.mask
        return 0


cdef class Scorer:
    """Scores sentences with the tables of one model. Immutable once made, and safe to share between threads.

    Args:
        tables: a `models.tables.Tables`.
    """

    cdef dict numbers  # of words
    cdef dict stems  # rows of stems
    cdef int number, target, rival, hyphen
    cdef long long base
    cdef const int[:, ::1] lexis, entries, rated_classes
    cdef const int[::1] entry_words
    cdef const double[:, ::1] matrix, ratings, sums
    cdef Table pairs, triples, frame_rows
    cdef int columns, sum_columns, class_target, class_rival, class_begin, class_end, frames
    cdef int before[MOST_FRAMES]
    cdef int after[MOST_FRAMES]
    # Rows of the sums by name: scope, side, role; relation, role; speaker, relation, gap, role.
    cdef int side_sums[4][2][3]
    cdef int relation_sums[64][3]
    cdef int gap_sums[2][64][3][3]

    def __init__(self, tables):
        self.numbers = {word: number for number, word in enumerate(tables.words, start=1)}
        self.stems = dict(zip(tables.stems, map(int, tables.stem_rows), strict=True))
        self.number = self.numbers.get(NUMBER, 0)
        self.target, self.rival = self.numbers[TARGET], self.numbers[RIVAL]
        self.hyphen = self.numbers["-"]
        self.base = len(tables.lexis)
        self.lexis, self.entries, self.entry_words = tables.lexis, tables.entries, tables.entry_words
        self.rated_classes, self.ratings = tables.rated_classes, tables.ratings
        self.matrix, self.sums = tables.matrix, tables.sums
        self.columns, self.sum_columns = tables.matrix.shape[1], tables.sums.shape[1]
        if self.columns > MOST_COLUMNS:
            raise ValueError(f"{self.columns} columns of labels are too many; {MOST_COLUMNS} at most")
        self.pairs, self.triples, self.frame_rows = Table(tables.pairs), Table(tables.triples), Table(tables.frames)
        self.class_target, self.class_rival, self.class_begin, self.class_end = map(int, tables.classes)
        self.frames = len(_FRAMES)
        for i, (before, after) in enumerate(_FRAMES):
            self.before[i], self.after[i] = before, after
        for i, scope in enumerate(("sentence", "clause", "praise", "near")):
            for j, side in enumerate(("before", "after")):
                for k, role in enumerate(ROLES):
                    self.side_sums[i][j][k] = SUM_INDEX[f"{scope} {side} {role}"]
        for i, name in enumerate(_RELATIONS):
            for k, role in enumerate(ROLES):
                self.relation_sums[i][k] = SUM_INDEX[f"{name} {role}"]
                for j, gap in enumerate(GAPS):
                    self.gap_sums[0][i][j][k] = SUM_INDEX[f"{name} {gap} {role}"]
                    self.gap_sums[1][i][j][k] = SUM_INDEX[f"speaker {name} {gap} {role}"]

    def read(self, list lows, list mentions, wanted, Head whole, Head toward):
        """Scores of a sentence, and from each target that it mentions.

        Args:
            lows: its tokens in lower case, fewer than LONGEST.
            mentions: its mentions in order, of all targets.
            wanted: ids of the targets that are asked for.
            whole, toward: the head that judges the sentence, and the one that judges it from a target.

        Returns:
            The best label and {label: probability} of the sentence, and a list of target, label and
            probabilities in order of first appearance.

        Raises:
            OverflowError: there are too many tokens.
        """
        cdef Sentence sentence
        cdef int first, last, at = 0
        if len(lows) >= MOST_WORDS:
            raise OverflowError(f"a sentence of {len(lows)} tokens; {MOST_WORDS - 1} at most")
        sentence.size = sentence.mentions = 0
        for item in mentions:
            first, last = item[1], item[2]
            self._take(&sentence, lows, at, first)
            if sentence.size and self.lexis[sentence.ids[sentence.size - 1], KIND] & ARTICLE:
                sentence.size -= 1
            sentence.slots[sentence.mentions] = sentence.size
            sentence.mentions += 1
            self._put(&sentence, RIVAL, self.rival)
            at = last
        self._take(&sentence, lows, at, <int> len(lows))
        return self._judge(&sentence, mentions, wanted, whole, toward)

    def logits(self, list words, Head head):
        """Decision value of each label of a head for the masked words of a view, fewer than LONGEST."""
        cdef Sentence sentence
        cdef Parts parts
        cdef int i, count = 0
        cdef int places[MOST_WORDS + 1]
        if len(words) >= MOST_WORDS:
            raise OverflowError(f"a sentence of {len(words)} words; {MOST_WORDS - 1} at most")
        sentence.size = sentence.mentions = 0
        for word in words:
            if word == TARGET or word == RIVAL:
                if word == TARGET:
                    places[count] = sentence.size
                    count += 1
                sentence.slots[sentence.mentions] = sentence.size
                sentence.mentions += 1
                self._put(&sentence, RIVAL, self.rival)
            else:
                self._put(&sentence, word, self.numbers.get(word, 0))
        self._begin(&sentence, &parts)
        if count:
            self._add_toward(&sentence, places, count, &parts)
        else:
            self._add_masks(&sentence, &parts)
        head.weigh(&parts)
        return [parts.logits[i] for i in range(head.size)]

    cdef inline void _take(self, Sentence* sentence, list lows, int first, int last):
        """Add the words of some tokens."""
        cdef int i, number
        for i in range(first, last):
            low = <str> lows[i]
            found = self.numbers.get(low)
            number = self.number if found is None and low[0].isdigit() else 0 if found is None else found
            if number != self.hyphen:
                self._put(sentence, low, number)

    cdef inline void _put(self, Sentence* sentence, str word, int number):
        """Add a word; one that nothing asks for may still have a known stem."""
        sentence.ids[sentence.size] = number
        sentence.stems[sentence.size] = self.lexis[number, STEM_ROW] if number else self.stems.get(word[:STEM], 0)
        sentence.size += 1

    cdef void _begin(self, Sentence* sentence, Parts* parts) noexcept:
        """What all views of a sentence share."""
        sentence.ids[sentence.size] = 0
        sentence.kept = -1
        memset(parts, 0, sizeof(Parts))
        self._find_rated(sentence)
        self._add_shared(sentence, parts)
        self._add_whole(sentence, parts)

    cdef _judge(self, Sentence* sentence, list mentions, wanted, Head whole, Head toward):
        cdef Parts shared, own
        cdef int places[MOST_WORDS + 1]
        cdef int i, count
        self._begin(sentence, &shared)
        seen = []
        names = [mention[0] for mention in mentions]
        for name in dict.fromkeys(names):
            if name not in wanted:
                continue
            count = 0
            for i in range(sentence.mentions):
                if names[i] == name:
                    places[count] = sentence.slots[i]
                    count += 1
            own = shared
            self._add_toward(sentence, places, count, &own)
            seen.append((name, *toward.judge(&own)))
        self._add_masks(sentence, &shared)
        return whole.judge(&shared), seen

    cdef void _find_rated(self, Sentence* sentence) noexcept:
        """As `models.lexicon.find_rated`."""
        cdef int i, k, size, line, words, end = 0, turned = -1
        sentence.rated = 0
        for i in range(sentence.size):
            line = self.lexis[sentence.ids[i], ENTRY]
            if line == 0:
                continue
            if i >= end:
                while True:
                    size, words = self.entries[line - 1, 0], self.entries[line - 1, 2]
                    k = 1 if i + size <= sentence.size else size + 1
                    while k < size and sentence.ids[i + k] == self.entry_words[words + k]:
                        k += 1
                    if k == size:
                        if self.entries[line - 1, 1] >= 0:
                            end = i + size
                            k = sentence.rated
                            sentence.first[k], sentence.last[k] = i, end
                            sentence.rating[k], sentence.negated[k] = self.entries[line - 1, 1], i <= turned
                            sentence.rated += 1
                        break
                    if not self.entries[line - 1, 3]:
                        break
                    line += 1
            if self.lexis[sentence.ids[i], KIND] & NEGATION:
                turned = i + NEGATION_REACH

    cdef inline void _sum_up(self, Rows* rows, Parts* parts) noexcept:
        cdef int i, k
        cdef const double* line
        for i in range(rows.count):
            line = &self.matrix[rows.found[i], 0]
            for k in range(self.columns):
                parts.total[k] += line[k]

    cdef void _add_shared(self, Sentence* sentence, Parts* parts) noexcept:
        """Words and pairs that no mention is part of."""
        cdef Rows rows
        cdef int i, mention = 0, before = 0, word
        clear(&rows, 3 * sentence.size)
        for i in range(sentence.size):
            if mention < sentence.mentions and sentence.slots[mention] == i:
                mention += 1
                before = 0
                continue
            word = sentence.ids[i]
            add(&rows, sentence.stems[i])
            if word:
                add(&rows, self.lexis[word, WORD])
                if before:
                    add(&rows, self.pairs.get(before * self.base + word))
            before = word
        self._sum_up(&rows, parts)

    cdef void _mask_rows(self, Sentence* sentence, Rows* rows) noexcept:
        """Words and pairs that mentions are part of."""
        cdef int i, slot, word
        for i in range(sentence.mentions):
            slot = sentence.slots[i]
            word = sentence.ids[slot]
            add(rows, self.lexis[word, WORD])
            add(rows, self.lexis[word, STEM_ROW])
            if slot and sentence.ids[slot - 1]:
                add(rows, self.pairs.get(sentence.ids[slot - 1] * self.base + word))
            if sentence.ids[slot + 1]:
                add(rows, self.pairs.get(word * self.base + sentence.ids[slot + 1]))

    cdef void _add_masks(self, Sentence* sentence, Parts* parts) noexcept:
        cdef Rows rows
        if sentence.mentions:
            clear(&rows, 4 * sentence.mentions)
            self._mask_rows(sentence, &rows)
            self._sum_up(&rows, parts)

    cdef void _add_toward(self, Sentence* sentence, int* places, int count, Parts* parts) noexcept:
        """All that is said of a target at some places; the sentence is left as it was."""
        cdef Rows rows
        cdef int near = min(count, MOST_TARGETS)
        cdef int begin[MOST_NEAR]
        cdef int end[MOST_NEAR]
        cdef int i, k, target
        for i in range(count):
            sentence.ids[places[i]] = self.target
        clear(&rows, 4 * sentence.mentions + near * (2 * WINDOW + 2 * CLAUSE + 3 + self.frames))
        self._mask_rows(sentence, &rows)
        for i in range(near):
            target = places[i]
            begin[i], end[i] = self._clause_begin(sentence, target), self._clause_end(sentence, target)
            for k in range(max(0, target - WINDOW), target):
                add(&rows, self.lexis[sentence.ids[k], LEFT])
            for k in range(target + 1, min(sentence.size, target + WINDOW + 1)):
                add(&rows, self.lexis[sentence.ids[k], RIGHT])
            for k in range(begin[i], target):
                add(&rows, self.lexis[sentence.ids[k], CLAUSE_LEFT])
            for k in range(target + 1, end[i]):
                add(&rows, self.lexis[sentence.ids[k], CLAUSE_RIGHT])
            for k in range(max(0, target - 2), min(target, sentence.size - 3) + 1):
                self._add_triple(&rows, sentence.ids[k], sentence.ids[k + 1], sentence.ids[k + 2])
            self._add_frames(sentence, target, &rows)
        self._sum_up(&rows, parts)
        self._add_by_side(sentence, places, near, begin, end, parts)
        for i in range(near):
            self._add_by_relation(sentence, places[i], parts)
        for i in range(count):
            sentence.ids[places[i]] = self.rival

    cdef inline void _add_triple(self, Rows* rows, int a, int b, int c) noexcept:
        if a and b and c:
            add(rows, self.triples.get((a * self.base + b) * self.base + c))

    cdef inline int _clause_begin(self, Sentence* sentence, int target) noexcept:
        cdef int at = target
        while at > 0 and at > target - CLAUSE and not self.lexis[sentence.ids[at - 1], KIND] & CLAUSE_MARK:
            at -= 1
        return at

    cdef inline int _clause_end(self, Sentence* sentence, int target) noexcept:
        cdef int at = target + 1
        while (at < sentence.size and at < target + CLAUSE + 1
               and not self.lexis[sentence.ids[at], KIND] & CLAUSE_MARK):
            at += 1
        return at

    cdef void _make_frame(self, Sentence* sentence) noexcept:
        """As `models.features.find_slots`; mentions are told apart later."""
        cdef int i = 0, k = 0, name, after
        sentence.kept = 0
        while i < sentence.size:
            if k < sentence.rated and sentence.first[k] == i:
                name, after = self.rated_classes[sentence.rating[k], sentence.negated[k]], sentence.last[k]
                k += 1
            else:
                name, after = self.lexis[sentence.ids[i], CLASS], i + 1
            if name:
                sentence.place[sentence.kept], sentence.kind[sentence.kept] = i, name
                sentence.kept += 1
            i = after

    cdef void _add_frames(self, Sentence* sentence, int target, Rows* rows) noexcept:
        cdef int i, k, at, name
        cdef long long key
        if sentence.kept < 0:
            self._make_frame(sentence)
        k = 0
        while k < sentence.kept and sentence.place[k] != target:
            k += 1
        if k == sentence.kept:
            return  # only in tables that were tampered with: a mention always has a class
        for i in range(self.frames):
            key = 0
            for at in range(k + self.before[i], k + self.after[i]):
                if at < 0:
                    name = self.class_begin
                elif at >= sentence.kept:
                    name = self.class_end
                else:
                    name = sentence.kind[at]
                    if name == self.class_rival or name == self.class_target:
                        name = self.class_target if sentence.ids[sentence.place[at]] == self.target else self.class_rival
                key = key * 256 + name
            add(rows, self.frame_rows.get(key))

    cdef inline void _add_sum(self, int row, double value, Parts* parts) noexcept:
        cdef int i
        for i in range(self.sum_columns):
            parts.sums[i] += value * self.sums[row, i]

    cdef void _add_whole(self, Sentence* sentence, Parts* parts) noexcept:
        """The sums of `models.polarity.WHOLE`, in their order."""
        cdef double good = 0, bad = 0, last = 0, subjects = 0, objects = 0, tone, density
        cdef int k, rating
        if sentence.rated == 0:
            return
        for k in range(sentence.rated):
            rating = sentence.rating[k]
            subjects += self.ratings[rating, 0]
            objects += self.ratings[rating, 1]
            tone = self.ratings[rating, 2] * (NEGATED if sentence.negated[k] else 1.0)
            if tone:
                last = tone
            if tone > 0:
                good += tone
            else:
                bad += tone
        density = 1 / sqrt(sentence.size)
        self._add_sum(0, good + bad, parts)
        self._add_sum(1, good, parts)
        self._add_sum(2, bad, parts)
        self._add_sum(3, good * density, parts)
        self._add_sum(4, bad * density, parts)
        self._add_sum(5, last, parts)
        self._add_sum(6, subjects, parts)
        self._add_sum(7, objects, parts)

    cdef void _add_by_side(
        self, Sentence* sentence, int* places, int near, int* begin, int* end, Parts* parts
    ) noexcept:
        cdef int i, k, role, first, distance, other, nearest, side
        cdef double weight, value, turned
        for k in range(sentence.rated):
            first = sentence.first[k]
            nearest, distance = 0, 1 << 30
            for i in range(near):
                other = first - places[i] if first > places[i] else places[i] - sentence.last[k] + 1
                if other < distance:
                    nearest, distance = i, other
            side = 0 if first < places[nearest] else 1
            weight = 1 / (1 + distance / 4.0)
            for role in range(3):
                value = self.ratings[sentence.rating[k], role]
                if value == 0:
                    continue
                turned = value * NEGATED if sentence.negated[k] else value
                self._add_sum(self.side_sums[0][side][role], turned * weight, parts)
                if begin[nearest] <= first < end[nearest]:
                    self._add_sum(self.side_sums[1][side][role], turned * weight, parts)
                if value > 0:
                    self._add_sum(self.side_sums[2][side][role], value * weight, parts)
                if distance <= 2:
                    self._add_sum(self.side_sums[3][side][role], turned, parts)

    cdef void _add_by_relation(self, Sentence* sentence, int target, Parts* parts) noexcept:
        """As `models.polarity.relation`, from the target outward, until the words between are too many."""
        cdef int k, at, gap, between, kind, first, last, relation, after = 0
        cdef int speaker = self._speaks(sentence, target)
        cdef int by = self._any(sentence, target - 2, target, BY)
        cdef int own = self.lexis[sentence.ids[target + 1], KIND] & POSSESSIVE
        while after < sentence.rated and sentence.first[after] < target:
            after += 1
        at, gap, between = target, 0, 0
        for k in range(after - 1, -1, -1):
            last = sentence.last[k]
            while at > last and gap <= FARTHEST:
                at -= 1
                kind = self.lexis[sentence.ids[at], KIND]
                gap += kind & CONTENT
                between |= kind
            if gap > FARTHEST:
                break
            if by and gap <= 1:
                relation = AGENT
            elif self._any(sentence, max(last, target - 3), target, PREPOSITION):
                relation = BEFORE_PREPOSITION
            else:
                relation = BEFORE
            relation += MARKED if between & MARK else 0
            relation += JOINED if between & (BEING | CONJUNCTION) else 0
            self._add_related(sentence, k, relation, gap, speaker, parts)
        at, gap, between = target + 1, 0, 0
        for k in range(after, sentence.rated):
            first = sentence.first[k]
            while at < first and gap <= FARTHEST:
                kind = self.lexis[sentence.ids[at], KIND]
                gap += kind & CONTENT
                between |= kind
                at += 1
            if gap > FARTHEST:
                break
            if between & MARK:
                relation = AFTER_MARK
            elif self._any(sentence, max(target + 1, first - 2), first, BEING):
                relation = PASSIVE
            elif own and first > target + 1:
                relation = OWN
            else:
                relation = AFTER
            relation += JOINED if between & (CONJUNCTION | SAYING) else 0
            self._add_related(sentence, k, relation, gap, speaker, parts)

    cdef inline void _add_related(
        self, Sentence* sentence, int k, int relation, int gap, int speaker, Parts* parts
    ) noexcept:
        cdef int role
        cdef double value
        for role in range(3):
            value = self.ratings[sentence.rating[k], role]
            if value == 0:
                continue
            if sentence.negated[k]:
                value *= NEGATED
            self._add_sum(self.relation_sums[relation][role], value, parts)
            self._add_sum(self.gap_sums[speaker][relation][min(gap, 2)][role], value, parts)

    cdef inline int _any(self, Sentence* sentence, int first, int last, int kind) noexcept:
        """Whether a word of a kind stands in a stretch."""
        cdef int i
        for i in range(max(0, first), min(last, sentence.size)):
            if self.lexis[sentence.ids[i], KIND] & kind:
                return 1
        return 0

    cdef inline int _speaks(self, Sentence* sentence, int target) noexcept:
        """As `models.polarity.speaks`."""
        if self._any(sentence, target + 1, target + 5, SAYING):
            if not self._any(sentence, target + 1, target + 3, PAUSE):
                return 1
        return 2 * target > sentence.size and self._any(sentence, target - 3, target, SAYING)


# Names of the relations, in the order of their numbers.
_RELATIONS = [
    f"{base}{mark}{join}"
    for base, mark in (
        ("before", ""), ("before", "-mark"), ("before-prep", ""), ("before-prep", "-mark"), ("by", ""), ("by", "-mark"),
        ("after", ""), ("after-mark", ""), ("passive", ""), ("own", ""),
    )
    for join in ("", "-join")
]
assert set(_RELATIONS) == set(RELATIONS)

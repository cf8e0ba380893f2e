/* What is known of a token by itself: its letters, its shape, the lists that hold it, the pieces of a language
 * model it is made of. A fact is a row of a table: the hash of its sort and its value. */
#include <string.h>

#include "tagger.h"

/* Sorts of facts. learn.py leaves some out at random by these numbers. */
enum { GAP_FACT = 1, SHAPE, ITSELF, PART, LISTED };

static void add(token_facts *out, int sort, uint64_t seed, const uint8_t *bytes, int32_t length) {
    if (out->count == MAX_FACTS) return;
    out->row[out->count] = (uint16_t)(hash_of(seed, bytes, length) & (BUCKETS - 1));
    out->sort[out->count++] = (uint8_t)sort;
}

static void add_number(token_facts *out, int sort, uint64_t seed, uint64_t value) {
    uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    add(out, sort, seed, bytes, 2);
}

static int32_t at_most(int32_t value, int32_t limit) { return value < limit ? value : limit; }

/* The word in small letters without marks, its first LONGEST_WORD letters. */
static int32_t plain_word(const uint8_t *signs, const token *token, uint8_t *out) {
    int32_t size = 0;
    for (int32_t at = token->start; at < token->end && size < LONGEST_WORD; at++) {
        uint8_t sign = signs[at];
        if (sign == MARK) continue;
        if (sign == CAPITAL_LETTER) sign = SMALL_LETTER;
        else if (sign >= 'A' && sign <= 'Z') sign |= 0x20;
        out[size++] = sign;
    }
    return size;
}

enum { ALL_SMALL, ONE_CAPITAL, ALL_CAPITALS, FIRST_CAPITAL, MIXED };

static int case_of(const uint8_t *signs, const token *token) {
    int32_t letters = 0, capitals = 0;
    for (int32_t at = token->start; at < token->end; at++)
        if (signs[at] != MARK) {
            letters++;
            capitals += is_capital(signs[at]);
        }
    if (!capitals) return ALL_SMALL;
    if (capitals == letters) return letters == 1 ? ONE_CAPITAL : ALL_CAPITALS;
    return capitals == 1 && is_capital(signs[token->start]) ? FIRST_CAPITAL : MIXED;
}

static void number_facts(const uint8_t *word, int32_t size, token_facts *out) {
    add_number(out, SHAPE, 10, (uint64_t)at_most(size, 12));
    add_number(out, SHAPE, 11, 0);
    if (size <= 2) {
        int value = 0;
        for (int32_t at = 0; at < size; at++) value = 10 * value + (word[at] - '0');
        add(out, ITSELF, 12, word, size);
        add_number(out, SHAPE, 13, value >= 1 && value <= 12);
        add_number(out, SHAPE, 14, value >= 1 && value <= 31);
        add_number(out, SHAPE, 15, (uint64_t)(value / 10));
    } else if (size == 4) {
        int century = (word[0] == '1' && word[1] == '9') || (word[0] == '2' && word[1] == '0');
        add_number(out, SHAPE, 16, (uint64_t)century);
        add(out, SHAPE, 17, word, 2);
        add(out, SHAPE, 18, word, 3);
    } else {
        add(out, ITSELF, 12, word, at_most(size, LONGEST_WORD));
        add(out, SHAPE, 19, word, 2);
        add_number(out, SHAPE, 20, word[size - 1] == '0');
    }
    add_number(out, SHAPE, 21, word[0] == '0');
}

static void list_facts(const tagger *tagger, const uint8_t *word, int32_t size, int shape, token_facts *out) {
    uint32_t held = 0;
    table_get(&tagger->lists, hash_of(0, word, size), &held);
    for (uint32_t list = 0; list < LISTS; list++)
        if (held >> list & 1) {
            add_number(out, LISTED, 40, list);
            add_number(out, LISTED, 41, list * 8 + (uint32_t)shape);
        }
    add_number(out, LISTED, 42, held);
}

static void word_facts(const tagger *tagger, const uint8_t *signs, const token *token, token_facts *out) {
    uint8_t edged[LONGEST_WORD + 2];
    uint8_t *word = edged + 1;
    int32_t size = plain_word(signs, token, word);
    int shape = case_of(signs, token);
    add(out, ITSELF, 12, word, size);
    add_number(out, SHAPE, 30, 0);
    add_number(out, SHAPE, 31, (uint64_t)shape);
    add_number(out, SHAPE, 32, (uint64_t)(shape * 8 + at_most(size, 6)));
    add_number(out, SHAPE, 33, (uint64_t)at_most(size, 12));
    for (int32_t length = 1; length < 5 && length < size; length++) {
        add(out, PART, 34, word, length);
        add(out, PART, 35, word + size - length, length);
    }
    edged[0] = '<';
    edged[size + 1] = '>';
    for (int32_t at = 0; at + 4 <= size + 2; at++) add(out, PART, 36, edged + at, 4);
    list_facts(tagger, word, size, shape, out);
}

void facts_of(const tagger *tagger, const uint8_t *signs, const token *token, token_facts *out) {
    out->count = 0;
    add_number(out, GAP_FACT, 1, token->gap);
    const uint8_t *word = signs + token->start;
    int32_t size = token->end - token->start, lines = 0;
    switch (token->kind) {
        case BLANK:
            for (int32_t at = 0; at < size; at++) lines += word[at] == '\n';
            add_number(out, SHAPE, 2, (uint64_t)at_most(lines, 2));
            add_number(out, SHAPE, 3, 0);
            break;
        case TAG:
            add_number(out, SHAPE, 4, 0);
            break;
        case NUMBER:
            number_facts(word, size, out);
            break;
        case WORD:
            word_facts(tagger, signs, token, out);
            break;
        default:
            add(out, ITSELF, 5, word, 1);
            add_number(out, SHAPE, 6, 0);
    }
}

/* Greedy longest match from the left, as BERT's WordPiece; letters no piece starts with are passed over. */
int32_t pieces_of(const tagger *tagger, const uint8_t *signs, const token *token, int32_t *out) {
    if (token->kind != WORD) return 0;
    uint8_t word[LONGEST_WORD];
    int32_t size = plain_word(signs, token, word), count = 0;
    for (int32_t start = 0; start < size;) {
        int32_t end = size;
        uint32_t number = 0;
        while (end > start && !table_get(&tagger->pieces, hash_of(start ? 2 : 1, word + start, end - start), &number))
            end--;
        if (end > start) out[count++] = (int32_t)number;
        start = end > start ? end : start + 1;
    }
    return count;
}

/* The tagger's core: a note's signs to tokens, tokens to facts, facts to vectors, vectors with their neighbours
 * to types of PHI. One pass, no state between calls, nothing of a note kept. ADR 0010 says why this is C.
 *
 * A sign is one byte for one code point, as signs.py makes them; offsets are therefore code points of the note.
 */
#ifndef HNTAI_TAGGER_H
#define HNTAI_TAGGER_H

#include <stddef.h>
#include <stdint.h>

enum {
    WIDTH = 64,          /* numbers that stand for a token */
    PIECE_WIDTH = 64,    /* numbers that stand for a word piece */
    TYPES = 11,          /* type 0 is no identifier */
    PANEL = 16,          /* columns of a matrix that stand together; the types are filled up to so many */
    BUCKETS = 1 << 15,   /* rows of the table of facts */
    LISTS = 16,          /* lexicons a word is looked up in, at most */
    MAX_LAYERS = 8,
    MAX_GAP = 8,         /* tokens a layer looks to either side, at most */
    MAX_FACTS = 128,     /* of one token; a word of LONGEST_WORD letters has fewer than 100 */
    LONGEST_WORD = 24,   /* letters of a word that are looked at */
    MAX_PIECES = LONGEST_WORD,
};

/* Bytes that stand for signs outside ASCII. */
enum { MARK = 0xAD, SMALL_LETTER = 0xE1, CAPITAL_LETTER = 0xC1 };

typedef enum { BLANK, TAG, NUMBER, WORD, SIGN } token_kind;
typedef enum { AFTER_SPACE, JOINED, AFTER_BLANK } token_gap;

typedef struct {
    int32_t start; /* of the token without the one space before it */
    int32_t end;
    uint8_t kind;
    uint8_t gap;
} token;

/* What is known of one token: rows of the table of facts, and the sort of each fact (for learning). */
typedef struct {
    int32_t count;
    uint16_t row[MAX_FACTS];
    uint8_t sort[MAX_FACTS];
} token_facts;

/* Neighbouring tokens of one type. */
typedef struct {
    int32_t start, end; /* half-open, in signs */
    int32_t type;
    float odds; /* log odds of any type against none, of the likeliest token */
} run;

/* An open table from a hash to a number. */
typedef struct {
    uint64_t *keys; /* 0 is empty */
    uint32_t *values;
    uint32_t mask;
} hash_table;

typedef struct {
    hash_table lists;  /* a word to one bit for each list that holds it */
    hash_table pieces; /* a piece to its number */
    const int8_t *facts;            /* BUCKETS x WIDTH */
    const float *facts_scale;       /* WIDTH */
    const int8_t *piece_vectors;    /* pieces x PIECE_WIDTH */
    const float *piece_scale;       /* PIECE_WIDTH */
    const float *meaning;           /* 2 PIECE_WIDTH x WIDTH: the first piece, then the mean of all */
    const float *meaning_bias;      /* WIDTH */
    const float *layer[MAX_LAYERS]; /* left, middle, right: 3 WIDTH x WIDTH, packed by network.c */
    const float *layer_bias[MAX_LAYERS];
    const float *out;      /* WIDTH x PANEL */
    const float *out_bias; /* PANEL */
    float *packed;
    int32_t gap[MAX_LAYERS];
    int32_t layers, reach;
} tagger;

/* hashes.c */
uint64_t hash_of(uint64_t seed, const uint8_t *bytes, int32_t length);
int table_reserve(hash_table *table, size_t entries); /* 0 if there is no memory */
void table_free(hash_table *table);
uint32_t *table_put(hash_table *table, uint64_t key);             /* its place, 0 at first */
int table_get(const hash_table *table, uint64_t key, uint32_t *value);

/* tokens.c */
int32_t tokens_of(const uint8_t *signs, int32_t length, token *out); /* out: room for length tokens */
int is_letter(uint8_t sign);
int is_capital(uint8_t sign);

/* facts.c */
void facts_of(const tagger *tagger, const uint8_t *signs, const token *token, token_facts *out);
int32_t pieces_of(const tagger *tagger, const uint8_t *signs, const token *token, int32_t *out);

/* network.c */
void pack_layer(const float *weights, float *packed);
int scores_of(const tagger *tagger, const uint8_t *signs, const token *tokens, int32_t count, float *out);

#endif

/* Facts summed to a vector for each token; layers that look left and right; one score for each type.
 *
 * 32-bit arithmetic. A token's numbers are summed in the same order wherever it stands, so the same surroundings
 * give the same scores to the last bit. Long notes go through in blocks: memory does not grow with them. */
#include <stdlib.h>
#include <string.h>

#include "tagger.h"

typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t eight_bits __attribute__((vector_size(32)));

enum {
    BLOCK = 240,                /* tokens scored at once */
    AT_ONCE = 6,                /* tokens in one step of a product */
    LARGEST_MEMO = 512,         /* vectors kept for tokens that come again in this call */
};

typedef struct {
    uint64_t key; /* 0 is empty */
    const uint8_t *word;
    int32_t size;
    float vector[WIDTH];
} memo_entry;

typedef struct {
    float (*rows[2])[WIDTH]; /* of the first token; rows of nothing stand before it and after the last */
    memo_entry *memo;
    uint32_t memo_mask;
} workspace;

/* (3 WIDTH, WIDTH) row by row, to panels of PANEL columns, each with all rows. */
void pack_layer(const float *weights, float *packed) {
    for (int panel = 0; panel < WIDTH / PANEL; panel++)
        for (int row = 0; row < 3 * WIDTH; row++)
            for (int column = 0; column < PANEL; column++)
                *packed++ = weights[row * WIDTH + panel * PANEL + column];
}

static void add_facts(const tagger *tagger, const uint8_t *signs, const token *token, float *vector) {
    token_facts facts;
    int16_t sums[WIDTH] = {0};
    facts_of(tagger, signs, token, &facts);
    for (int32_t fact = 0; fact < facts.count; fact++) {
        const int8_t *row = tagger->facts + (size_t)facts.row[fact] * WIDTH;
        for (int at = 0; at < WIDTH; at++) sums[at] = (int16_t)(sums[at] + row[at]);
    }
    for (int at = 0; at < WIDTH; at++)
        vector[at] = (float)sums[at] * tagger->facts_scale[at] + tagger->meaning_bias[at];
}

static void add_meaning(const tagger *tagger, const uint8_t *signs, const token *token, float *vector) {
    int32_t pieces[MAX_PIECES];
    int32_t count = pieces_of(tagger, signs, token, pieces);
    if (!count) return;
    eight totals[WIDTH / 8] = {0};
    float meaning[2 * PIECE_WIDTH];
    int32_t sums[PIECE_WIDTH] = {0};
    for (int32_t piece = 0; piece < count; piece++) {
        const int8_t *row = tagger->piece_vectors + (size_t)pieces[piece] * PIECE_WIDTH;
        for (int at = 0; at < PIECE_WIDTH; at++) sums[at] += row[at];
    }
    const int8_t *first = tagger->piece_vectors + (size_t)pieces[0] * PIECE_WIDTH;
    for (int at = 0; at < PIECE_WIDTH; at++) {
        meaning[at] = (float)first[at] * tagger->piece_scale[at];
        meaning[PIECE_WIDTH + at] = (float)sums[at] * tagger->piece_scale[at] / (float)count;
    }
    for (int row = 0; row < 2 * PIECE_WIDTH; row++)
        for (int at = 0; at < WIDTH / 8; at++)
            totals[at] += meaning[row] * *(const eight *)(tagger->meaning + row * WIDTH + 8 * at);
    for (int at = 0; at < WIDTH; at++) vector[at] += totals[at / 8][at % 8];
}

static void vector_of(const tagger *tagger, const uint8_t *signs, const token *token, const workspace *work, float *out) {
    const uint8_t *word = signs + token->start;
    int32_t size = token->end - token->start;
    uint64_t key = hash_of(token->gap + 50, word, size);
    memo_entry *held = &work->memo[key & work->memo_mask];
    if (held->key != key || held->size != size || memcmp(held->word, word, (size_t)size) != 0) {
        add_facts(tagger, signs, token, held->vector);
        add_meaning(tagger, signs, token, held->vector);
        for (int at = 0; at < WIDTH; at++) held->vector[at] = held->vector[at] > 0 ? held->vector[at] : 0;
        held->key = key;
        held->word = word;
        held->size = size;
    }
    memcpy(out, held->vector, sizeof held->vector);
}

/* AT_ONCE rows of PANEL columns: what was, and relu of the product with the rows at -gap, 0 and +gap. */
static void step(const float (*in)[WIDTH], float (*out)[WIDTH], int32_t gap, int first_column, const float *weights,
                 const float *bias) {
    eight sums[AT_ONCE][2];
    for (int row = 0; row < AT_ONCE; row++) {
        sums[row][0] = *(const eight *)bias;
        sums[row][1] = *(const eight *)(bias + 8);
    }
    for (int side = -1; side <= 1; side++) {
        const float(*beside)[WIDTH] = in + side * gap;
        for (int at = 0; at < WIDTH; at++, weights += PANEL) {
            eight low = *(const eight *)weights, high = *(const eight *)(weights + 8);
            for (int row = 0; row < AT_ONCE; row++) {
                sums[row][0] += beside[row][at] * low;
                sums[row][1] += beside[row][at] * high;
            }
        }
    }
    for (int row = 0; row < AT_ONCE; row++)
        for (int half = 0; half < 2; half++) {
            eight sum = sums[row][half];
            eight *target = (eight *)(out[row] + first_column + 8 * half);
            const eight *was = (const eight *)(in[row] + first_column + 8 * half);
            *target = *was + (eight)((eight_bits)sum & (sum > 0));
        }
}

static void apply_layer(const tagger *tagger, int layer, const float (*in)[WIDTH], float (*out)[WIDTH], int32_t count) {
    for (int panel = 0; panel < WIDTH / PANEL; panel++)
        for (int32_t row = 0; row < count; row += AT_ONCE)
            step(in + row, out + row, tagger->gap[layer], panel * PANEL,
                 tagger->layer[layer] + panel * 3 * WIDTH * PANEL, tagger->layer_bias[layer] + panel * PANEL);
    memset(out[count], 0, sizeof(float) * WIDTH * (MAX_GAP + AT_ONCE));
}

static void score_rows(const tagger *tagger, const float (*rows)[WIDTH], int32_t count, float *out) {
    for (int32_t row = 0; row < count; row++, out += TYPES) {
        eight low = *(const eight *)tagger->out_bias, high = *(const eight *)(tagger->out_bias + 8);
        for (int at = 0; at < WIDTH; at++) {
            low += rows[row][at] * *(const eight *)(tagger->out + at * PANEL);
            high += rows[row][at] * *(const eight *)(tagger->out + at * PANEL + 8);
        }
        for (int type = 0; type < TYPES; type++) out[type] = type < 8 ? low[type] : high[type - 8];
    }
}

/* Scores of tokens first..last of a block, seen with those from..to around them. */
static void score_block(const tagger *tagger, const uint8_t *signs, const token *tokens, int32_t from, int32_t first,
                        int32_t last, int32_t to, const workspace *work, float *out) {
    int32_t count = to - from;
    float(*in)[WIDTH] = work->rows[0], (*next)[WIDTH] = work->rows[1];
    for (int32_t at = 0; at < count; at++) vector_of(tagger, signs, &tokens[from + at], work, in[at]);
    memset(in[count], 0, sizeof(float) * WIDTH * (MAX_GAP + AT_ONCE));
    for (int layer = 0; layer < tagger->layers; layer++) {
        apply_layer(tagger, layer, (const float(*)[WIDTH])in, next, count);
        float(*swapped)[WIDTH] = in;
        in = next;
        next = swapped;
    }
    score_rows(tagger, (const float(*)[WIDTH])(in + first - from), last - first, out);
}

/* One piece of memory, no larger than the note needs, and never larger than a block does. */
static int make_room(const tagger *tagger, int32_t count, workspace *work) {
    int32_t longest = BLOCK + 2 * tagger->reach;
    size_t rows = (size_t)(count < longest ? count : longest) + 2 * MAX_GAP + AT_ONCE, entries = 16;
    while (entries < LARGEST_MEMO && entries < (size_t)count * 2) entries *= 2;
    work->memo = malloc(entries * sizeof *work->memo + 2 * rows * sizeof *work->rows[0]);
    if (!work->memo) return 0;
    work->memo_mask = (uint32_t)entries - 1;
    for (size_t at = 0; at < entries; at++) work->memo[at].key = 0;
    for (int side = 0; side < 2; side++) {
        float(*first)[WIDTH] = (float(*)[WIDTH])(void *)(work->memo + entries) + (size_t)side * rows;
        memset(first, 0, sizeof *first * MAX_GAP);
        work->rows[side] = first + MAX_GAP;
    }
    return 1;
}

int scores_of(const tagger *tagger, const uint8_t *signs, const token *tokens, int32_t count, float *out) {
    workspace work;
    if (!make_room(tagger, count, &work)) return 0;
    for (int32_t first = 0; first < count; first += BLOCK) {
        int32_t last = first + BLOCK < count ? first + BLOCK : count;
        int32_t from = first > tagger->reach ? first - tagger->reach : 0;
        int32_t to = last + tagger->reach < count ? last + tagger->reach : count;
        score_block(tagger, signs, tokens, from, first, last, to, &work, out + (size_t)first * TYPES);
    }
    free(work.memo);
    return 1;
}

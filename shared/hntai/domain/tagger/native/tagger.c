/* What Python calls: open, find runs, facts for learning, close. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tagger.h"

static const char MAGIC[8] = "HNTAITG1";

/* The weights as hntai_local.tagger_training.weights writes them: MAGIC, five 32-bit numbers (WIDTH,
 * PIECE_WIDTH, TYPES, BUCKETS, layers), MAX_LAYERS gaps, then the arrays in the order they are read in. */
typedef struct {
    const uint8_t *at, *end;
} reader;

static const void *take(reader *from, size_t bytes) {
    if ((size_t)(from->end - from->at) < bytes) return NULL;
    const void *found = from->at;
    from->at += bytes;
    return found;
}

static int read_head(tagger *made, reader *from) {
    const char *magic = take(from, sizeof MAGIC);
    const int32_t *head = take(from, sizeof(int32_t) * (5 + MAX_LAYERS));
    if (!magic || !head || memcmp(magic, MAGIC, sizeof MAGIC) != 0) return 0;
    if (head[0] != WIDTH || head[1] != PIECE_WIDTH || head[2] != TYPES || head[3] != BUCKETS) return 0;
    made->layers = head[4];
    if (made->layers < 1 || made->layers > MAX_LAYERS) return 0;
    for (int layer = 0; layer < made->layers; layer++) {
        made->gap[layer] = head[5 + layer];
        if (made->gap[layer] < 1 || made->gap[layer] > MAX_GAP) return 0;
        made->reach += made->gap[layer];
    }
    return 1;
}

static int read_arrays(tagger *made, reader *from) {
    const size_t number = sizeof(float), layer_size = (size_t)3 * WIDTH * WIDTH;
    made->facts_scale = take(from, number * WIDTH);
    made->meaning = take(from, number * 2 * PIECE_WIDTH * WIDTH);
    made->meaning_bias = take(from, number * WIDTH);
    made->out = take(from, number * WIDTH * PANEL);
    made->out_bias = take(from, number * PANEL);
    made->packed = malloc(number * layer_size * (size_t)made->layers);
    if (!made->packed) return 0;
    for (int layer = 0; layer < made->layers; layer++) {
        const float *weights = take(from, number * layer_size);
        made->layer_bias[layer] = take(from, number * WIDTH);
        if (!weights) return 0;
        pack_layer(weights, made->packed + layer_size * (size_t)layer);
        made->layer[layer] = made->packed + layer_size * (size_t)layer;
    }
    made->facts = take(from, (size_t)BUCKETS * WIDTH);
    return made->facts && from->at == from->end;
}

static size_t lines_of(const char *text, size_t size) {
    size_t lines = 0;
    for (size_t at = 0; at < size; at++) lines += text[at] == '\n';
    return lines;
}

/* Words by line; a line of one form feed opens the next list. */
static int read_lists(tagger *made, const char *text, size_t size) {
    if (!table_reserve(&made->lists, lines_of(text, size))) return 0;
    uint32_t list = 0;
    for (const char *at = text, *end = text + size, *line; at < end && list < LISTS; at = line + 1) {
        line = memchr(at, '\n', (size_t)(end - at));
        if (!line) return 0;
        if (*at == '\f') list++;
        else *table_put(&made->lists, hash_of(0, (const uint8_t *)at, (int32_t)(line - at))) |= 1u << list;
    }
    return 1;
}

/* Pieces by line, ## before those that go on a word; vectors: PIECE_WIDTH scales, then eight bits for each number of
 * each piece, in the same order. */
static int read_pieces(tagger *made, const char *text, size_t size, reader *vectors) {
    size_t count = lines_of(text, size);
    made->piece_scale = take(vectors, sizeof(float) * PIECE_WIDTH);
    made->piece_vectors = take(vectors, count * PIECE_WIDTH);
    if (!made->piece_vectors || vectors->at != vectors->end || !table_reserve(&made->pieces, count)) return 0;
    const char *at = text;
    for (uint32_t number = 0; number < count; number++) {
        const char *line = memchr(at, '\n', (size_t)(text + size - at));
        int goes_on = line - at > 2 && at[0] == '#' && at[1] == '#';
        const char *piece = at + 2 * goes_on;
        *table_put(&made->pieces, hash_of(goes_on ? 2 : 1, (const uint8_t *)piece, (int32_t)(line - piece))) =
            number;
        at = line + 1;
    }
    return 1;
}

void tagger_close(tagger *old) {
    if (!old) return;
    table_free(&old->lists);
    table_free(&old->pieces);
    free(old->packed);
    free(old);
}

/* Weights and vectors are used where they are and must outlive the tagger; lists and pieces may go.
 * NULL: one of them is not as described, or there is no memory. */
tagger *tagger_open(const uint8_t *weights, size_t weights_size, const char *lists, size_t lists_size,
                    const char *pieces, size_t pieces_size, const uint8_t *vectors, size_t vectors_size) {
    tagger *made = calloc(1, sizeof *made);
    reader from = {weights, weights + weights_size}, from_vectors = {vectors, vectors + vectors_size};
    if (made && read_head(made, &from) && read_arrays(made, &from) && read_lists(made, lists, lists_size) &&
        read_pieces(made, pieces, pieces_size, &from_vectors))
        return made;
    tagger_close(made);
    return NULL;
}

/* Keeps those tokens that stand so near to a tag that it can matter, and what their scores depend on.
 * wanted: one number for each kept token, whether its score is asked for. */
static int32_t near_tags(const tagger *tagger, token *tokens, int32_t count, uint8_t *wanted) {
    int32_t kept = 0, last_tag = -1, next_tag = -1;
    const int32_t reach = tagger->reach;
    for (int32_t at = 0; at < count; at++) {
        if (next_tag < at)
            for (next_tag = at; next_tag < count && tokens[next_tag].kind != TAG; next_tag++) {
            }
        if (tokens[at].kind == TAG) last_tag = at;
        int32_t before = last_tag < 0 ? INT32_MAX : at - last_tag;
        int32_t after = next_tag == count ? INT32_MAX : next_tag - at;
        int32_t distance = before < after ? before : after;
        if (distance > 2 * reach) continue;
        wanted[kept] = distance <= reach;
        tokens[kept++] = tokens[at];
    }
    return kept;
}

/* Log odds of any type against none, and the likeliest type; no more than `least` where they cannot be above it. */
static float odds_of(const float *scores, float least, int32_t *type) {
    *type = 1;
    for (int32_t at = 2; at < TYPES; at++)
        if (scores[at] > scores[*type]) *type = at;
    const float most = 2.4f; /* log of TYPES - 1, by which any type can be likelier than the likeliest one */
    if (scores[*type] - scores[0] + most <= least) return least;
    float sum = 0;
    for (int32_t at = 1; at < TYPES; at++) sum += expf(scores[at] - scores[*type]);
    return scores[*type] + logf(sum) - scores[0];
}

enum { WIDEST_GAP = 3 };

/* True where only a few blanks of one line part a token from the run before it. */
static int goes_on(const uint8_t *signs, const run *last, int32_t type, const token *token) {
    if (last->type != type || token->start - last->end > WIDEST_GAP) return 0;
    for (int32_t at = last->end; at < token->start; at++)
        if (signs[at] != ' ' && signs[at] != '\t') return 0;
    return 1;
}

static int32_t runs_of(const uint8_t *signs, const token *tokens, const uint8_t *wanted, int32_t count,
                       const float *scores, float least, run *out) {
    int32_t found = 0;
    for (int32_t at = 0; at < count; at++) {
        if (!wanted[at] || tokens[at].kind == TAG || tokens[at].kind == BLANK) continue;
        int32_t type;
        float odds = odds_of(scores + (size_t)at * TYPES, least, &type);
        if (odds <= least) continue;
        if (found && goes_on(signs, &out[found - 1], type, &tokens[at])) {
            out[found - 1].end = tokens[at].end;
            if (odds > out[found - 1].odds) out[found - 1].odds = odds;
        } else {
            out[found++] = (run){tokens[at].start, tokens[at].end, type, odds};
        }
    }
    return found;
}

/* Runs of tokens more likely of a type than `least` says, left to right; at most one for each sign.
 * Returns how many, -1 if there is no memory. only_near_tags: of tokens whose scores a scrubber's tag can change. */
int32_t tagger_runs(const tagger *tagger, const uint8_t *signs, int32_t length, float least, int only_near_tags,
                    run *out) {
    int32_t found = -1;
    token *tokens = malloc(sizeof *tokens * ((size_t)length + 1));
    int32_t count = tokens ? tokens_of(signs, length, tokens) : 0;
    uint8_t *wanted = malloc((size_t)count + 1);
    if (tokens && wanted) {
        memset(wanted, 1, (size_t)count + 1);
        if (only_near_tags) count = near_tags(tagger, tokens, count, wanted);
        float *scores = malloc(sizeof *scores * TYPES * ((size_t)count + 1));
        if (scores && scores_of(tagger, signs, tokens, count, scores))
            found = runs_of(signs, tokens, wanted, count, scores, least, out);
        free(scores);
    }
    free(wanted);
    free(tokens);
    return found;
}

/* Each token's scores, for tests; out: room for TYPES numbers for each sign. Returns how many tokens, -1 no memory. */
int32_t tagger_scores(const tagger *tagger, const uint8_t *signs, int32_t length, token *tokens, float *out) {
    int32_t count = tokens_of(signs, length, tokens);
    return scores_of(tagger, signs, tokens, count, out) ? count : -1;
}

/* A token's facts and pieces, for learning. */
void tagger_facts(const tagger *tagger, const uint8_t *signs, const token *token, token_facts *facts, int32_t *pieces,
                  int32_t *piece_count) {
    facts_of(tagger, signs, token, facts);
    *piece_count = pieces_of(tagger, signs, token, pieces);
}

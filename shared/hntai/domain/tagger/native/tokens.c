/* A note's signs cut into tokens, nothing left over: runs of letters, runs of digits, single signs, gaps, and
 * what a scrubber leaves. One space before a token belongs to it. */
#include <string.h>

#include "tagger.h"

int is_capital(uint8_t sign) { return (sign >= 'A' && sign <= 'Z') || sign == CAPITAL_LETTER; }

int is_letter(uint8_t sign) { return is_capital(sign) || (sign >= 'a' && sign <= 'z') || sign == SMALL_LETTER; }

static int is_digit(uint8_t sign) { return sign >= '0' && sign <= '9'; }

static int is_space(uint8_t sign) {
    return sign == ' ' || (sign >= '\t' && sign <= '\r') || (sign >= 0x1C && sign <= 0x1F);
}

static const char *const TAG_WORDS[] = {
    "REDACTED", "NAME",    "LOCATION", "FACILITY", "DATE",   "AGE", "PHONE", "FAX",       "EMAIL",    "SSN",
    "MRN",      "HEALTH_PLAN", "ACCOUNT", "LICENSE",  "VEHICLE", "DEVICE", "URL", "IP", "BIOMETRIC", "OTHER_ID",
};

/* Length of [REDACTED], [NAME], [NAME_12]; 0 if none starts here. */
static int32_t bracketed(const uint8_t *signs, int32_t at, int32_t length) {
    for (size_t n = 0; n < sizeof TAG_WORDS / sizeof *TAG_WORDS; n++) {
        int32_t size = (int32_t)strlen(TAG_WORDS[n]);
        int32_t end = at + 1 + size;
        if (end >= length || memcmp(signs + at + 1, TAG_WORDS[n], (size_t)size) != 0) continue;
        if (n && signs[end] == '_') {
            int32_t digits = 0;
            while (digits < 6 && end + 1 + digits < length && is_digit(signs[end + 1 + digits])) digits++;
            if (digits && end + 1 + digits < length && signs[end + 1 + digits] == ']') return 3 + size + digits;
        }
        if (signs[end] == ']') return 2 + size;
    }
    return 0;
}

/* Length of a scrubber's mark: a tag, 90+, 300**; 0 if none starts here. */
static int32_t tag_length(const uint8_t *signs, int32_t at, int32_t length) {
    if (signs[at] == '[') return bracketed(signs, at, length);
    if (!is_digit(signs[at]) || (at > 0 && is_digit(signs[at - 1]))) return 0;
    if (at + 3 <= length && memcmp(signs + at, "90+", 3) == 0) return 3;
    if (at + 5 <= length && is_digit(signs[at + 1]) && is_digit(signs[at + 2]) && signs[at + 3] == '*' &&
        signs[at + 4] == '*')
        return 5;
    return 0;
}

static int32_t end_of_word(const uint8_t *signs, int32_t at, int32_t length) {
    while (at < length && (is_letter(signs[at]) || signs[at] == MARK)) at++;
    return at;
}

static int32_t end_of_number(const uint8_t *signs, int32_t at, int32_t length) {
    while (at < length && is_digit(signs[at])) at++;
    return at;
}

static int32_t end_of_blank(const uint8_t *signs, int32_t at, int32_t length) {
    int holds_line = signs[at] == '\n';
    while (at < length && is_space(signs[at]) && (holds_line || signs[at] != '\n')) at++;
    return at;
}

static token token_at(const uint8_t *signs, int32_t at, int32_t length) {
    int32_t start = signs[at] == ' ' && at + 1 < length && !is_space(signs[at + 1]) ? at + 1 : at;
    token found = {start, start + 1, SIGN, start > at ? AFTER_SPACE : JOINED};
    int32_t tag = tag_length(signs, start, length);
    if (tag) {
        found.kind = TAG;
        found.end = start + tag;
    } else if (is_letter(signs[start])) {
        found.kind = WORD;
        found.end = end_of_word(signs, start, length);
    } else if (is_digit(signs[start])) {
        found.kind = NUMBER;
        found.end = end_of_number(signs, start, length);
    } else if (is_space(signs[start])) {
        found.kind = BLANK;
        found.end = end_of_blank(signs, start, length);
    }
    return found;
}

int32_t tokens_of(const uint8_t *signs, int32_t length, token *out) {
    int32_t count = 0;
    for (int32_t at = 0; at < length; at = out[count++].end) {
        out[count] = token_at(signs, at, length);
        int begins = count == 0 || out[count - 1].kind == BLANK;
        if (begins && out[count].gap == JOINED) out[count].gap = AFTER_BLANK;
    }
    return count;
}

/* Hashes of short strings, and an open table from a hash to a number. The strings themselves are not kept:
 * two of some 200,000 share all 64 bits with a chance of one in a billion. */
#include <stdlib.h>

#include "tagger.h"

uint64_t hash_of(uint64_t seed, const uint8_t *bytes, int32_t length) {
    uint64_t hash = 0xCBF29CE484222325u ^ (seed * 0x9E3779B97F4A7C15u);
    for (int32_t at = 0; at < length; at++) hash = (hash ^ bytes[at]) * 0x100000001B3u;
    hash ^= hash >> 32;
    hash *= 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
    return hash ? hash : 1;
}

int table_reserve(hash_table *table, size_t entries) {
    size_t size = 16;
    while (size < 2 * entries) size *= 2;
    table->keys = calloc(size, sizeof *table->keys);
    table->values = calloc(size, sizeof *table->values);
    table->mask = (uint32_t)size - 1;
    return table->keys && table->values;
}

void table_free(hash_table *table) {
    free(table->keys);
    free(table->values);
}

uint32_t *table_put(hash_table *table, uint64_t key) {
    uint32_t at = (uint32_t)key & table->mask;
    while (table->keys[at] && table->keys[at] != key) at = (at + 1) & table->mask;
    table->keys[at] = key;
    return &table->values[at];
}

int table_get(const hash_table *table, uint64_t key, uint32_t *value) {
    for (uint32_t at = (uint32_t)key & table->mask; table->keys[at]; at = (at + 1) & table->mask)
        if (table->keys[at] == key) {
            *value = table->values[at];
            return 1;
        }
    return 0;
}

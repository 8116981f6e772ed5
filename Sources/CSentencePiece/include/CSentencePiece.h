// The part of SentencePiece that turns text into ids. Functions that can fail
// return 0 for success, otherwise they write a message into the caller's
// buffer; no C++ exception leaves them.
#ifndef CSENTENCEPIECE_H
#define CSENTENCEPIECE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csp_processor csp_processor;

// Reads a `.model` file held in memory.
int csp_open(
  const void *bytes, size_t byte_count, csp_processor **processor, char *message,
  size_t capacity);
void csp_close(csp_processor *processor);

// Encodes UTF-8; `*ids` is to be freed with `csp_free`. May be called from several threads.
int csp_encode(
  const csp_processor *processor, const char *text, size_t byte_count, int32_t **ids,
  size_t *count, char *message, size_t capacity);
void csp_free(int32_t *ids);

// The id of a piece, or of the unknown piece.
int32_t csp_piece_id(const csp_processor *processor, const char *piece);
// Ids of the special pieces; -1 where the model has none.
int32_t csp_unknown_id(const csp_processor *processor);
int32_t csp_end_id(const csp_processor *processor);
int32_t csp_padding_id(const csp_processor *processor);

#ifdef __cplusplus
}
#endif
#endif

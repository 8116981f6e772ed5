#include "CSentencePiece.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <vector>

struct csp_processor {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

int fail(char *message, size_t capacity, const char *text) {
  if (capacity > 0) std::snprintf(message, capacity, "%s", text);
  return 1;
}

// Runs `body`, turning whatever it throws into a message.
template <typename Body>
int guarded(char *message, size_t capacity, Body body) noexcept {
  try {
    return body();
  } catch (const std::exception &error) {
    return fail(message, capacity, error.what());
  } catch (...) {
    return fail(message, capacity, "an unknown exception");
  }
}

}  // namespace

extern "C" {

int csp_open(
  const void *bytes, size_t byte_count, csp_processor **out, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    auto made = std::make_unique<csp_processor>();
    const auto status = made->processor.LoadFromSerializedProto(
      absl::string_view(static_cast<const char *>(bytes), byte_count));
    if (!status.ok()) return fail(message, capacity, status.message());
    *out = made.release();
    return 0;
  });
}

void csp_close(csp_processor *processor) { delete processor; }

int csp_encode(
  const csp_processor *processor, const char *text, size_t byte_count, int32_t **ids,
  size_t *count, char *message, size_t capacity) {
  return guarded(message, capacity, [&] {
    std::vector<int> encoded;
    const auto status =
      processor->processor.Encode(absl::string_view(text, byte_count), &encoded);
    if (!status.ok()) return fail(message, capacity, status.message());
    auto *copy = static_cast<int32_t *>(std::malloc((encoded.size() + 1) * sizeof(int32_t)));
    if (!copy) throw std::bad_alloc();
    std::copy(encoded.begin(), encoded.end(), copy);
    *ids = copy;
    *count = encoded.size();
    return 0;
  });
}

void csp_free(int32_t *ids) { std::free(ids); }

int32_t csp_piece_id(const csp_processor *processor, const char *piece) {
  return processor->processor.PieceToId(piece);
}

int32_t csp_unknown_id(const csp_processor *processor) {
  return processor->processor.unk_id();
}

int32_t csp_end_id(const csp_processor *processor) { return processor->processor.eos_id(); }

int32_t csp_padding_id(const csp_processor *processor) {
  return processor->processor.pad_id();
}

}  // extern "C"

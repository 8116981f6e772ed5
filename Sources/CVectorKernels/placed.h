// Bounds of the scores of placed rows, written once over sixteen integers, as near.h is and with its operations: every
// instruction set compiles this text for its own registers. Integers are exact, and the float operations of a row are rounded
// one by one, so the bounds are the same bits everywhere.
//
// Who includes this has included near.h, and defined `store_bounds`.

INLINE void placed_tile(const cvk_placed *rows, const cvk_placed_query *query, size_t panel,
                        size_t panel_count, float *bounds) {
  const int32_t none[16] = {0};
  ints high[2], low[2];
  size_t size = 16 * rows->width;
  UNROLL
  for (size_t p = 0; p < panel_count; p++) {
    high[p] = begun(none, query->high_sum);
    low[p] = begun(none, query->low_sum);
  }
  const int8_t *codes = rows->codes + panel * size;
  for (size_t i = 0; i < size; i += 64) {
    quad high_digits = load_quad(query->high + i / 16), low_digits = load_quad(query->low + i / 16);
    UNROLL
    for (size_t p = 0; p < panel_count; p++) {
      panel_type values = load_panel(codes + p * size + i);
      high[p] = dotted(high[p], values, high_digits);
      low[p] = dotted(low[p], values, low_digits);
    }
  }
  UNROLL
  for (size_t p = 0; p < panel_count; p++) {
    size_t first = 16 * (panel + p);
    store_bounds(high[p], low[p], rows->errors + first, rows->rests + first, query, bounds + 16 * p);
  }
}

NEAR_KERNEL void placed_bounds(const cvk_placed *rows, const cvk_placed_query *query, size_t first,
                               size_t last, float *bounds) {
  size_t panel = first;
  for (; panel + 2 <= last; panel += 2)
    placed_tile(rows, query, panel, 2, bounds + 16 * (panel - first));
  if (panel < last) placed_tile(rows, query, panel, 1, bounds + 16 * (panel - first));
}

// Which pairs of rows may be near, written once over sixteen integers: every instruction set compiles this text for its own
// registers. Integers are exact, and the three float operations of a pair are rounded one by one, so the bits are the same.
//
// Who includes this has defined: INLINE; NEAR, the name of the kernel, and NEAR_KERNEL, its type; `ints`, sixteen integers;
// `panel_type`, quad codes of each of sixteen rows; `quad`, those of one row for all; `begun`, `load_panel`, `load_quad`, `dotted`
// and `near_mask`; LEFT_AT_ONCE (1, 2 or 4) and PANELS_AT_ONCE (1, 2 or 4), what the registers hold.

INLINE void near_tile(const cvk_panels *left, size_t row, const cvk_panels *right, size_t first,
                      uint16_t *masks, size_t stride, size_t row_count, size_t panel_count) {
  ints sums[4][4];
  size_t width = right->width, size = 16 * width;
  UNROLL
  for (size_t p = 0; p < panel_count; p++)
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      sums[r][p] = begun(right->starts + 16 * (first + p), left->sums[row + r]);
  const int8_t *own = left->codes + row / 16 * size + row % 16 * 4;
  const int8_t *others = right->codes + first * size;
  for (size_t i = 0; i < size; i += 64) {
    quad codes[4];
    UNROLL
    for (size_t r = 0; r < row_count; r++) codes[r] = load_quad(own + i + 4 * r);
    UNROLL
    for (size_t p = 0; p < panel_count; p++) {
      panel_type values = load_panel(others + p * size + i);
      UNROLL
      for (size_t r = 0; r < row_count; r++) sums[r][p] = dotted(sums[r][p], values, codes[r]);
    }
  }
  UNROLL
  for (size_t p = 0; p < panel_count; p++)
    UNROLL
    for (size_t r = 0; r < row_count; r++)
      masks[r * stride + p] = near_mask(sums[r][p], right->rests + 16 * (first + p),
                                        left->rests[row + r], left->least[row + r]);
}

NEAR_KERNEL void NEAR(const cvk_panels *left, size_t left_first, size_t left_last,
                      const cvk_panels *right, size_t right_first, size_t right_last,
                      uint16_t *masks, size_t stride) {
  size_t first = right_first;
  for (; first + PANELS_AT_ONCE <= right_last; first += PANELS_AT_ONCE) {
    for (size_t row = left_first; row < left_last; row += LEFT_AT_ONCE)
      near_tile(left, row, right, first, masks + (row - left_first) * stride + (first - right_first),
                stride, LEFT_AT_ONCE, PANELS_AT_ONCE);
  }
  for (; first < right_last; first++) {
    for (size_t row = left_first; row < left_last; row += LEFT_AT_ONCE)
      near_tile(left, row, right, first, masks + (row - left_first) * stride + (first - right_first),
                stride, LEFT_AT_ONCE, 1);
  }
}

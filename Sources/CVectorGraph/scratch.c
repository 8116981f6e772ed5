#include "internal.h"

#include <stdlib.h>

cvg_scratch *cvg_make_scratch(void) { return calloc(1, sizeof(cvg_scratch)); }

void cvg_free_scratch(cvg_scratch *scratch) {
  if (!scratch) return;
  free(scratch->top.items);
  free(scratch->next.items);
  free(scratch->seen.slots);
  free(scratch);
}

bool cvg_set_limit(nearest_list *list, size_t limit) {
  list->count = 0;
  list->limit = limit;
  if (limit <= list->capacity) return true;
  candidate *larger = realloc(list->items, limit * sizeof *larger);
  if (!larger) return false;
  list->items = larger;
  list->capacity = limit;
  return true;
}

// umappp behind a few C functions. It is no part of the package's build: `scripts/setup --map` compiles it to a
// library of its own, which is opened at run time.
//
// No exception leaves it, it starts no thread, and layouts do not know one another.
#include "shim.h"

#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "umappp/umappp.hpp"

struct cumap_layout {
  umappp::Status<int32_t, float> status;
};

namespace {

template <typename Work> int guarded(char *message, size_t room, Work work) {
  try {
    work();
    return 0;
  } catch (const std::bad_alloc &) {
    std::snprintf(message, room, "out of memory");
  } catch (const std::exception &error) {
    std::snprintf(message, room, "%s", error.what());
  } catch (...) {
    std::snprintf(message, room, "an unknown exception");
  }
  return 1;
}

} // namespace

int parallax_umap_interface(void) { return CUMAP_SHIM_INTERFACE; }

const char *parallax_umap_version(void) { return PARALLAX_UMAP_VERSION; }

int parallax_umap_begin(
  const int32_t *neighbours, const float *distances, size_t count, const cumap_settings *settings,
  cumap_layout **layout, int *epochs, char *message, size_t room) {
  return guarded(message, room, [&] {
    const size_t each = static_cast<size_t>(settings->neighbours);
    umappp::NeighborList<int32_t, float> lists(count);
    for (size_t point = 0; point < count; point++) {
      lists[point].reserve(each);
      for (size_t place = point * each; place < (point + 1) * each; place++) {
        lists[point].emplace_back(neighbours[place], distances[place]);
      }
    }
    umappp::Options options;
    options.initialize_method = umappp::InitializeMethod::NONE;
    options.min_dist = settings->minimum_distance;
    if (settings->epochs > 0) options.num_epochs = settings->epochs;
    options.optimize_seed = settings->seed;
    options.num_threads = 1;
    // The start is the caller's: nothing is written here.
    float *none = nullptr;
    auto status = umappp::initialize(std::move(lists), static_cast<std::size_t>(2), none, std::move(options));
    *epochs = status.num_epochs();
    *layout = new cumap_layout{std::move(status)};
  });
}

int parallax_umap_run(cumap_layout *layout, int epochs, float *coordinates, char *message, size_t room) {
  return guarded(message, room, [&] { layout->status.run(coordinates, epochs); });
}

void parallax_umap_end(cumap_layout *layout) { delete layout; }

#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <mutex>
#include <vector>

/// Memory for nodes, which are never given back one by one: blocks in the largest pages there are, since
/// a walk through the graph touches a page a step.
class arena {
 public:
  using value_type = char;
  using size_type = std::size_t;
  using pointer = char *;
  using const_pointer = const char *;

  arena() = default;
  // What asks for a copy means a new one.
  arena(const arena &) noexcept {}
  arena &operator=(const arena &) noexcept {
    reset();
    return *this;
  }
  arena(arena &&other) noexcept { swap(other); }
  arena &operator=(arena &&other) noexcept {
    swap(other);
    return *this;
  }
  ~arena() { reset(); }

  char *allocate(std::size_t count) noexcept {
    const std::lock_guard<std::mutex> guard(mutex_);
    count = (count + 63) / 64 * 64;
    if (count > left_ && !grow(count)) return nullptr;
    char *taken = next_;
    next_ += count;
    left_ -= count;
    return taken;
  }

  void deallocate(char *, std::size_t) noexcept {}

  void reset() noexcept {
    for (const block &each : blocks_) munmap(each.start, each.count);
    blocks_.clear();
    next_ = nullptr;
    left_ = 0;
  }

  std::size_t total_allocated() const noexcept {
    std::size_t total = 0;
    for (const block &each : blocks_) total += each.count;
    return total - left_;
  }
  std::size_t total_wasted() const noexcept { return 0; }
  std::size_t total_reserved() const noexcept { return left_; }

 private:
  struct block {
    void *start;
    std::size_t count;
  };

  bool grow(std::size_t least) noexcept try {
    // Twice as much each time, from one large page to 256 MB.
    std::size_t count = blocks_.empty() ? smallest : blocks_.back().count * 2;
    if (count > largest) count = largest;
    while (count < least) count *= 2;
    void *start = mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return false;
#ifdef MADV_HUGEPAGE
    madvise(start, count, MADV_HUGEPAGE);
#endif
    blocks_.push_back({start, count});
    next_ = static_cast<char *>(start);
    left_ = count;
    return true;
  } catch (...) {
    return false;
  }

  void swap(arena &other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(next_, other.next_);
    std::swap(left_, other.left_);
  }

  static constexpr std::size_t smallest = std::size_t(2) << 20, largest = std::size_t(256) << 20;
  std::mutex mutex_;
  std::vector<block> blocks_;
  char *next_ = nullptr;
  std::size_t left_ = 0;
};

// OpenCV behind four C functions. It is no part of the package's build: `scripts/setup --geometry`
// compiles it to a library of its own, which is opened at run time.
//
// No exception leaves it, it keeps no state between calls, and it may be called from several threads.
#include "shim.h"

#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <vector>

namespace {

int silent(int, const char *, const char *, const char *, int, void *) { return 0; }

// The same numbers on every processor of a kind: without its own dispatch OpenCV runs the code that was
// compiled for all of them, and in one thread. Nothing else in the process uses OpenCV.
struct Setup {
  Setup() {
    cv::setNumThreads(1);
    cv::setUseOptimized(false);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(silent);
  }
};
const Setup setup;

template <typename Work> int guarded(char *message, size_t room, Work work) {
  const char *reason = "an unknown exception";
  try {
    work();
    return 0;
  } catch (const cv::Exception &error) {
    // The text of `what` names a source file of OpenCV's and runs over several lines.
    std::snprintf(message, room, "OpenCV: %s", error.err.c_str());
    return 1;
  } catch (const std::bad_alloc &) {
    reason = "out of memory";
  } catch (const std::exception &error) {
    std::snprintf(message, room, "%s", error.what());
    return 1;
  } catch (...) {
  }
  std::snprintf(message, room, "%s", reason);
  return 1;
}

} // namespace

int parallax_opencv_interface(void) { return CGEOMETRY_SHIM_INTERFACE; }

const char *parallax_opencv_version(void) {
  static const cv::String version = cv::getVersionString();
  return version.c_str();
}

int parallax_opencv_describe(
  const uint8_t *grey, int width, int height, size_t stride, int doubled, int contrast,
  size_t capacity, cgeo_point *points, uint8_t *descriptors, size_t *count, char *message, size_t room) {
  return guarded(message, room, [&] {
    // OpenCV takes a pointer that is not const, and only reads through it.
    cv::Mat image(height, width, CV_8UC1, const_cast<uint8_t *>(grey), stride);
    if (doubled) cv::resize(image, image, cv::Size(), 2, 2, cv::INTER_LINEAR_EXACT);
    std::vector<cv::KeyPoint> found;
    cv::Mat bits;
    cv::ORB::create(
      static_cast<int>(capacity), 1.2F, 8, 15, 0, 2, cv::ORB::HARRIS_SCORE, 31, contrast)
      ->detectAndCompute(image, cv::noArray(), found, bits);
    // Those that are as strong as the last one come beyond the asked number.
    *count = std::min(capacity, found.size());
    for (size_t index = 0; index < *count; index++) {
      const cv::Point2f at = found[index].pt;
      points[index] = doubled ? cgeo_point{at.x / 2 - 0.25F, at.y / 2 - 0.25F} : cgeo_point{at.x, at.y};
      const uint8_t *row = bits.ptr<uint8_t>(static_cast<int>(index));
      std::copy(row, row + CGEO_DESCRIPTOR, descriptors + index * CGEO_DESCRIPTOR);
    }
  });
}

int parallax_opencv_estimate(
  const cgeo_point *from, const cgeo_point *to, size_t count, double tolerance, int iterations,
  double matrix[6], uint8_t *agrees, int *found, char *message, size_t room) {
  return guarded(message, room, [&] {
    std::vector<cv::Point2f> starts, ends;
    for (size_t index = 0; index < count; index++) {
      starts.emplace_back(from[index].x, from[index].y);
      ends.emplace_back(to[index].x, to[index].y);
    }
    // Its random numbers start from a fixed seed in every call.
    std::vector<uint8_t> mask;
    const cv::Mat map = cv::estimateAffine2D(
      starts, ends, mask, cv::RANSAC, tolerance, static_cast<size_t>(iterations), 0.995);
    *found = !map.empty() && mask.size() == count;
    if (!*found) return;
    std::copy(map.ptr<double>(0), map.ptr<double>(0) + 6, matrix);
    std::copy(mask.begin(), mask.end(), agrees);
  });
}

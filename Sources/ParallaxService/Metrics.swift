private import Synchronization

/// What was answered, counted as Prometheus reads it (text format 0.0.4).
final class Metrics: Sendable {
  /// Upper ends of the histogram's buckets in seconds.
  static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private struct Key: Hashable, Comparable {
    var route: String
    var method: String
    var status: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.route, left.method, left.status) < (right.route, right.method, right.status)
    }
  }

  private struct Histogram {
    var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var sum = 0.0
  }

  private struct State {
    var requests: [Key: Int] = [:]
    var times: [String: Histogram] = [:]
  }

  private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  private let state = Mutex(State())

  /// - Parameter route: its template: what clients write is in no label.
  func note(_ route: String, _ method: String, _ status: Int, seconds: Double) {
    let method = Self.methods.contains(method) ? method : "other"
    state.withLock { state in
      state.requests[Key(route: route, method: method, status: status), default: 0] += 1
      let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
      state.times[route, default: Histogram()].counts[bucket] += 1
      state.times[route, default: Histogram()].sum += seconds
    }
  }

  var total: Int { state.withLock { $0.requests.values.reduce(0, +) } }

  /// - Parameter gauges: name, help, and a value for each label.
  func text(_ gauges: [(name: String, help: String, values: [(label: String, value: Double)])])
    -> String
  {
    let (requests, times) = state.withLock { ($0.requests, $0.times) }
    var lines = [
      "# HELP parallax_http_requests_total Requests that were answered.",
      "# TYPE parallax_http_requests_total counter",
    ]
    for (key, count) in requests.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "parallax_http_requests_total{route=\"\(key.route)\",method=\"\(key.method)\","
          + "status=\"\(key.status)\"} \(count)")
    }
    let name = "parallax_http_request_seconds"
    lines += ["# HELP \(name) Time to answer.", "# TYPE \(name) histogram"]
    for (route, histogram) in times.sorted(by: { $0.key < $1.key }) {
      var sum = 0
      for (bound, count) in zip(Self.bounds, histogram.counts) {
        sum += count
        lines.append("\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(sum)")
      }
      let all = histogram.counts.reduce(0, +)
      lines.append("\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(all)")
      lines.append("\(name)_sum{route=\"\(route)\"} \(histogram.sum)")
      lines.append("\(name)_count{route=\"\(route)\"} \(all)")
    }
    for gauge in gauges {
      lines += ["# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge"]
      lines += gauge.values.map { "\(gauge.name)\($0.label) \($0.value)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

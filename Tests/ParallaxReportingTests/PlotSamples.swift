import ParallaxCore

@testable import ParallaxReporting

/// Tables such as commands make, for drawings.
enum PlotSamples {
  /// As `compare --dims` gives them, in long form.
  static let dims = Table(
    columns: [
      .init("system", .text), .init("metric", .text), .init("value", .real), .init("low", .real),
      .init("high", .real), .init("difference", .real), .init("diff_low", .real),
      .init("diff_high", .real), .init("dimension", .integer), .init("bytes_per_vector", .integer),
    ],
    rows: [
      ["256", "ndcg@10", 0.412, 0.381, 0.445, nil, nil, nil, 256, 1024],
      ["256", "recall@10", 0.61, 0.57, 0.65, nil, nil, nil, 256, 1024],
      ["128", "ndcg@10", 0.409, 0.377, 0.441, -0.003, -0.009, 0.004, 128, 512],
      ["128", "recall@10", 0.605, 0.565, 0.645, -0.005, -0.015, 0.006, 128, 512],
      ["64", "ndcg@10", 0.388, 0.356, 0.421, -0.024, -0.036, -0.011, 64, 256],
      ["64", "recall@10", 0.574, 0.533, 0.614, -0.036, -0.054, -0.017, 64, 256],
      ["32", "ndcg@10", 0.331, 0.3, 0.362, -0.081, -0.099, -0.063, 32, 128],
      ["32", "recall@10", 0.502, 0.46, 0.543, -0.108, -0.132, -0.083, 32, 128],
    ])

  /// As `eval` gives two systems at several depths.
  static let depths = Table(
    columns: [
      .init("system", .text), .init("metric", .text), .init("value", .real), .init("low", .real),
      .init("high", .real),
    ],
    rows: [
      ("photos@base", [0.31, 0.48, 0.58, 0.74, 0.91]),
      ("photos@base after mini-cross", [0.39, 0.57, 0.66, 0.78, 0.91]),
    ].flatMap { system, values in
      zip([1, 5, 10, 30, 100], values).map { depth, value -> [Value] in
        [
          .text(system), .text("recall@\(depth)"), .real(value), .real(value - 0.05),
          .real(value + 0.04),
        ]
      }
    })

  /// As `compare --per-query` gives it.
  static let questions = Table(
    columns: [
      .init("query", .text), .init("text", .text), .init("photos@base", .real),
      .init("photos@v2", .real), .init("difference", .real),
    ],
    rows: [0.31, -0.4, 0.0, 0.12, 0.07, 0.0, -0.05, 0.25, 0.02, 0.5, -0.11, 0.18].enumerated().map {
      index, value -> [Value] in
      [.text("q\(index + 1)"), "a <red> car & more", 0.4, .real(0.4 + value), .real(value)]
    })

  /// Two columns of numbers that repeat.
  static let points = Table(
    columns: [.init("width", .integer), .init("score", .real), .init("class", .text)],
    rows: (0..<40).map { index -> [Value] in
      let score = 0.2 + Double((index * 53) % 29) / 60
      let name = ["cat", "dog", "shoe"][index % 3]
      return [Value(200 + (index * 37) % 11 * 40), .real(score), .text(name)]
    })

  /// A request written as `x`, `y` and more.
  static func request(
    x: String? = nil, y: String? = nil, _ change: (inout PlotRequest) -> Void = { _ in }
  ) -> PlotRequest {
    var request = PlotRequest()
    (request.x, request.y) = (x, y)
    change(&request)
    return request
  }
}

import ParallaxCore
import Testing

@testable import ParallaxReporting

@Suite struct PlotErrorTests {
  private typealias Samples = PlotSamples

  private struct Case: CustomTestStringConvertible, Sendable {
    var table = PlotSamples.dims
    var request: PlotRequest
    var parameter: String
    var message: String
    var hint: String?

    var testDescription: String { message }
  }

  private static let columns =
    "system, metric, value, low, high, difference, diff_low, diff_high, dimension, bytes_per_vector"

  private static let cases = [
    Case(
      request: Samples.request(x: "dimensin", y: "ndcg@10"), parameter: "x",
      message: "the result has no column 'dimensin'", hint: "did you mean 'dimension'?"),
    Case(
      request: Samples.request(x: "bytes", y: "ndgc@10"), parameter: "y",
      message: "the result has no column and no metric 'ndgc@10'", hint: "did you mean 'ndcg@10'?"),
    Case(
      request: Samples.request(x: "bytes", y: "mrr"), parameter: "y",
      message: "the result has no column and no metric 'mrr'",
      hint: "its metrics are ndcg@10, recall@10"),
    Case(
      table: Samples.points, request: Samples.request(x: "width", y: "scor"), parameter: "y",
      message: "the result has no column 'scor'", hint: "did you mean 'score'?"),
    Case(
      request: Samples.request(x: "bytes", y: "system"), parameter: "y",
      message: "column 'system' holds texts; --y takes a column of numbers"),
    Case(
      request: Samples.request(x: "system", y: "value") { $0.kind = "line" }, parameter: "x",
      message: "column 'system' holds texts; --x takes a column of numbers"),
    Case(
      request: Samples.request(x: "dim", y: "value") { ($0.low, $0.high) = ("low", "metric") },
      parameter: "high",
      message: "column 'metric' holds texts; --high takes a column of numbers"),
    Case(
      request: Samples.request(x: "dim"), parameter: "y",
      message: "--y is missing: which column or metric is drawn", hint: "the result has \(columns)"),
    Case(
      request: Samples.request(y: "value"), parameter: "x",
      message: "--x is missing: which column 'value' is drawn over",
      hint: "the result has \(columns)"),
    Case(
      request: Samples.request(x: "difference", y: "value") { $0.xScale = .logarithmic },
      parameter: "x-scale",
      message: "a logarithmic axis has positive numbers only; 'difference' has −0.108",
      hint: "leave --x-scale out, or choose linear"),
    Case(
      table: Samples.points,
      request: Samples.request(x: "width", y: "score") { $0.group = "score" },
      parameter: "group", message: "a drawing has at most 24 series; 'score' has 29"),
    Case(
      table: Samples.points.replacing(rows: [[nil, 1.0, "a"], [1, .real(.infinity), "a"]]),
      request: Samples.request(x: "width", y: "score"), parameter: "y",
      message: "there is nothing to draw: no row has a number in 'score' over 'width'"),
    Case(
      table: Samples.questions, request: Samples.request { $0.kind = "lines" }, parameter: "kind",
      message:
        "'lines' is not a kind of drawing; the kinds are differences, line, points, intervals",
      hint: "did you mean 'line'?"),
  ]

  @Test(arguments: cases.indices)
  func `an error names the column and the option`(index: Int) throws {
    let wanted = Self.cases[index]
    let error = try #require(throws: ParallaxError.self) {
      try Drawing(of: wanted.table, named: nil, wanted.request)
    }
    #expect(error.message == wanted.message)
    #expect(error.hint == wanted.hint)
    #expect(error.parameter?.name == wanted.parameter)
  }
}

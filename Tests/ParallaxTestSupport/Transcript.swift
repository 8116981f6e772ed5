private import ParallaxCore

/// The commands of a Markdown notebook with the output that it shows, for comparison with a real one.
///
/// In a fenced block that begins with ` ```parallax`, a line that starts with `> ` is a command and the
/// lines after it are its output. A block without such lines holds commands whose output is not
/// compared. `...` alone stands for any lines and `[..]` for any words of a line. Numbers with a point
/// agree when they do to the digits written, or within `tol=` of the block.
package struct Transcript: Sendable {
  package struct Step: Sendable {
    package var command: String
    /// `nil` where the output is not compared.
    package var expected: [String]?
    /// How far numbers may be apart beyond rounding.
    package var tolerance: Double
    /// Of the command in the notebook, from 1.
    package var line: Int
  }

  package private(set) var steps: [Step] = []

  package init(notebook text: String) {
    var block: [Step] = []
    var tolerance: Double?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        if tolerance != nil {
          steps += block
          (block, tolerance) = ([], nil)
        } else if line.hasPrefix("```parallax") {
          let option = line.split(separator: " ").first { $0.hasPrefix("tol=") }
          tolerance = option.flatMap { Double($0.dropFirst(4)) } ?? 0
        }
      } else if let tolerance {
        if line.hasPrefix("> ") {
          block.append(
            Step(
              command: String(line.dropFirst(2)), expected: [], tolerance: tolerance,
              line: index + 1))
        } else if block.last?.expected != nil {
          if !line.isEmpty { block[block.count - 1].expected?.append(String(line)) }
        } else if !line.isEmpty {
          block.append(
            Step(command: String(line), expected: nil, tolerance: tolerance, line: index + 1))
        }
      }
    }
  }

  /// The commands as a script.
  package var script: String { steps.map { $0.command + "\n" }.joined() }

  /// What differs in the output of the script, run with `--echo`; a sentence a command.
  package func differences(from output: String) -> [String] {
    var actual: [(command: String, lines: [String])] = []
    for line in output.split(separator: "\n") {
      if line.hasPrefix("> ") {
        actual.append((String(line.dropFirst(2)), []))
      } else if !actual.isEmpty {
        actual[actual.count - 1].lines.append(String(line))
      }
    }
    guard actual.count == steps.count else {
      return ["\(actual.count) of \(steps.count) commands ran"]
    }
    return zip(steps, actual).compactMap { step, actual in
      guard let expected = step.expected,
        !Self.matches(expected[...], actual.lines[...], tolerance: step.tolerance)
      else { return nil }
      return "line \(step.line): '\(step.command)' gave\n" + actual.lines.joined(separator: "\n")
    }
  }

  private static func matches(
    _ expected: ArraySlice<String>, _ actual: ArraySlice<String>, tolerance: Double
  ) -> Bool {
    guard let first = expected.first else { return actual.isEmpty }
    if first.trimmingBlanks == "..." {
      return (actual.startIndex...actual.endIndex).contains {
        matches(expected.dropFirst(), actual[$0...], tolerance: tolerance)
      }
    }
    guard let line = actual.first else { return false }
    return agree(words(first)[...], words(line)[...], tolerance)
      && matches(expected.dropFirst(), actual.dropFirst(), tolerance: tolerance)
  }

  private static func words(_ line: String) -> [Substring] { line.split(separator: " ") }

  private static func agree(
    _ expected: ArraySlice<Substring>, _ actual: ArraySlice<Substring>, _ tolerance: Double
  ) -> Bool {
    guard let first = expected.first else { return actual.isEmpty }
    if first == "[..]" {
      return (actual.startIndex...actual.endIndex).contains {
        agree(expected.dropFirst(), actual[$0...], tolerance)
      }
    }
    guard let word = actual.first else { return false }
    return (first == word || areNear(first, word, tolerance))
      && agree(expected.dropFirst(), actual.dropFirst(), tolerance)
  }

  private static func areNear(_ expected: Substring, _ actual: Substring, _ tolerance: Double)
    -> Bool
  {
    guard let point = expected.firstIndex(of: "."), let wanted = Double(expected),
      let found = Double(actual)
    else { return false }
    let digits = expected.distance(from: point, to: expected.endIndex) - 1
    var unit = 1.0
    for _ in 0..<digits { unit /= 10 }
    return abs(wanted - found) <= tolerance + unit / 2 * 1.000_001
  }
}

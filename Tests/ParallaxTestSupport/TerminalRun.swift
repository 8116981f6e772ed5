private import ParallaxCore

#if canImport(FoundationEssentials)
  private import FoundationEssentials
#else
  private import Foundation
#endif

/// A program on a terminal of its own, typed at step by step.
package enum TerminalRun {
  package enum Step: Sendable {
    /// Waits until the text is shown behind what was expected last.
    case expect(String)
    case send(String)
    /// From now on the terminal answers a text, once.
    case answer(String, with: String)
    /// Ctrl-Z, and once the program has stopped it goes on.
    case stop
    case resize(rows: Int, columns: Int)
    /// Waits until the program ends.
    case end

    fileprivate var json: String {
      switch self {
      case .expect(let text): #"{"expect": \#(Self.quoted(text))}"#
      case .send(let text): #"{"send": \#(Self.quoted(text))}"#
      case .answer(let question, let reply):
        #"{"answer": [\#(Self.quoted(question)), \#(Self.quoted(reply))]}"#
      case .stop: #"{"stop": true}"#
      case .resize(let rows, let columns): #"{"resize": [\#(rows), \#(columns)]}"#
      case .end: #"{"end": true}"#
      }
    }

    private static func quoted(_ text: String) -> String {
      let escaped = text.unicodeScalars.map { scalar in
        scalar == "\"" || scalar == "\\"
          ? "\\\(scalar)"
          : scalar.value >= 0x20
            ? "\(scalar)" : "\\u" + String(0x10000 + scalar.value, radix: 16).dropFirst()
      }
      return "\"\(escaped.joined())\""
    }
  }

  /// What was shown, and how the program ended.
  package struct Seen: Decodable, Sendable {
    package var code: Int
    package var raw: String
    /// Without control sequences.
    package var text: String
  }

  /// - Parameter output: a file that the standard output goes to instead of the terminal.
  /// - Throws: `missing-component` without Python, or naming the step that could not be done.
  package static func run(
    _ command: [String], _ steps: [Step], rows: Int = 24, columns: Int = 80, output: String? = nil,
    environment: [String: String] = [:], folder: String
  ) async throws -> Seen {
    guard let python = ProviderServer.python else {
      throw ParallaxError(.missingComponent, "a terminal needs Python")
    }
    let script = TestData.packageRoot + "/Tests/ParallaxTestSupport/Servers/terminal.py"
    let outcome = try await ProgramRun(
      python,
      [script, "--size", "\(rows)x\(columns)"] + (output.map { ["--stdout", $0] } ?? []) + command,
      input: steps.map { $0.json + "\n" }.joined(), environment: environment, folder: folder
    ).finish()
    guard outcome.code == 0 else {
      throw ParallaxError(.missingComponent, "the terminal: \(outcome.errors)")
    }
    return try JSONDecoder().decode(Seen.self, from: Data(outcome.output.utf8))
  }
}

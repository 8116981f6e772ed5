internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxText

/// What a check of a notebook found, for a person.
struct NotebookReport: Sendable {
  /// Which outputs are written into the page.
  enum Writing: Sendable {
    case nothing
    /// Where a command shows none yet.
    case pending
    /// Where they differ, too.
    case all
  }

  let file: NotebookFile
  let outcome: NotebookOutcome
  let writing: Writing
  let verdicts: [StepVerdict]
  /// What is wrong and stays so.
  let wrong: [StepVerdict]
  /// What the numbers came from that is otherwise now than the lock says.
  let causes: [String]

  init(_ file: NotebookFile, _ outcome: NotebookOutcome, writing: Writing) {
    (self.file, self.outcome, self.writing) = (file, outcome, writing)
    verdicts = outcome.steps.map(StepVerdict.init)
    wrong = verdicts.filter { !$0.isRight && $0.update(writing) == nil }
    causes = file.lock.map { outcome.lock.changes(since: $0, isWhole: outcome.isWhole) } ?? []
  }

  /// What its commands warned of, each once with its place.
  var warnings: [String] {
    var lines: [String: [Int]] = [:]
    var texts: [String] = []
    for outcome in outcome.steps {
      for text in outcome.warnings {
        if lines[text] == nil { texts.append(text) }
        let line = outcome.step.lines.lowerBound + 1
        if lines[text]?.last != line { lines[text, default: []].append(line) }
      }
    }
    return texts.map { text in
      let places = (lines[text] ?? []).map(String.init)
      let others = places.dropFirst()
      let also = others.count == 1 ? "line" : "lines"
      return "\(file.path):\(places.first ?? ""): warning: \(text)"
        + (others.isEmpty ? "" : " (also \(also) \(others.joined(separator: ", ")))")
    }
  }

  /// Whether `--update` would write something.
  var canUpdate: Bool {
    writing != .all && (!causes.isEmpty || wrong.contains { !$0.hasFailed })
  }

  var isRight: Bool { wrong.isEmpty && causes.isEmpty }

  /// The outputs to write.
  var changes: [(Notebook.Expectation, new: [String])] {
    verdicts.compactMap { verdict in
      verdict.outcome.step.expected.flatMap { expected in
        verdict.update(writing).map { (expected, new: $0) }
      }
    }
  }

  /// Causes, then the differences command by command, then one line that sums up.
  func text(usesColor: Bool) -> String {
    let remark = file.lock.flatMap { outcome.lock.remark(since: $0) }
    var first = causes
    if !isRight, let remark { first.append(remark) }
    let steps = wrong.map { verdict in
      let step = verdict.outcome.step
      let command = step.source.text.split(separator: "\n").first.map(String.init) ?? ""
      let head = "\(file.path):\(step.lines.lowerBound + 1): \(command)"
      let lines = lines(verdict).map { painted($0, usesColor) + "\n" }.joined()
      return TerminalText.escaped(head) + "\n" + lines + "\n"
    }
    return first.map { TerminalText.escaped("\(file.path): \($0)") + "\n" }.joined()
      + (first.isEmpty || steps.isEmpty ? "" : "\n") + steps.joined()
      + TerminalText.escaped("\(file.path): \(summary)") + "\n"
  }

  /// How many commands were compared, and what came of it.
  private var summary: String {
    let compared = Wording.count(
      verdicts.count { $0.outcome.step.expected != nil }, "command")
    let failed = wrong.count { $0.hasFailed }
    let differing = wrong.count - failed
    var parts: [String] = []
    if verdicts.allSatisfy({ $0.comparison == nil }), isRight {
      return "every command ran, and none has an output to compare"
    }
    if differing > 0 {
      parts.append(
        "\(Wording.count(differing)) of \(compared) compared \(differing == 1 ? "differs" : "differ")"
      )
    }
    if failed > 0 {
      let rest = file.notebook.steps.count - verdicts.count
      let commands = Wording.count(rest, "step")
      parts.append("one failed" + (rest > 0 ? ", and \(commands) after it did not run" : ""))
    }
    if !changes.isEmpty { parts.append("\(Wording.count(changes.count, "output")) written") }
    return parts.isEmpty ? "\(compared) compared, all as expected" : parts.joined(separator: "; ")
  }

  private func lines(_ verdict: StepVerdict) -> [OutputComparison.DifferenceLine] {
    var lines: [OutputComparison.DifferenceLine] = []
    func remark(_ text: String) { lines.append(.init(kind: .remark, text: text)) }
    switch verdict.kind {
    case .notCompared, .asExpected: break
    case .pending:
      lines += verdict.outcome.output.lines.map { .init(kind: .extra, text: $0) }
      remark("the page does not show this yet: 'check --pending' writes it")
    case .differs:
      if let comparison = verdict.comparison, !comparison.isSame {
        lines += comparison.difference
        if let share = comparison.share {
          remark("\(share.found) of \(share.of) rows are there")
        }
      }
      if let ending = verdict.ending { remark(ending) }
    case .failed(let error):
      let block = ErrorFormatter(width: CanonicalOutput.width, showsCodes: true).error(error)
      lines += PrintedOutput(block).lines.map { .init(kind: .extra, text: $0) }
      remark(
        verdict.outcome.step.expected == nil
          ? "it should not fail"
          : "it should not fail; if it should, end what is expected with "
            + "'exit: \(verdict.outcome.exitCode ?? 1)'")
    }
    return lines
  }

  private func painted(_ line: OutputComparison.DifferenceLine, _ usesColor: Bool) -> String {
    let (sign, color) =
      switch line.kind {
      case .same: ("    ", "")
      case .missing: ("  - ", "31")
      case .extra: ("  + ", "32")
      case .remark: ("    (", "2")
      }
    let text = sign + TerminalText.escaped(line.text) + (line.kind == .remark ? ")" : "")
    return usesColor && !color.isEmpty ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
  }
}

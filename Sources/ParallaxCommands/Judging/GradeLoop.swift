internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Shows answers to a person, one after the other, and keeps each grade before the next is asked for.
@MainActor
struct GradeLoop {
  private enum Key {
    case grade(Int)
    case skip, undo, quit
  }

  let session: Session
  let judging: Judging
  let answers: GradeAnswers

  /// Places that were answered, in order; the grade of each.
  private var answered: [(place: Int, grade: Int?)] = []
  private var place = 0
  /// The question that was shown last.
  private var shown: String?
  private var lines = 0

  init(_ judging: Judging, in session: Session, answers: GradeAnswers) {
    (self.session, self.judging, self.answers) = (session, judging, answers)
  }

  private static let help =
    "3: exactly what is asked for, 2: mostly, 1: related, 0: something else, s: skip, u: take the last "
    + "grade back, q: stop; each with Enter"

  /// - Throws: `needs-confirmation` where there is nobody to answer; `invalid-value` for a line of a file that
  ///   is no answer; `read-only`, `damaged-data`; `CancellationError`. What was graded is kept.
  mutating func run(_ handler: @escaping EventHandler) async throws {
    session.console.note(Self.help)
    repeat {
      while place < judging.pairs.count {
        let pair = judging.pairs[place]
        try await show(pair, handler)
        switch try read() {
        case .grade(let grade):
          try session.bench.keep(grade, of: pair, in: judging)
          answered.append((place, grade))
          place += 1
        case .skip:
          answered.append((place, nil))
          place += 1
        case .undo: try takeBack()
        case .quit: return
        }
      }
    } while try takesLastBack()
  }

  /// Whether the last answer is to be taken back, which then is done.
  private mutating func takesLastBack() throws -> Bool {
    guard answers.isTyped else {
      // A line that is none of these is for the next command.
      let word = Self.word(try answers.peek("that was the last · u takes it back, q ends [u/q] "))
      guard ["u", "undo", "q", "quit"].contains(word) else { return false }
      _ = try session.answers?.next()
      guard word.hasPrefix("u") else { return false }
      try takeBack()
      return true
    }
    while let line = try answers.next(
      "that was the last · Enter ends, u takes it back [Enter/u] ")
    {
      switch Self.word(line) {
      case "", "q", "quit": return false
      case "u", "undo":
        try takeBack()
        return true
      default: continue
      }
    }
    return false
  }

  private static func word(_ line: String?) -> String { (line ?? "").trimmingBlanks.lowercased() }

  /// What was done.
  var summary: String {
    let grades = answered.compactMap(\.grade)
    let counts = Grade.scale.reversed().compactMap { grade -> String? in
      let count = grades.count { $0 == grade }
      return count == 0 ? nil : "\(Wording.count(count)) of grade \(grade)"
    }
    let verb = judging.judge.kind == .settled ? "settled" : "kept"
    var text =
      "\(verb) \(Wording.count(grades.count, judging.judge.kind == .settled ? "answer" : "grade"))"
      + " in '\(judging.name)'"
    if !counts.isEmpty { text += ": " + counts.joined(separator: ", ") }
    let skipped = answered.count - grades.count
    if skipped > 0 { text += "; \(Wording.count(skipped)) skipped" }
    let left = judging.pairs.count - place + judging.beyond
    if left > 0 { text += "; \(Wording.count(left, "answer")) left" }
    if judging.beyond > 0 { text += ", \(Wording.count(judging.beyond)) of them beyond --top" }
    return text
  }

  /// The answer to a pair; a word that is none is asked for again, from a person.
  private mutating func read() throws -> Key {
    let number = "\(Wording.count(place + 1)) of \(Wording.count(judging.pairs.count))"
    while true {
      guard let line = try answers.next("\(number) · how well does it answer? [0-3/s/u/q] ") else {
        guard lines > 0 || answers.isPrompt else { throw GradeAnswers.nobody }
        return .quit
      }
      lines += 1
      let word = Self.word(line)
      switch word {
      case "s", "skip": return .skip
      case "u", "undo":
        if !answered.isEmpty { return .undo }
        session.console.note("there is no grade to take back")
      case "q", "quit": return .quit
      case "" where !answers.isTyped: continue
      default:
        if let grade = Grade.scale.first(where: { String($0) == word }) { return .grade(grade) }
        guard answers.isTyped else {
          throw ParallaxError(
            .invalidValue,
            "line \(Wording.count(lines)) of the standard input is no answer: it takes 0 to 3, s, u or q; "
              + "got '\(line.prefix(20))'",
            hint: "the grades before it are kept; the same command goes on")
        }
        session.console.note(Self.help)
      }
    }
  }

  /// Goes back to the last pair, and to what was said of it before.
  private mutating func takeBack() throws {
    guard let last = answered.popLast() else { return }
    place = last.place
    guard last.grade != nil else { return }
    try session.bench.takeBack(judging.pairs[place], in: judging)
    session.console.note("took the last grade back")
  }

  // MARK: - Showing

  private mutating func show(
    _ pair: Judging.Pair, _ handler: @escaping EventHandler
  ) async throws {
    let question = judging.questions[pair.question]
    if shown != pair.question {
      shown = pair.question
      session.console.note("question '\(pair.question)': \(question?.words ?? "not known")")
    }
    // What is asked by stands beside each answer; an answer to words has the screen for itself.
    let asked = try cards(of: question)
    let format = try FormatRegistry.format(named: "table")
    if case .drawn(let outlet) = try session.pictureOutlet(for: format, isAlone: asked.isEmpty) {
      let answer = PictureCard(pair.item, ["id = \(pair.item.id.rawValue)"])
      let (pictures, failures) = try await session.draw(asked + [answer], on: outlet, handler)
      for band in pictures.bands { try session.console.write(band) }
      if let failure = PictureFailures.sentence(failures) { session.console.note(failure) }
    } else {
      let size = pair.item.width.flatMap { width in
        pair.item.height.map { "\(width) × \($0), " }
      }
      session.console.note(
        "\(pair.item.id.rawValue) · \(size ?? "")\(Wording.bytes(Int(pair.item.size))) · "
          + pair.item.path)
    }
    var parts: [String] = []
    if let before = pair.before {
      let what =
        before.kind == .settled
        ? "'\(before.judge)' settled it as \(before.grade)" : "you said \(before.grade) before"
      parts.append(what + (before.hash == pair.item.hash ? "" : ", of another picture"))
    }
    if !pair.others.isEmpty { parts.append(pair.others.words) }
    session.console.note(parts: parts)
  }

  /// The pictures that a question asks by.
  private func cards(of question: Question?) throws -> [PictureCard] {
    try (question?.terms ?? []).compactMap { term -> PictureCard? in
      let words = term.weight < 0 ? "not like this" : "asked by this"
      switch term.content {
      case .text: return nil
      case .image(let path): return PictureCard(path: path, [words])
      case .item(let id):
        return try session.workspace.item(id, in: judging.collection).map {
          PictureCard($0, [words])
        }
      }
    }
  }
}

internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText
internal import ParallaxWorkbench

/// Shows pairs to a person, one after the other, and keeps each answer before the next is asked for.
@MainActor
struct ReviewLoop {
  private enum Answer {
    case verdict(Verdict.Answer)
    case skip, undo, quit
  }

  let session: Session
  let review: PairReview
  let judge: String?
  /// `nil` where the person has had enough.
  let ask: (String) -> String?

  /// Places that were answered, in order; what holds of each.
  private var answered: [(place: Int, answer: Verdict.Answer?)] = []
  private var place = 0

  init(
    session: Session, review: PairReview, judge: String?, ask: @escaping (String) -> String?
  ) {
    (self.session, self.review, self.judge, self.ask) = (session, review, judge, ask)
  }

  private static let help =
    "y: the same picture, n: not the same, s: skip, u: take the last answer back, q: stop; each with Enter"

  /// - Throws: `read-only`, `damaged-data`; `CancellationError`. What was answered is kept.
  mutating func run(_ handler: @escaping EventHandler) async throws {
    session.console.note(Self.help)
    while place < review.pairs.count {
      let pair = review.pairs[place]
      try await show(pair, handler)
      switch read(pair) {
      case .verdict(let answer):
        try session.workspace.keep([
          Verdict(
            pair.contents, answer, at: Clock.now(), judge: judge, score: pair.score,
            identity: review.space.spec.identity)
        ])
        answered.append((place, answer))
        place += 1
      case .skip:
        answered.append((place, nil))
        place += 1
      case .undo: try takeBack()
      case .quit: return
      }
    }
  }

  /// What was done.
  var summary: [String] {
    let answers = answered.compactMap(\.answer)
    let duplicates = answers.count { $0 == .duplicate }
    let skipped = answered.count - answers.count
    var text =
      "kept \(Wording.count(answers.count, "verdict")): \(Wording.count(duplicates)) duplicate, "
      + "\(Wording.count(answers.count - duplicates)) distinct"
    if skipped > 0 { text += "; \(Wording.count(skipped)) skipped" }
    let left = review.pairs.count - place + review.beyond
    if left > 0 { text += "; \(Wording.count(left, "pair")) left" }
    if review.beyond > 0 { text += ", \(Wording.count(review.beyond)) of them beyond --top" }
    return [text]
  }

  /// The answer to a pair; a word that is none is asked for again.
  private func read(_ pair: PairReview.Pair) -> Answer {
    let number = "\(Wording.count(place + 1)) of \(Wording.count(review.pairs.count))"
    while true {
      guard let line = ask("\(number) · the same picture? [y/n/s/u/q] ") else { return .quit }
      switch line.lowercased().filter({ !$0.isWhitespace }) {
      case "y", "yes": return .verdict(.duplicate)
      case "n", "no": return .verdict(.distinct)
      case "s", "skip": return .skip
      case "u", "undo":
        if !answered.isEmpty { return .undo }
        session.console.note("there is no answer to take back")
      case "q", "quit": return .quit
      default: session.console.note(Self.help)
      }
    }
  }

  /// Goes back to the last pair, and to what was said of it before.
  private mutating func takeBack() throws {
    guard let last = answered.popLast() else { return }
    place = last.place
    guard last.answer != nil else { return }
    let pair = review.pairs[place]
    if let earlier = pair.verdict {
      try session.workspace.keep([earlier])
    } else {
      _ = try session.workspace.dropVerdicts(of: [pair.contents])
    }
    session.console.note("took the last answer back")
  }

  // MARK: - Showing

  private func show(_ pair: PairReview.Pair, _ handler: @escaping EventHandler) async throws {
    var parts = [
      "cosine \(fixed(pair.score))",
      "\(pair.score >= review.threshold ? "at or above" : "below") the threshold \(Wording.number(review.threshold))",
    ]
    if let verdict = pair.verdict { parts.append("judged \(verdict.answer.rawValue) before") }
    let items = [pair.left, pair.right]
    let table = Table(
      columns: [.init("id", .text), .init("size", .text), .init("path", .text)],
      rows: items.map { [.text($0.id.rawValue), .text(Self.size(of: $0)), .text($0.path)] })
    let format = try FormatRegistry.format(named: "table")
    guard case .drawn(let outlet) = try session.pictureOutlet(for: format) else {
      for item in items {
        session.console.note("\(item.id.rawValue) · \(Self.size(of: item)) · \(item.path)")
      }
      return session.console.note(parts: parts)
    }
    let collection = review.space.collection.name
    let (pictures, failures) = try await session.draw(
      items.map { ResultItem(collection: collection, id: $0.id) }, table, on: outlet, handler)
    for band in pictures.bands { try session.console.write(band) }
    if let failure = PictureFailures.sentence(failures) { session.console.note(failure) }
    session.console.note(parts: parts)
  }

  private func fixed(_ score: Double) -> String { "\(Float(score).shown)" }

  private static func size(of item: ItemRecord) -> String {
    let bytes = Wording.bytes(Int(item.size))
    guard let width = item.width, let height = item.height else { return bytes }
    return "\(width) × \(height), \(bytes)"
  }
}

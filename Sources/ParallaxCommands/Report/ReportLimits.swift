internal import ParallaxCore
internal import ParallaxReporting

/// How much of results a report shows.
struct ReportLimits: Sendable, Hashable {
  static let hits = 100
  static let hitsOfQuestion = 10
  static let usual = ReportLimits()

  /// Hits of a list; `nil` for ``hits``, and ``hitsOfQuestion`` of each of many questions.
  var top: Int?
  /// Of many questions.
  var questions = 8
  /// Of a table.
  var rows = 1_000
  /// Places with a picture.
  var pictures = 400
  /// Whether a command writes the page that has no options for them: 'report' has.
  var areSetElsewhere = false

  /// What was cut because somebody asked for it, and what was cut unasked: in sentences.
  struct Cuts: Sendable {
    var asked: [String] = []
    var unasked: [String] = []

    var all: [String] { unasked + asked }

    mutating func add(_ sentence: String, isAsked: Bool) {
      if isAsked { asked.append(sentence) } else { unasked.append(sentence) }
    }
  }

  /// `100 of 1 000 hits of 'q' are shown (--top)`; `nil` where all are.
  func sentence(
    _ shown: Int, of all: Int, _ nouns: (String, String), in name: String, _ option: String
  ) -> String? {
    guard shown < all else { return nil }
    let remedy = areSetElsewhere ? "'report' takes --\(option)" : "--\(option)"
    return "\(Wording.count(shown)) of \(Wording.count(all, nouns.0, nouns.1)) of \(name) "
      + "\(shown == 1 ? "is" : "are") shown (\(remedy))"
  }
}

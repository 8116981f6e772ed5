/// What was asked.
package struct ReportQuestion: Sendable, Hashable {
  package struct Term: Sendable, Hashable {
    /// What it is, such as `text` or `picture, subtracted`.
    package var role: String
    package var text: String?
    package var picture: ReportPicture.Source?

    package init(role: String, text: String? = nil, picture: ReportPicture.Source? = nil) {
      self.role = role
      self.text = text
      self.picture = picture
    }
  }

  /// A heading above it, where there are several questions.
  package var heading: String?
  package var terms: [Term]
  /// Answers to it, one beside the other.
  package var lists: [ReportList]
  /// A sentence about them.
  package var remark: String?

  package init(
    heading: String? = nil, terms: [Term], lists: [ReportList], remark: String? = nil
  ) {
    self.heading = heading
    self.terms = terms
    self.lists = lists
    self.remark = remark
  }
}

/// Hits in an order.
package struct ReportList: Sendable, Hashable {
  /// `nil` where there is no other list.
  package var name: String?
  /// What it answers, where the lists beside it answer something else.
  package var asked: [ReportQuestion.Term]
  package var hits: [ReportHit]

  package init(name: String? = nil, asked: [ReportQuestion.Term] = [], hits: [ReportHit]) {
    self.name = name
    self.asked = asked
    self.hits = hits
  }
}

/// An item that was found.
package struct ReportHit: Sendable, Hashable {
  /// What became of it since the first list.
  package enum Move: Sendable, Hashable {
    case entered, left, kept
    /// The place it had.
    case up(from: Int)
    case down(from: Int)
  }

  package var rank: Int
  package var id: String
  /// `nil` for an item that is in no collection that is known.
  package var picture: ReportPicture.Source?
  /// What the picture shows, in words; `nil` where nobody said it.
  package var caption: String?
  /// What made its place.
  package var scores: [ReportFact]
  /// What else is known of it.
  package var fields: [ReportFact]
  package var move: Move?
  /// Whether it is judged as relevant; `nil` where that is not known.
  package var isRelevant: Bool?

  package init(
    rank: Int, id: String, picture: ReportPicture.Source? = nil, caption: String? = nil,
    scores: [ReportFact] = [], fields: [ReportFact] = [], move: Move? = nil,
    isRelevant: Bool? = nil
  ) {
    self.rank = rank
    self.id = id
    self.picture = picture
    self.caption = caption
    self.scores = scores
    self.fields = fields
    self.move = move
    self.isRelevant = isRelevant
  }
}

extension ReportHit {
  /// Fields that stand under a picture; more are one press away.
  private static let most = 3

  func card(with pictures: inout ReportPictures) -> HTML {
    let picture = pictures.element(self.picture, alternative: caption ?? "item \(id)")
    var words = [HTML(.p, ["class": "rank"], [.text("\(rank)")] + marks)]
    words += caption.map { [HTML(.p, ["class": "words", "dir": "auto"], text: $0)] } ?? []
    words.append(HTML(.p, ["class": "id", "dir": "auto"], text: id))
    let (first, rest) = (scores + fields.prefix(Self.most), fields.dropFirst(Self.most))
    if !first.isEmpty { words.append(ReportFact.list(first)) }
    if !rest.isEmpty {
      words.append(
        HTML(
          .details, [:],
          [
            HTML(.summary, text: Wording.count(rest.count, "more field")),
            ReportFact.list(Array(rest)),
          ]))
    }
    return HTML(.li, [:], [HTML(.figure, [:], [picture, HTML(.figcaption, [:], words)])])
  }

  private var marks: [HTML] {
    var marks: [HTML] = []
    if let mark = move?.mark { marks.append(HTML(.span, ["class": mark.style], text: mark.words)) }
    if isRelevant == true { marks.append(HTML(.span, ["class": "relevant"], text: "✓ relevant")) }
    return marks
  }
}

extension ReportHit.Move {
  /// What a reader sees: a sign and words, so that colour is not all.
  fileprivate var mark: (style: String, words: String) {
    switch self {
    case .entered: ("up", "+ entered")
    case .left: ("down", "− left")
    case .kept: ("same", "= stayed")
    case .up(let rank): ("up", "▲ from \(rank)")
    case .down(let rank): ("down", "▼ from \(rank)")
    }
  }
}

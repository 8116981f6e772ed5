internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSearch
internal import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SpaceHealth {
  /// A measure with what is usual of it and what it harms.
  fileprivate struct Fact {
    var measure: String
    var value: Value
    /// `nil` where nothing is usual.
    var usual: Range?
    /// Where the value is not known.
    var isMissing = false
    var hub: Hub?
    var meaning: String
  }

  /// What image models give on mixed photographs, about.
  fileprivate struct Range {
    var text: String
    var values: ClosedRange<Double>

    static func below(_ value: Double) -> Range {
      Range(text: "below \(Wording.number(value))", values: -.infinity...value.nextDown)
    }

    static func at(_ value: Double) -> Range {
      Range(text: Wording.number(value), values: value...value)
    }

    static func between(_ low: Double, _ high: Double) -> Range {
      Range(text: "\(Wording.number(low)) to \(Wording.number(high))", values: low...high)
    }

    static func above(_ value: Double) -> Range {
      Range(text: "above \(Wording.number(value))", values: value.nextUp...(.infinity))
    }
  }

  /// Whether not all vectors were compared with one another.
  private var isSampled: Bool { sample < items - zeros }

  private var dimension: Int { space.spec.dimension }

  /// A measure in each row.
  var table: Table {
    Table(
      columns: [
        .init("measure", .text, isKey: true), .init("value", .real, isKey: true),
        .init("usual", .text, isKey: true),
        .init("finding", .text, isKey: true), .init("id", .text), .init("path", .text),
        .init("meaning", .text, isMain: true, wraps: true),
      ],
      rows: facts.map { fact in
        [
          .text(fact.measure), fact.value, Value(fact.usual?.text), Value(fact.finding),
          Value(fact.hub?.id.rawValue), Value(fact.hub?.path), .text(fact.meaning),
        ]
      })
  }

  /// Parts of the line under the table.
  var footer: [String] {
    let noun = space.spec.content.noun
    let unusual = facts.filter { $0.finding == "unusual" }.map(\.measure)
    let summary =
      unusual.isEmpty
      ? "nothing unusual"
      : "\(Wording.count(unusual.count)) unusual: \(unusual.joined(separator: ", "))"
    let compared =
      isSampled
      ? "a sample of \(Wording.count(sample)) of \(Wording.count(items, noun))"
      : Wording.count(items, noun)
    return [summary, compared]
  }

  /// What is to be said beside it.
  var remarks: [String] {
    sample < 100
      ? [
        "these are the measures of \(Wording.count(sample, space.spec.content.noun)): with fewer than "
          + "100 they say little"
      ] : []
  }

  private var facts: [Fact] { hubFacts + spreadFacts + dimensionFacts + gapFacts + copyFacts }

  // MARK: Hubs

  private var hubFacts: [Fact] {
    [
      Fact(
        measure: "hubness", value: hubness.skewness.map { .real($0) } ?? .null, usual: .below(2),
        meaning:
          "skewness of N_\(hubness.neighbours): if it is high, a few items (hubs) answer very many "
          + "questions, which harms search, recommendation and lists of near-duplicates"),
      Fact(
        measure: "hubs", value: .real(hubness.hubShare), usual: .below(0.2),
        meaning: "share of items that are in at least \(2 * hubness.neighbours) lists of "
          + "\(hubness.neighbours) neighbours"),
      Fact(
        measure: "places of hubs", value: .real(hubness.placesOfHubs), usual: .below(0.5),
        meaning: "share of all places in these lists that hubs take"),
      Fact(
        measure: "antihubs", value: .real(hubness.antihubShare), usual: .below(0.1),
        meaning: "share of items in no list: a question by an image hardly ever finds them"),
    ]
      + hubs.enumerated().map { place, hub in
        Fact(
          measure: "hub \(place + 1)", value: Value(hub.count), hub: hub,
          meaning: "lists of neighbours that '\(hub.id)' is in")
      }
  }

  // MARK: Spread

  private var spreadFacts: [Fact] {
    let effective = shape.effectiveDimension
    return [
      Fact(
        measure: "mean cosine", value: .real(shape.meanCosine), usual: .between(-0.05, 0.6),
        meaning:
          "of two items taken at random: if it is high, all scores are close together, and a "
          + "threshold such as --min-score is hard to set; it does not harm rankings"),
      Fact(
        measure: "effective dimension", value: effective.map { .real($0) } ?? .null,
        usual: .above(min(3, Double(dimension) / 4)),
        meaning:
          "directions that are in use, of \(dimension); many kinds of pictures use more: if it "
          + "is very low, the model tells few things apart, and shorter vectors may do ('project')"),
    ]
  }

  private var dimensionFacts: [Fact] {
    let prefixes = [2, 4, 8].map { dimension / $0 }.filter { $0 > 0 }
    return prefixes.map { prefix in
      Fact(
        measure: "variance in first \(prefix)",
        value: shape.share(ofFirst: prefix).map { .real($0) } ?? .null,
        meaning: "share of the spread that a vector keeps when it is cut to \(prefix) numbers; a "
          + "Matryoshka model keeps more than \(Wording.thousandths(Double(prefix) / Double(dimension)))"
      )
    } + [
      Fact(
        measure: "largest dimension", value: shape.largest.map { .real($0.share) } ?? .null,
        usual: .below(max(0.1, 10 / Double(dimension))),
        meaning:
          "share of the spread in one number\(shape.largest.map { " (number \($0.number + 1))" } ?? ""): "
          + "if it is high, that number alone decides scores, and int8 codes lose the others"),
      Fact(
        measure: "dead dimensions", value: Value(shape.deadDimensions), usual: .at(0),
        meaning: "numbers that hardly vary: they take memory and time, and decide nothing"),
    ]
  }

  // MARK: Texts

  private var gapFacts: [Fact] {
    switch gap {
    case .success(let gap):
      [
        Fact(
          measure: "modality gap", value: .real(gap.distance), usual: .between(0, 1.1),
          meaning: "distance between the means of images and of their texts "
            + "(\(Wording.count(gap.pairs, "pair"))): if it is large, one --min-score does not fit both "
            + "text and image questions, and a mix of both leans to one side"),
        Fact(
          measure: "own text", value: .real(gap.own),
          meaning: "mean cosine of an image and its text"),
        Fact(
          measure: "other texts", value: gap.other.map { .real($0) } ?? .null,
          meaning:
            "mean cosine of an image and the texts of others: the difference to 'own text' is "
            + "what a text question has to work with"),
      ]
    case .failure(let missing):
      [
        Fact(
          measure: "modality gap", value: .null, isMissing: true,
          meaning: missing.reason.text(of: space.spec.model))
      ]
    }
  }

  // MARK: Copies and lengths

  private var copyFacts: [Fact] {
    let total = Double(max(1, items))
    return [
      Fact(
        measure: "same vector", value: .real(Double(equal) / total), usual: .below(0.01),
        meaning: "share of items whose vector another item has, too: copies take places in every "
          + "list, and make an evaluation look better than it is"),
      Fact(
        measure: "near copies", value: .real(Double(copies.found) / Double(max(1, copies.probed))),
        usual: .below(0.02),
        meaning: "share of items with another of cosine \(Copies.least) or more"
          + (copies.probed < items ? ", on \(Wording.count(copies.probed, "item"))" : "")
          + ": as for the same vector"),
      Fact(
        measure: "zero vectors", value: Value(zeros), usual: .at(0),
        meaning: "items without a direction: no search by cosine finds them"),
      Fact(
        measure: "shortest", value: .real(lengths.lowerBound),
        usual: space.spec.isNormalized ? .between(0.999, 1.001) : nil,
        meaning: "length of the shortest vector"),
      Fact(
        measure: "longest", value: .real(lengths.upperBound),
        usual: space.spec.isNormalized ? .between(0.999, 1.001) : nil,
        meaning: "length of the longest vector; lengths matter for --similarity dot and euclidean"),
    ]
  }
}

extension SpaceHealth.Fact {
  fileprivate var finding: String? {
    if isMissing { return "not measured" }
    guard let usual else { return nil }
    switch value {
    case .real(let number): return usual.values.contains(number) ? "usual" : "unusual"
    case .integer(let number): return usual.values.contains(Double(number)) ? "usual" : "unusual"
    default: return "not defined"
    }
  }
}

extension SpaceHealth.MissingGap {
  fileprivate func text(of model: String) -> String {
    switch self {
    case .holdsTexts: "the vectors of this space stand for texts"
    case .noTextModel: "'\(model)' embeds images only"
    case .imported: "the vectors were imported: no model here embeds texts as they were"
    case .noTexts: "no item has a text (the column 'text' or 'caption' of its metadata)"
    case .costs: "texts would be asked of '\(model)', which costs; --texts 200 asks for them"
    case .notWanted: "no texts were to be embedded (--texts 0)"
    }
  }
}

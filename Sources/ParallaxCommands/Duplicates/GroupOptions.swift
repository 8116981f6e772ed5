internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What else `dedupe` and `cluster` may ask of pairs that link.
struct GroupOptions: Sendable {
  private static let measure = OptionKey.single(
    "by", .choice, placeholder: "WHAT",
    help: "what makes two images similar: vectors of a space, or pictures without one",
    default: GroupMeasure.cosine)
  private static let normalizes = OptionKey.flag(
    "normalize", help: "show also how far a score is above what is usual around its images")
  private static let ranks = OptionKey<String?>.single(
    "ranks", .text, placeholder: "A-B",
    help: "with --normalize: the neighbours that tell what is usual", defaultNote: "1-3")
  private static let background = OptionKey<SpaceReference?>.single(
    "background", .space, placeholder: "COLLECTION@SPACE",
    help: "with --normalize: where those neighbours are", defaultNote: "the space itself")
  private static let minimumNormalized = OptionKey<Double?>.single(
    "min-normalized", .number(-2...2), placeholder: "X",
    help: "with --normalize: link only from this normalised score on")

  private static let throughIndex = OptionKey.flag(
    "through-index", help: "look for pairs in the space's index instead of comparing all")

  static var declarations: [any OptionDeclaration] {
    [
      measure, HashOptions.alsoHash, HashOptions.bits, HashOptions.mirrored, normalizes, ranks,
      background, minimumNormalized, throughIndex,
    ]
  }

  static let discussion = """
    --by hash compares pictures, not vectors, and needs no space: two images link where the perceptual hashes of \
    their pictures (64 bits of a cosine transform) differ in at most --hash-bits. hash_distance shows the bits to \
    the first image of the group, hash_most the most bits of two that link. It finds copies that were rescaled, recompressed, \
    recoloured or slightly cut; strong crops and rotations are lost, and simple drawings may be taken for one another. --by \
    pixels finds files that decode to the same pixels, and nothing else. Pictures that cannot be decoded, and those of one \
    colour, whose hash says nothing, are counted in a warning.

    --also-hash links only images whose vectors and whose hashes are alike. It holds copies apart from pictures of the same \
    kind of thing. --mirrored, with either, compares each picture with the other's mirror image as well, and the fewer \
    bits count: it finds mirrored copies, and about twice as many matches by chance.

    --normalize shows in 'normalized' what of a score is left without what is usual around its two images: for \
    each the mean cosine to its nearest three images below --min-score, and of these two means their mean. A high \
    score among images that are all alike says little, and is then near 0. --ranks 1-10 takes ten of them, \
    --background COLLECTION@SPACE those of another collection of the same model. The threshold stays on the \
    score; --min-normalized sets a second one.

    --through-index looks for pairs in the index that 'index' made. It may miss some: a line under the table says \
    how many of the pairs of 256 images, which are all looked for, it found. Its pairs are not kept.
    """

  private let measure: GroupMeasure
  private let hashRule: HashRule
  private let alsoHash: Bool
  private let usesIndex: Bool
  private let normalization: ScoreNormalization?
  private let background: SpaceReference?

  init(_ arguments: Arguments) throws {
    usesIndex = try arguments[Self.throughIndex]
    measure = try arguments[Self.measure]
    hashRule = try HashOptions.rule(in: arguments)
    alsoHash = try arguments[HashOptions.alsoHash]
    try Self.check(arguments, measure)
    background = try arguments[Self.background]
    guard try arguments[Self.normalizes] else {
      let others: [any ArgumentKey] = [Self.ranks, Self.background, Self.minimumNormalized]
      for key in others where arguments.given(key) {
        throw arguments.error(at: key, .usage, "--\(key.name) goes with --normalize")
      }
      normalization = nil
      return
    }
    var normalization = ScoreNormalization()
    if let text = try arguments[Self.ranks] {
      guard let ranks = Self.range(text) else {
        throw arguments.error(
          at: Self.ranks, .badValue,
          "--ranks takes two ranks from 1 to 1000, such as 1-3; got '\(text)'")
      }
      normalization.ranks = ranks
    }
    normalization.minimum = try arguments[Self.minimumNormalized]
    self.normalization = normalization
  }

  /// - Throws: `usage` about an option that goes with another measure.
  private static func check(_ arguments: Arguments, _ measure: GroupMeasure) throws {
    let ofCosines: [any ArgumentKey] = [
      HashOptions.alsoHash, normalizes, ranks, background, minimumNormalized, throughIndex,
    ]
    let ofHashes: [any ArgumentKey] = [HashOptions.bits, HashOptions.mirrored]
    if measure != .cosine {
      for key in ofCosines where arguments.given(key) {
        throw arguments.error(
          at: key, .usage, "--\(key.name) is about vectors; --by \(measure.rawValue) compares none")
      }
    }
    let hashes = try measure == .hash || arguments[HashOptions.alsoHash]
    for key in ofHashes where arguments.given(key) && !hashes {
      throw arguments.error(
        at: key, .usage, "--\(key.name) goes with --by hash or --also-hash")
    }
  }

  /// `1-3`, or `3` for `3-3`.
  private static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 1,
      first <= last, last <= 1_000
    else { return nil }
    return first...last
  }

  /// As far as no space is needed.
  ///
  /// - Parameter score: the option of the least cosine.
  /// - Throws: `usage` where that is given and cosines do not count.
  func request(_ arguments: Arguments, from score: OptionKey<Double>) throws -> GroupRequest {
    let basis: GroupBasis =
      switch measure {
      case .cosine: .cosine(try arguments[score])
      case .hash: .hash(hashRule)
      case .pixels: .pixels
      }
    if !basis.isCosine, arguments.given(score) {
      throw arguments.error(
        at: score, .usage,
        "--\(score.name) is a cosine; --by \(measure.rawValue) compares no vectors"
          + (measure == .hash ? ": --hash-bits is its threshold" : ""))
    }
    var request = GroupRequest(basis)
    request.throughIndex = usesIndex
    request.secondSign = alsoHash ? hashRule : nil
    request.normalization = normalization
    request.comparesPixels = !basis.isCosine
    return request
  }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    if let background { try attributing(to: Self.background) { try scope.require(background) } }
  }

  /// What is compared: a space, or the pictures of a collection.
  ///
  /// - Parameter forCopies: whether a collection alone stands for its space of copies, where it has one.
  /// - Throws: `unknown-name`; `usage` for a space where pictures are compared.
  @MainActor func subject(
    _ reference: SpaceReference, forCopies: Bool = false, in session: Session
  ) throws -> (collection: ItemCollection, space: Space?) {
    guard measure == .cosine else {
      // What 'use' fills in was not written by anybody.
      if let name = reference.space, session.current != "\(reference.collection)@\(name)" {
        throw ParallaxError(
          .usage,
          "--by \(measure.rawValue) compares pictures, not vectors: "
            + "write '\(reference.collection)' without '@\(name)'")
      }
      return (try session.workspace.collection(named: reference.collection), nil)
    }
    do {
      let space =
        try forCopies
        ? session.bench.spaceForCopies(reference) : session.bench.space(reference)
      return (space.collection, space)
    } catch var error as ParallaxError where error.code == .unknownName {
      if let collection = try? session.workspace.collection(named: reference.collection),
        try session.workspace.spaces(in: collection).isEmpty
      {
        error.hint = (error.hint.map { $0 + "; " } ?? "") + "'--by hash' needs none"
      }
      throw error
    }
  }

  /// The request with the background that is named.
  ///
  /// - Throws: about the option: `unknown-name`, and `invalid-value` for a background of another identity.
  @MainActor func resolved(
    _ request: GroupRequest, for space: Space?, in session: Session
  ) throws -> GroupRequest {
    guard let background, let space else { return request }
    var request = request
    try attributing(to: Self.background) {
      let found =
        try space.spec.isOfCopies
        ? session.bench.spaceForCopies(background) : session.bench.space(background)
      guard found.spec.identity == space.spec.identity else {
        throw ParallaxError(
          .invalidValue,
          "'\(found.reference)' has another identity than '\(space.reference)': their vectors cannot be "
            + "compared", hint: "'describe' shows both")
      }
      request.normalization?.background = found
    }
    return request
  }
}

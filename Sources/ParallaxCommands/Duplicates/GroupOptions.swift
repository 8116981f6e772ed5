internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What else `dedupe` and `cluster` may ask of pairs that link.
struct GroupOptions: Sendable {
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
      HashOptions.alsoHash, HashOptions.bits, normalizes, ranks, background, minimumNormalized,
      throughIndex,
    ]
  }

  static let discussion = """
    --also-hash asks for a second sign: two images link only where the perceptual hashes of their pictures \
    (64 bits of a cosine transform) differ in at most --hash-bits, too. It holds copies apart from pictures of \
    the same kind of thing; crops, rotations and mirrored copies are lost. hash_distance shows the bits to the same \
    image as score. A picture that cannot be decoded has no hash and is named.

    --normalize shows in 'normalized' what of a score is left without what is usual around its two images: for \
    each the mean cosine to its nearest three images below --min-score, and of these two means their mean. A high \
    score among images that are all alike says little, and is then near 0. --ranks 1-10 takes ten of them, \
    --background COLLECTION@SPACE those of another collection of the same model. The threshold stays on the \
    score; --min-normalized sets a second one.

    --through-index looks for pairs in the index that 'index' made. It may miss some: a line under the table says \
    how many of the pairs of 256 images, which are all looked for, it found. Its pairs are not kept.
    """

  private let usesIndex: Bool
  private let bits: Int?
  private let normalization: ScoreNormalization?
  private let background: SpaceReference?

  init(_ arguments: Arguments) throws {
    usesIndex = try arguments[Self.throughIndex]
    bits = try HashOptions.bits(in: arguments)
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

  /// `1-3`, or `3` for `3-3`.
  private static func range(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first >= 1,
      first <= last, last <= 1_000
    else { return nil }
    return first...last
  }

  /// As far as no space is needed.
  func apply(to request: inout GroupRequest) {
    request.throughIndex = usesIndex
    request.hashBits = bits
    request.normalization = normalization
  }

  @MainActor func foresee(in scope: inout ScriptScope) throws {
    if let background { try attributing(to: Self.background) { try scope.require(background) } }
  }

  /// The request with the background that is named.
  ///
  /// - Throws: about the option: `unknown-name`, and `invalid-value` for a background of another identity.
  @MainActor func resolved(
    _ request: GroupRequest, for space: Space, in session: Session
  ) throws -> GroupRequest {
    guard let background else { return request }
    var request = request
    try attributing(to: Self.background) {
      let found = try session.bench.space(background)
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

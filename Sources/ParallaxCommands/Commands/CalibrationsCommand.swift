package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct CalibrationsCommand: Command {
  private static let space = ObjectKey<SpaceReference?>.optional("COLLECTION[@SPACE]", .space)
  private static let isPerKind = OptionKey.flag(
    "per-kind", help: "with --curve: what is missed of each kind of change, too")
  private static let showsCurve = OptionKey.flag(
    "curve", help: "show false alarms and misses at each threshold, of the space's own calibration")

  package static let signature = CommandSignature(
    verb: "calibrations", group: "Duplicates",
    summary: "show which thresholds are kept for gates",
    discussion: """
      One row for each calibration: its thresholds, what they promise, and whether they fit a space that \
      there is, which then stands in 'fits'. They belong to the collection and to the identity of the vectors: they \
      stay when images are read again, and when a space is dropped and made again with the same model.

      --curve shows the share that is decided wrongly at each threshold, with intervals of 95 %: the series \
      'false alarms' of distinct pictures, and 'missed' of all copies. 'plot' draws it. --per-kind adds a series for each \
      kind of change. With --also-hash the first threshold is -1, where the hashes decide alone.
      """,
    objects: [space], options: [showsCurve, isPerKind, HashOptions.alsoHash, HashOptions.bits],
    examples: [
      "calibrations", "curve = calibrations photos@base --curve",
      "calibrations photos@base --curve | plot --x threshold --y value --group series --to curve.svg",
    ], producesResult: true)

  private let space: SpaceReference?
  private let showsCurve: Bool
  private let isPerKind: Bool
  private let hashBits: Int?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    space = try arguments[Self.space]
    showsCurve = try arguments[Self.showsCurve]
    isPerKind = try arguments[Self.isPerKind]
    hashBits = try HashOptions.bits(in: arguments)
    canonical = arguments.canonical
    let options: [any ArgumentKey] = [Self.isPerKind, HashOptions.alsoHash, HashOptions.bits]
    for option in options where arguments.given(option) && !showsCurve {
      throw arguments.error(at: option, .usage, "--\(option.name) goes with --curve")
    }
    guard space != nil || !showsCurve else {
      throw arguments.error(
        at: Self.showsCurve, .usage, "--curve is of one space", hint: "name it: photos@base")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    scope.results.make(.init(collections: []))
    if let space { try attributing(to: Self.space) { try scope.require(space) } }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let table = showsCurve ? try curve(session) : try list(session)
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: table.rows.isEmpty ? [none] : [])
  }

  private var none: String {
    space.map { "no calibration fits '\($0.text)'" }
      ?? "no calibrations yet: 'calibrate' makes one"
  }

  @MainActor private func list(_ session: Session) throws -> Table {
    let workspace = session.workspace
    let collections = try attributing(to: Self.space) {
      try space.map { [try workspace.collection(named: $0.collection)] }
        ?? workspace.collections()
    }
    let named = try space.flatMap { $0.space == nil ? nil : $0 }.map { reference in
      try attributing(to: Self.space) { try session.bench.space(reference) }
    }
    return Calibration.table(
      try collections.flatMap { collection in
        let spaces = try workspace.spaces(in: collection)
        return try workspace.calibrations(of: collection)
          .filter { calibration in
            named.map { calibration.fits($0, bits: calibration.bits) } ?? true
          }
          .map { calibration in
            (calibration, spaces.filter { calibration.fits($0, bits: calibration.bits) })
          }
      })
  }

  @MainActor private func curve(_ session: Session) throws -> Table {
    guard let reference = space else { return Table(columns: [], rows: [[Value]]()) }
    return try attributing(to: Self.space) {
      let space = try session.bench.spaceForCopies(reference)
      let known = try session.workspace.calibrations(of: space.collection)
      guard let own = known.first(where: { $0.fits(space, bits: hashBits) }) else {
        throw ParallaxError(
          .notCalibrated,
          "'\(space.reference)' is not calibrated\(hashBits == nil ? "" : " for these hashes")",
          hint: "'calibrate \(space.reference) --false-alarms 0.01"
            + (hashBits.map { " --also-hash --hash-bits \($0)" } ?? "") + "' does it")
      }
      return own.curve(perKind: isPerKind)
    }
  }
}

extension Calibration {
  /// A row each, with the spaces that it fits.
  fileprivate static func table(_ all: [(Calibration, fits: [Space])]) -> Table {
    Table(
      columns: [
        .init("collection", .text, isKey: true), .init("fits", .text, isKey: true),
        .init("max_score", .real, fractionDigits: 4, isKey: true),
        .init("review", .real, fractionDigits: 4, isKey: true),
        .init("false_alarms", .real), .init("review_alarms", .real),
        .init("hash_bits", .integer), .init("pictures", .integer), .init("vectors", .integer),
        .init("modality", .text),
        .init("created", .text), .init("identity", .text),
      ],
      rows: all.map { calibration, spaces in
        [
          .text(calibration.collection.name),
          spaces.isEmpty ? .null : .text(spaces.map(\.name).joined(separator: ", ")),
          .real(calibration.reject), .real(calibration.review), .real(calibration.falseAlarms),
          .real(calibration.reviewAlarms), calibration.bits.map { Value($0) } ?? .null,
          Value(calibration.pictures), Value(calibration.vectors),
          .text(calibration.modality), .text(calibration.created), .text(calibration.identity),
        ]
      })
  }

  /// A row for each point of its curves.
  ///
  /// - Parameter perKind: whether those of each kind of change are among them.
  fileprivate func curve(perKind: Bool) -> Table {
    Table(
      columns: [
        .init("series", .text, isKey: true),
        .init("threshold", .real, fractionDigits: 4, isKey: true),
        .init("value", .real, fractionDigits: 4, isMain: true),
        .init("low", .real, fractionDigits: 4), .init("high", .real, fractionDigits: 4),
        .init("tried", .integer), .init("wrong", .integer),
      ],
      rows: rates.filter {
        perKind || [Self.falseAlarmSeries, Self.missedSeries].contains($0.series)
      }.map { rate in
        [
          .text(rate.series), .real(rate.threshold),
          rate.tried > 0 ? .real(Double(rate.wrong) / Double(rate.tried)) : .null,
          .real(rate.low), .real(rate.high), Value(rate.tried), Value(rate.wrong),
        ]
      })
  }
}

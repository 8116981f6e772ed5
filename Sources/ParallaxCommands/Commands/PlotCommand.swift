package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem
internal import ParallaxWorkbench

package struct PlotCommand: Command {
  private static let result = ObjectKey.result
  private static let x = OptionKey.single(
    "x", .column, placeholder: "COL", help: "column along the horizontal axis")
  private static let y = OptionKey.single(
    "y", .column, placeholder: "COL", help: "column of numbers, or a metric such as ndcg@10",
    defaultNote: "the differences of a table of questions")
  private static let file = OptionKey.single(
    "to", .path, placeholder: "F.svg", help: "file to write", short: "o")
  private static let kind = OptionKey.single(
    "kind", .plot, placeholder: "KIND", help: "what is drawn", defaultNote: "what suits the columns"
  )
  private static let group = OptionKey.single(
    "group", .column, placeholder: "COL", help: "one series for each of its values")
  private static let low = OptionKey.single(
    "low", .column, placeholder: "COL", help: "lower ends of intervals",
    defaultNote: "those beside 'value' and 'difference'")
  private static let high = OptionKey.single(
    "high", .column, placeholder: "COL", help: "upper ends of intervals")
  private static let label = OptionKey.single(
    "label", .column, placeholder: "COL", help: "names of single points",
    defaultNote: "questions or systems")
  private static let xScale = OptionKey<PlotRequest.Scale?>.single(
    "x-scale", .choice, placeholder: "SCALE", help: "spacing of the horizontal axis",
    defaultNote: "log where positive numbers span more than a factor of ten")
  private static let title = OptionKey.single(
    "title", .text, placeholder: "T", help: "title above the drawing")
  private static let replaces = OptionKey.flag("replace", help: "overwrite F.svg")

  package static let signature = CommandSignature(
    verb: "plot", group: "Output", summary: "draw a result as an SVG file",
    discussion: """
      The kinds are \(PlotRegistry.all.map { "\($0.id) (\($0.summary))" }.joined(separator: "; ")). \
      Without --kind: differences for the differences of a table of questions, line or points over \
      numbers, intervals over names.

      --y takes a column or a metric: --y ndcg@10 draws the values of the rows whose 'metric' is \
      ndcg@10. --x depth draws a metric at all its depths: --y ndcg draws ndcg@5, ndcg@10 and so on, \
      one series a system. Several metrics or slices of a comparison become several series, unless \
      --group names another column. 'bytes' stands for bytes_per_vector, 'dim' for dimension.

      Of a result of 'dedupe' or 'cluster', and without --x and --y, the drawing shows how many groups there \
      would be at stricter thresholds, and how many images would go, from the pairs that were found.

      Intervals are drawn from 'low' to 'high' beside 'value', from 'diff_low' to 'diff_high' beside \
      'difference', or from --low to --high. Rows without a number are left out; the command and the \
      drawing say how many.

      The drawing follows the reader's choice of light or dark, tells series apart by colour, shape \
      and dash, and holds its numbers as text for screen readers. The same table gives the same bytes \
      on every machine. As with 'export', the file appears whole or not at all, and the provenance is \
      written beside it. Without --to, a pipe gets the drawing.
      """,
    objects: [result],
    options: [x, y, file, kind, group, low, high, label, xScale, title, replaces],
    examples: [
      "plot dims --x bytes --y ndcg@10 --to dims.svg",
      "plot ev --x depth --y recall --to depth.svg --replace",
      "plot questions --y difference --to questions.svg",
    ], acceptsResult: true)

  private let result: String?
  private let request: PlotRequest
  private let path: String?
  private let replaces: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    path = try arguments[Self.file].map(PathText.expandingHome)
    replaces = try arguments[Self.replaces]
    canonical = arguments.canonical
    var request = PlotRequest()
    request.x = try arguments[Self.x]
    request.y = try arguments[Self.y]
    request.kind = try arguments[Self.kind]
    request.group = try arguments[Self.group]
    request.low = try arguments[Self.low]
    request.high = try arguments[Self.high]
    request.label = try arguments[Self.label]
    request.xScale = try arguments[Self.xScale]
    request.title = try arguments[Self.title]
    self.request = request
    if let path, !path.lowercased().hasSuffix(".svg") {
      throw arguments.error(
        at: Self.file, .invalidValue, "'plot' writes SVG: the ending of '\(path)' is not .svg",
        hint: "'export' writes tables")
    }
    guard (request.low == nil) == (request.high == nil) else {
      throw arguments.error(
        at: request.low == nil ? Self.high : Self.low, .usage,
        "an interval has two ends: --low and --high go together")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let path { scope.write(path) }
  }

  /// What is drawn: of groups, unless columns are named, how many there would be at stricter thresholds.
  @MainActor private func drawn(
    of result: NamedResult, _ session: Session
  ) async throws -> (Table, PlotRequest, EventCollector) {
    let events = EventCollector(session.console)
    let isNamed = [request.x, request.y, request.group, request.low, request.label].contains {
      $0 != nil
    }
    guard case .groups(let listing) = result.content, !isNamed else {
      return (result.table, request, events)
    }
    let points = try await session.bench.curve(of: listing.found, events.handler)
    var (table, drawn) = listing.drawnCurve(points)
    drawn.title = request.title
    drawn.xScale = request.xScale ?? drawn.xScale
    drawn.kind = request.kind
    return (table, drawn, events)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    if path == nil, session.console.results.isTerminal {
      throw ParallaxError(
        .usage, "--to is missing: a terminal does not show a drawing",
        hint: "add '--to \(result.name == "_" ? "plot" : result.name).svg'")
    }
    let (table, request, events) = try await drawn(of: result, session)
    let name = result.name.hasPrefix("_") ? nil : result.name
    let drawing = try await offMainActor { try Drawing(of: table, named: name, request) }
    let notes = events.notes + drawing.notes
    guard let path else {
      return CommandOutput(.text(drawing.svg), notes: notes, warnings: events.warnings)
    }
    var provenance = result.provenance
    provenance.command += " | " + canonical
    try attributing(to: Self.file) {
      try Exporter.write(
        drawing, to: path, replace: replaces,
        provenance: provenance.fields.map { ($0.name, Value.text($0.value)) }, with: session.files)
    }
    return CommandOutput(
      notes: ["drew \(Wording.count(drawing.count, "row")) to '\(path)' (\(drawing.kind))"]
        + notes, warnings: events.warnings)
  }
}

package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSystem
internal import ParallaxWorkbench

package struct ReportCommand: Command {
  private static let usual = ReportLimits.usual

  private static let results = ObjectKey.repeated("RESULT", .result, .any)
  private static let file = OptionKey.required(
    "to", .path, placeholder: "F.html", help: "file to write", short: "o")
  private static let title = OptionKey.single(
    "title", .text, placeholder: "T", help: "title of the page",
    defaultNote: "the names of the results")
  private static let top = OptionKey<Int?>.single(
    "top", .integer(1...1_000), placeholder: "N", help: "hits of a list at most",
    defaultNote: "\(ReportLimits.hits), of each of many questions \(ReportLimits.hitsOfQuestion)",
    short: "k")
  private static let questions = OptionKey.single(
    "questions", .integer(1...1_000), placeholder: "N",
    help: "of many questions or groups, show so many",
    default: usual.questions)
  private static let rows = OptionKey.single(
    "rows", .integer(1...100_000), placeholder: "N", help: "rows of a table at most",
    default: usual.rows)
  private static let pictures = OptionKey.single(
    "pictures", .integer(0...10_000), placeholder: "N", help: "pictures at most",
    default: usual.pictures)
  private static let replaces = OptionKey.flag("replace", help: "overwrite F.html")

  package static let signature = CommandSignature(
    verb: "report", group: "Output", summary: "write results as one web page that can be sent",
    discussion: """
      The page is one file that needs nothing but itself: its pictures are inside, made small, and \
      nothing is loaded from elsewhere. It reads on a phone, in light and in dark, on paper and with a \
      screen reader; its tables sort.

      An answer is shown as its question beside the pictures that were found. Several answers, or \
      several runs, stand side by side, with what entered, left and moved marked; so do the lists \
      before and after a reranking. 'gate' is shown with each picture beside its matches. Of groups \
      ('dedupe', 'cluster'), the picture that stays or stands for one is beside the others. Of runs, \
      'compare' and 'diff', the questions that change the most \
      are shown, and of 'eval', 'compare' and 'diff' the conclusion, the tables and drawings. Every \
      part says where it comes from: commands, identities, hashes, times, costs.

      The columns of a result are the fields under its pictures: 'show red --columns rank,id,caption | \
      report --to red.html' shows fewer. What the page leaves out is said on it and by the command. As \
      with 'export', the file appears whole or not at all, and the provenance is written beside it.
      """,
    objects: [results],
    options: [file, title, top, questions, rows, pictures, replaces],
    examples: [
      "report red --to red.html", "report q r --to rerank.html --title \"Does it pay?\"",
      "compare q --rerank none,mini-cross --qrels qrels.tsv | report --to cmp.html --questions 20",
    ], acceptsResult: true)

  private let names: [String]
  private let path: String
  private let title: String?
  private let limits: ReportLimits
  private let given: Set<String>
  private let replaces: Bool
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    names = try arguments[Self.results]
    path = PathText.expandingHome(try arguments[Self.file])
    title = try arguments[Self.title]
    limits = ReportLimits(
      top: try arguments[Self.top], questions: try arguments[Self.questions],
      rows: try arguments[Self.rows], pictures: try arguments[Self.pictures])
    let options: [any ArgumentKey] = [Self.top, Self.questions, Self.rows, Self.pictures]
    given = Set(options.filter { arguments.given($0) }.map(\.name))
    replaces = try arguments[Self.replaces]
    canonical = arguments.canonical
    try ReportFile.check(path, for: arguments, at: Self.file)
    guard !names.isEmpty || arguments.isPiped else {
      throw arguments.error(
        .missingObject, "'report' needs results, by their names or through a pipe",
        hint: "'_' is the last one", usage: true)
    }
    var known: Set<String> = []
    for (index, name) in names.enumerated() where !known.insert(name).inserted {
      throw arguments.error(
        at: Self.results, index: index, .usage, "the result '\(name)' is named twice")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws { scope.write(path) }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    var results = input.map { [$0] } ?? []
    for (index, name) in names.enumerated() {
      do {
        results.append(try session.result(name, nil, for: Self.self))
      } catch let error as ParallaxError {
        throw error.about(Self.results.parameter(index))
      }
    }
    let file = ReportFile(
      path: path, title: title, limits: limits, given: given, replaces: replaces,
      command: canonical)
    let (notes, warnings) = try await file.write(results, in: session)
    return CommandOutput(notes: notes, warnings: warnings)
  }
}

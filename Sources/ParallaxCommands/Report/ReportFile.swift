internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxSystem
internal import ParallaxWorkbench

/// A file to which results are written as one web page.
struct ReportFile: Sendable {
  var path: String
  /// `nil` for the names of the results.
  var title: String?
  var limits = ReportLimits.usual
  /// Limits that somebody set, by the names of their options.
  var given: Set<String> = []
  var replaces = false
  /// What writes it, where that is another command than what made the results.
  var command: String?

  /// - Throws: `invalid-value` for the path of something else than a page.
  static func check(_ path: String, for arguments: Arguments, at option: some ArgumentKey) throws {
    guard [".html", ".htm"].contains(where: path.lowercased().hasSuffix) else {
      throw arguments.error(
        at: option, .invalidValue,
        "'\(arguments.verb)' writes a web page: the ending of '\(path)' is not .html",
        hint: "'export' writes tables, 'plot' drawings")
    }
  }

  /// - Returns: what is to be said of it.
  /// - Throws: as `FileWriter.write`, about `to`; `warning` where warnings are errors: then nothing is written.
  @MainActor func write(
    _ results: [NamedResult], in session: Session
  ) async throws -> (notes: [String], warnings: [String]) {
    let (digits, workspace) = (session.settings[.showPrecision], session.workspace)
    let (limits, given) = (limits, given)
    let (sections, cuts) = try await offMainActor {
      var builder = ReportBuilder(
        workspace: workspace, fractionDigits: digits, limits: limits, given: given)
      let sections = try builder.sections(of: results)
      return (sections, builder.cuts)
    }
    let (report, notes, warnings) = try await report(of: sections, cuts, results, session)
    try session.refuseToWrite(cuts.unasked + warnings)
    let page = try await offMainActor { Array(try report.html().utf8) }
    try attributing(to: "to") {
      try Exporter.write(
        page, sections: sections.count, to: path, replace: replaces,
        provenance: provenance(of: results).map { ($0.name, Value.text($0.value)) },
        with: session.files)
    }
    let wrote =
      "wrote \(Wording.count(sections.count, "section")) of \(Wording.bytes(page.count)) to '\(path)'"
    return (notes + [wrote], cuts.unasked + warnings)
  }

  @MainActor private func report(
    of sections: [any ReportSection], _ cuts: ReportLimits.Cuts, _ results: [NamedResult],
    _ session: Session
  ) async throws -> (Report, notes: [String], warnings: [String]) {
    let places = sections.flatMap(\.pictures)
    let shown = Array(Set(places.prefix(limits.pictures)))
    let events = EventCollector(session.console)
    let pictures = try await session.bench.thumbnails(of: shown, events.handler)
    var warnings: [String] = []
    var (asked, omissions) = (cuts.asked, cuts.all)
    if limits.pictures < places.count {
      let sentence =
        "\(Wording.count(limits.pictures)) of \(Wording.count(places.count, "picture")) are shown "
        + "(--pictures)"
      omissions.append(sentence)
      if given.contains("pictures") {
        asked.append(sentence)
      } else {
        warnings.append(sentence)
      }
    }
    let failed = places.compactMap { source -> String? in
      if case .failed(let reason)? = pictures[source] { reason } else { nil }
    }
    if let sentence = PictureFailures.sentence(failed) {
      omissions.append(
        "\(Wording.count(failed.count, "picture")) cannot be shown; its place says why")
      warnings.append(sentence)
    }
    let names = results.map(\.title).joined(separator: ", ")
    let report = Report(
      title: title ?? "Report on \(names)", created: Clock.now(), sections: sections,
      pictures: ReportPictures(pictures, most: limits.pictures), omissions: omissions)
    return (report, asked, warnings)
  }

  private func provenance(of results: [NamedResult]) -> [(name: String, value: String)] {
    guard results.count > 1 else {
      var one = results[0].provenance
      if let command { one.command += " | " + command }
      return one.fields
    }
    return [("command", command ?? "")]
      + results.flatMap { result in
        result.provenance.fields.map { ("\(result.title): \($0.name)", $0.value) }
      }
  }
}

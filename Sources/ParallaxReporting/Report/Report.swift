internal import ParallaxCore

/// Results as one page that needs nothing but itself, for somebody who was not there.
///
/// The same values give the same bytes.
package struct Report: Sendable {
  package var title: String
  /// ISO 8601, UTC.
  package var created: String
  package var sections: [any ReportSection]
  /// What the sections show.
  package var pictures: ReportPictures
  /// What is not in it, in sentences.
  package var omissions: [String]

  package init(
    title: String, created: String, sections: [any ReportSection],
    pictures: ReportPictures = ReportPictures([:], most: 0), omissions: [String] = []
  ) {
    self.title = title
    self.created = created
    self.sections = sections
    self.pictures = pictures
    self.omissions = omissions
  }

  /// The page, to be written in UTF-8.
  ///
  /// - Throws: `CancellationError`.
  package func html() throws -> String {
    var (body, pictures) = ("", pictures)
    for part in try content(with: &pictures) { part.write(to: &body) }
    let start = Self.head(title) + body + "<footer>\n"
    let end = "</footer>\n<script>\(ReportScript.text)</script>\n</body>\n</html>\n"
    // The size is a part of what it counts.
    var size = Wording.bytes(0)
    var page = ""
    for _ in 0..<3 {
      page = start
      for part in closing(size: size, pictures) { part.write(to: &page) }
      page += end
      size = Wording.bytes(page.utf8.count)
    }
    return page
  }

  // MARK: Head

  /// Nothing may be loaded; of styles and scripts, only those written here.
  static var policy: String {
    "default-src 'none'; img-src data:; style-src \(ContentPolicy.source(ReportStyle.sheet)) "
      + "\(ContentPolicy.source(PlotStyle.styleSheet)); script-src \(ContentPolicy.source(ReportScript.text)); "
      + "base-uri 'none'; form-action 'none'"
  }

  private static func head(_ title: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="generator" content="Parallax \(Version.current)">
    <title>\(Markup.escaped(title))</title>
    <style>\(ReportStyle.sheet)</style>
    </head>
    <body>

    """
  }

  // MARK: Body

  private func content(with pictures: inout ReportPictures) throws -> [HTML] {
    let names = sections.indices.map { "section-\($0 + 1)" }
    return [
      HTML(.a, ["class": "skip", "href": "#content"], text: "Skip to the content"),
      HTML(
        .header, [:],
        [
          HTML(.h1, ["dir": "auto"], text: title),
          HTML(
            .p, ["class": "soft"],
            [
              .text("Made by Parallax \(Version.current) on "),
              HTML(.time, ["datetime": created], text: Self.words(ofTime: created)),
            ]),
        ] + contents(names)),
      HTML(
        .main, ["id": "content"],
        try zip(names, sections).map { try Self.element($1, named: $0, &pictures) }),
    ]
  }

  private static func element(
    _ section: any ReportSection, named name: String, _ pictures: inout ReportPictures
  ) throws -> HTML {
    let title = HTML(.h2, ["id": "\(name)-title", "dir": "auto"], text: section.title)
    let content = try section.content(with: &pictures)
    return HTML(
      .section, ["id": name, "aria-labelledby": "\(name)-title"],
      [title] + section.conclusion.map { HTML(.p, ["class": "conclusion"], text: $0) } + content
        + section.remarks.map { HTML(.p, ["class": "soft"], text: $0) }
        + section.sources.map { provenance($0, isNamed: section.sources.count > 1) })
  }

  private func contents(_ names: [String]) -> [HTML] {
    guard sections.count > 1 else { return [] }
    let places = zip(names, sections).map { name, section in
      HTML(.li, [:], [HTML(.a, ["href": "#\(name)"], text: section.title)])
    }
    return [HTML(.nav, ["aria-label": "Contents"], [HTML(.ol, [:], places)])]
  }

  private static func provenance(_ source: ReportSource, isNamed: Bool) -> HTML {
    let name = isNamed ? "Where \(source.name) comes from" : "Where this comes from"
    return HTML(
      .details, ["class": "provenance"],
      [HTML(.summary, text: name), ReportFact.list(source.facts)])
  }

  private func closing(size: String, _ pictures: ReportPictures) -> [HTML] {
    var words = "This file has \(size) and needs nothing but itself"
    if pictures.count > 0 {
      words +=
        ": \(Wording.count(pictures.count, "picture")) of \(Wording.bytes(pictures.bytes)) "
        + "\(pictures.count == 1 ? "is" : "are") inside, made small, without what cameras write into "
        + "files"
    }
    let size = HTML(.p, ["class": "soft"], text: words + ".")
    guard !omissions.isEmpty else { return [size] }
    return [
      HTML(.h2, text: "Left out"), HTML(.ul, [:], omissions.map { HTML(.li, text: $0) }), size,
    ]
  }

  /// `2026-11-26 13:37 UTC` of an ISO 8601 time.
  private static func words(ofTime time: String) -> String {
    guard time.utf8.count >= 16 else { return time }
    return time.prefix(16).replacing("T", with: " ") + " UTC"
  }
}

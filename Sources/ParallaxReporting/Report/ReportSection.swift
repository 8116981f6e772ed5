/// A part of a report with a heading of its own: one file a kind in `Sections/`.
package protocol ReportSection: Sendable {
  var title: String { get }
  /// What it says in the end, a sentence each; the first thing a reader sees.
  var conclusion: [String] { get }
  /// What else was said of it, a sentence each.
  var remarks: [String] { get }
  /// Where it comes from.
  var sources: [ReportSource] { get }
  /// The pictures that it shows, in the order of their places; one may have several.
  var pictures: [ReportPicture.Source] { get }

  /// What stands between the conclusion and the remarks; headings in it begin with `h3`.
  ///
  /// - Throws: `CancellationError`.
  func content(with pictures: inout ReportPictures) throws -> [HTML]
}

/// Where a result comes from.
package struct ReportSource: Sendable, Hashable {
  /// The result's, as a sentence names it.
  package var name: String
  package var facts: [ReportFact]

  package init(name: String, facts: [ReportFact]) {
    self.name = name
    self.facts = facts
  }
}

/// Something said of something.
package struct ReportFact: Sendable, Hashable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  static func list(_ facts: [ReportFact]) -> HTML {
    HTML(
      .dl, ["class": "facts"],
      facts.map { fact in
        HTML(
          .div, [:],
          [HTML(.dt, text: fact.name), HTML(.dd, ["dir": "auto"], text: fact.value)])
      })
  }
}

package import ParallaxCore

/// A kind of drawing: one file in `Kinds/`, one line in the registry.
package protocol Plot: Sendable {
  /// The name given to `--kind`.
  static var id: String { get }
  static var summary: String { get }

  /// Whether the data call for this kind when none is named; the registry's first such kind is drawn.
  static func suits(_ data: PlotData) -> Bool

  init()

  /// - Throws: `invalid-value` or `unsupported` about the parameter whose column does not fit.
  func draw(_ data: PlotData) throws -> Drawing
}

/// What is asked of a drawing; columns by name.
package struct PlotRequest: Sendable, Hashable {
  package enum Scale: String, Sendable, Hashable, CaseIterable {
    case linear
    case logarithmic = "log"
  }

  /// A column, a short name of one, or `depth`; `nil` where the kind needs none.
  package var x: String?
  /// A column, or a metric whose rows are meant; `nil` for the differences of a table that has them.
  package var y: String?
  /// One series for each of its values.
  package var group: String?
  /// Ends of intervals; `nil` for those that stand beside `y`.
  package var low: String?
  package var high: String?
  /// Names single points; `nil` for the systems of a table that has them.
  package var label: String?
  /// `nil` for logarithmic where positive values span more than a decade.
  package var xScale: Scale?
  package var title: String?
  /// The kind's id; `nil` for the one that suits the data.
  package var kind: String?

  package init() {}
}

/// A finished drawing.
package struct Drawing: Sendable, Hashable {
  /// The bytes of an SVG file, the same for the same table on every machine.
  package var svg: String
  /// The id of its kind.
  package var kind: String
  /// Rows of the table that are in it.
  package var count: Int
  /// What of the table is not in it, or not whole, in sentences.
  package var notes: [String]
}

extension Drawing {
  /// - Parameter name: the result's, for the title; `nil` for one without.
  /// - Throws: `unknown-name`, `invalid-value` and `unsupported` about the parameter.
  package init(of table: Table, named name: String?, _ request: PlotRequest) throws {
    let data = try PlotData(table, named: name, request)
    let kind = try request.kind.map(PlotRegistry.plot(named:)) ?? PlotRegistry.plot(for: data)
    self = try kind.init().draw(data)
    self.kind = kind.id
  }
}

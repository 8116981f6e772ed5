package import ParallaxCore

/// Rows of numbers with drawings of them.
package struct TableSection: ReportSection {
  package var title: String
  package var conclusion: [String]
  package var remarks: [String]
  package var sources: [ReportSource]
  package var table: Table
  /// Digits after the point where a column does not say how many.
  package var fractionDigits: Int
  package var drawings: [Drawing]

  package init(
    title: String, conclusion: [String] = [], remarks: [String] = [], sources: [ReportSource],
    table: Table, fractionDigits: Int, drawings: [Drawing] = []
  ) {
    self.title = title
    self.conclusion = conclusion
    self.remarks = remarks
    self.sources = sources
    self.table = table
    self.fractionDigits = fractionDigits
    self.drawings = drawings
  }

  package var pictures: [ReportPicture.Source] { [] }

  package func content(with pictures: inout ReportPictures) throws -> [HTML] {
    let empty = table.columns.indices.filter { column in
      !table.rows.isEmpty && table.rows.allSatisfy { $0[column] == .null }
    }
    let filled = table.selecting(table.columns.indices.filter { !empty.contains($0) })
    let parts = try HTMLTable.parts(of: filled, fractionDigits: fractionDigits)
    let names = empty.map { table.columns[$0].name }.joined(separator: ", ")
    return drawings.map { HTML(.figure, ["class": "drawing", "tabindex": "0"], [.drawing($0)]) }
      + parts.map { part in
        HTML(
          .div,
          [
            "class": "wide", "role": "region", "aria-label": "\(title): \(part.caption)",
            "tabindex": "0",
          ],
          [part.element])
      }
      + (empty.isEmpty
        ? [] : [HTML(.p, ["class": "soft"], text: "Columns without any value: \(names)")])
  }
}

package import ParallaxCore

/// The cells of a terminal that a picture may take.
package struct PictureBox: Sendable, Hashable {
  package let columns: Int
  package let rows: Int
  /// Pixels of a cell; one above the other for half-blocks.
  package let cell: ImageTransform.Size

  /// Pixels along a side at most.
  private static let side = 256
  /// Columns of half-blocks at most: two pictures stand side by side in 80.
  private static let blocks = 38
  /// Lines beside a picture that is alone: what is asked, its name and the prompt.
  private static let linesAbout = 5
  /// Of a terminal that does not say.
  private static let usualCell = ImageTransform.Size(width: 10, height: 20)

  /// - Parameters:
  ///   - width: columns of the terminal.
  ///   - height: lines of it; a picture that is higher would scroll while it is placed.
  ///   - cell: pixels of its cells.
  ///   - isAlone: whether a picture has the screen for itself, but for some lines about it.
  package init(
    _ style: PictureStyle, width: Int, height: Int? = nil, cell: ImageTransform.Size? = nil,
    isAlone: Bool = false
  ) {
    let isText = style == .blocks
    self.cell =
      isText ? ImageTransform.Size(width: 1, height: 2) : cell ?? Self.usualCell
    let side = (isText ? Self.blocks : Self.side) * (isAlone ? 2 : 1)
    let others = isAlone ? Self.linesAbout : 2
    columns = max(1, min(width, side / self.cell.width))
    rows = max(1, min(side / self.cell.height, height.map { $0 - others } ?? .max))
  }

  /// The pixels that fit.
  package var pixels: ImageTransform.Size {
    .init(width: columns * cell.width, height: rows * cell.height)
  }

  /// The cells that a picture of some pixels covers.
  func cells(width: Int, height: Int) -> (columns: Int, rows: Int) {
    func cells(_ length: Int, _ one: Int, _ most: Int) -> Int {
      max(1, min(most, (length + one - 1) / one))
    }
    return (cells(width, cell.width, columns), cells(height, cell.height, rows))
  }
}

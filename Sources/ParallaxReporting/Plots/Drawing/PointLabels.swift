/// Names beside points, where they cover neither one another nor a point.
struct PointLabels {
  private struct Box {
    var left, top, right, bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  private let area: Box
  private var taken: [Box] = []
  private(set) var elements: [SVG] = []
  /// How many names were cut, or found no place.
  private(set) var cut = 0

  init(left: Double, top: Double, right: Double, bottom: Double) {
    area = Box(left: left, top: top, right: right, bottom: bottom)
  }

  /// Keeps names away from a point.
  mutating func avoid(x: Double, y: Double, radius: Double = 6) {
    taken.append(Box(left: x - radius, top: y - radius, right: x + radius, bottom: y + radius))
  }

  /// Keeps names away from a line.
  mutating func avoid(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
    let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)) / 5))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      avoid(
        x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y), radius: 2)
    }
  }

  /// Puts names above, below or beside their points.
  mutating func add(_ names: [(name: String, place: (x: Double, y: Double))]) {
    let labels = PlotText.fitted(names.map(\.name), to: 200, size: PlotFrame.tickSize)
    for (label, (name, place)) in zip(labels, names) {
      if !add(label, place.x, place.y) || label != name { cut += 1 }
    }
  }

  private mutating func add(_ label: String, _ x: Double, _ y: Double) -> Bool {
    let size = PlotFrame.tickSize
    let width = PlotText.width(of: label, size: size)
    let places = [
      (x - width / 2, y - 11), (x - width / 2, y + 20), (x + 9, y + 4), (x - 9 - width, y + 4),
      (x + 7, y - 9), (x - 7 - width, y - 9), (x + 7, y + 18), (x - 7 - width, y + 18),
    ]
    for (left, base) in places {
      let box = Box(left: left, top: base - 10, right: left + width, bottom: base + 3)
      guard box.left >= area.left, box.right <= area.right, box.top >= area.top,
        box.bottom <= area.bottom, !taken.contains(where: box.overlaps)
      else { continue }
      taken.append(box)
      elements.append(PlotFrame.text(label, x: left, y: base, size: size))
      return true
    }
    return false
  }
}
